import Deliveries
import Exchange
import FleetStore
import Geodesy
import PostgresClient
import Registers
import Suspicions
import Tracks

/// Asks, before fences accuse a city, whether they were declared in the right coordinate system: where trucks halted
/// tells.
struct CoordinateQuestion {
    let connection: PostgresConnection
    let parameters: AnalysisParameters.CoordinateFit

    /// The kinds whose fences are where trucks stand.
    private static let kinds: [RegisterKind: PlaceReference.Kind] = [.plants: .plant, .sites: .site, .places: .place]
    /// Halts that are compared, the newest: more tell nothing new.
    private static let haltLimit = 100_000
    /// Drops outside every register that are compared, the newest.
    private static let dropLimit = 10_000

    /// Refuses an import whose fences, all or some, fit the halts far better in another system than the declared one;
    /// with `goesOn` it only warns.
    func ask(_ rows: [RegisterImport.Row], kind: RegisterKind, file: String, goesOn: Bool) throws {
        guard let question = try self.about(rows, kind: kind) else { return }
        let text = "\(file): \(question.zh) / \(question.en)"
        guard goesOn else {
            throw Failure(
                "\(text) 未导入任何内容；确认无误请加 --keep-coordinates / Nothing was imported; if it is right as it is, add "
                    + "--keep-coordinates")
        }
        Terminal.error(text)
    }

    /// What is to be asked of these fences; `nil` for nothing.
    func about(_ rows: [RegisterImport.Row], kind: RegisterKind) throws -> Remark? {
        guard let place = Self.kinds[kind], !rows.isEmpty else { return nil }
        let halts = try StayStore(connection: self.connection).newestPlaces(limit: Self.haltLimit)
        let check = CoordinateCheck(self.parameters)
        for system in CoordinateSystem.allCases {
            let fences = rows.filter { $0.declared == system }.compactMap(\.record.fence)
            guard !fences.isEmpty else { continue }
            if let question = check.run(fences, declared: system, halts: halts).question {
                return Remark(zh: question.zh, en: question.en)
            }
        }
        return try self.about(each: rows, of: place, halts: halts)
    }

    /// The same of single rows, where the file as a whole fits. One that is stored with this very fence is none of
    /// them: it is asked about where it stands (`CoordinateSearch`), and a file that is imported twice changes nothing.
    private func about(
        each rows: [RegisterImport.Row], of kind: PlaceReference.Kind, halts: [Coordinate]
    ) throws -> Remark? {
        let imported = rows.compactMap { row in
            row.record.fence.map {
                (
                    declared: row.declared,
                    row: StoredFenceCheck.Row(place: PlaceReference(kind, row.record.key), importID: 0, fence: $0)
                )
            }
        }
        guard !imported.isEmpty, !halts.isEmpty else { return nil }
        let store = CoordinateQuestionStore(connection: self.connection)
        let stored = try store.rows().map(\.checked)
        let noted = kind == .site ? try store.notedDrops(limit: Self.dropLimit) : [:]
        let named = Set(imported.map(\.row.place))
        let standing = Dictionary(grouping: stored.filter { named.contains($0.place) }, by: \.place)
        let others = stored.filter { !named.contains($0.place) }.map(\.fence)
        var asked: [QuestionedPlace] = []
        for system in CoordinateSystem.allCases {
            let own = imported.filter { $0.declared == system }.map(\.row)
            let found = StoredFenceCheck(self.parameters).runEach(
                own, declared: system, beside: others + imported.filter { $0.declared != system }.map(\.row.fence),
                halts: halts, noted: noted)
            for (index, question) in found.sorted(by: { $0.key < $1.key }) {
                let isKnown = standing[own[index].place]?.contains { $0.fence == own[index].fence } ?? false
                if !isKnown { asked.append(question) }
            }
        }
        return QuestionedPlace.question(about: asked).map { Remark(zh: $0.zh, en: $0.en) }
    }
}
