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
    private static let kinds: Set<RegisterKind> = [.plants, .sites, .places]
    /// Halts that are compared, the newest: more tell nothing new.
    private static let haltLimit = 100_000

    /// Refuses an import whose fences fit the halts far better in another system than the declared one; with `goesOn`
    /// it only warns.
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
        guard Self.kinds.contains(kind), !rows.isEmpty else { return nil }
        let halts = try StayStore(connection: self.connection).newestPlaces(limit: Self.haltLimit)
        let check = CoordinateCheck(self.parameters)
        for system in CoordinateSystem.allCases {
            let fences = rows.filter { $0.declared == system }.compactMap(\.record.fence)
            guard !fences.isEmpty else { continue }
            if let question = check.run(fences, declared: system, halts: halts).question {
                return Remark(zh: question.zh, en: question.en)
            }
        }
        return nil
    }
}
