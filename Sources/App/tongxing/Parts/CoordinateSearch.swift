import Deliveries
import FleetStore
import Geodesy
import Logging
import PostgresClient
import Suspicions
import Tracks

/// Asks whether the registers as they are stored were declared in the right coordinate systems: the halts that tell
/// may have come after them.
struct CoordinateSearch {
    let connection: PostgresConnection
    let parameters: AnalysisParameters.CoordinateFit
    let logger: Logger

    /// Halts that are compared, the newest: more tell nothing new.
    private static let haltLimit = 100_000
    /// Drops outside every register that are compared, the newest.
    private static let dropLimit = 10_000

    /// Writes down what is to be asked now, and where vehicles have to be derived again for it; to be called in a
    /// transaction.
    /// - Returns: whether questions came or went.
    func run() throws -> Bool {
        let store = CoordinateQuestionStore(connection: self.connection)
        let rows = try store.rows()
        let halts = try StayStore(connection: self.connection).newestPlaces(limit: Self.haltLimit)
        let asked = StoredFenceCheck(self.parameters).run(
            rows.map(\.checked), halts: halts, noted: try store.notedDrops(limit: Self.dropLimit))
        let before = try store.open().count
        let new = try store.replace(
            with: asked.sorted { $0.key < $1.key }.filter { !rows[$0.key].isAnswered }.map {
                (row: rows[$0.key], question: $0.value)
            })
        if let first = new.first {
            self.logger.warning(
                "Coordinates of the registers are in question",
                metadata: [
                    "rows": "\(new.count)", "first": "\(first.place.id)", "declared": "\(first.declared.rawValue)",
                    "likely": "\(first.likely.rawValue)", "halts": "\(first.haltsLikely)",
                ])
        }
        return try !new.isEmpty || store.open().count != before
    }

    /// What a person is told of the questions that stand open; `nil`: none does.
    static func line(_ connection: PostgresConnection) throws -> (count: Int, text: String)? {
        let open = try CoordinateQuestionStore(connection: connection).open()
        guard !open.isEmpty else { return nil }
        let some = open.prefix(5).map {
            "\($0.place.id) (\($0.likely.rawValue)? \($0.haltsLikely):\($0.haltsDeclared))"
        }
        .joined(separator: ", ")
        let more = open.count > 5 ? " …" : ""
        return (
            open.count,
            "\(open.count) 条登记的坐标存疑，按另一坐标系更符合车辆停留：更正 coordinates 列后重新导入，确认无误则加 --keep-coordinates 重新导入；此前不据此判断 / "
                + "\(open.count) rows of registers fit the trucks' halts far better in another coordinate system: import them "
                + "again with the right one in the column coordinates, or as they are with --keep-coordinates; until then "
                + "nothing is said by them: \(some)\(more)"
        )
    }
}
