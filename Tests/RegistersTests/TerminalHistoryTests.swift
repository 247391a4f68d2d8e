import Chronology
import Registers
import Testing

/// Which truck a terminal was on when its rows end, begin and lie apart.
@Suite struct TerminalHistoryTests {
    private static func row(
        _ plate: String, _ kind: Vehicle.Kind, _ from: Int64, _ to: Int64?, terminal: String = "138"
    ) -> Vehicle {
        Vehicle(
            plate: plate, terminal: terminal, kind: kind,
            period: ValidPeriod(from: Instant(seconds: from), to: to.map { Instant(seconds: $0) }))
    }

    private static func history(_ rows: [Vehicle]) -> TerminalHistory {
        RegisterIndex(RegisterSnapshot(vehicles: rows)).history(terminal: "138")
    }

    private static let rows = [
        row("A", .bulkCement, 100, 200), row("B", .mixer, 300, 400), row("B", .mortar, 400, 500),
        row("C", .mortar, 500, 600), row("D", .mixer, 600, nil, terminal: "0138"), row("E", .mortar, 700, 800),
    ]

    @Test(
        arguments: [
            (0, "A"), (100, "A"), (199, "A"), (200, "A"), (299, "A"), (300, "B"), (500, "C"), (600, "D"), (750, "E"),
            (900, "D"),
        ] as [(Int64, String)])
    func whereNoRowHoldsItIsTheNearestOne(second: Int64, plate: String) {
        for rows in [Self.rows, Self.rows.reversed()] {
            #expect(Self.history(rows).vehicle(at: Instant(seconds: second))?.plate == plate)
        }
    }

    @Test func itChangesWherePlateAndKindDo() {
        let history = Self.history(Self.rows)
        let (first, last) = (Instant(seconds: 0), Instant.distantFuture)
        #expect(history.changes(after: first, through: last) == [300, 600, 700, 800].map { Instant(seconds: $0) })
        #expect(history.changes(after: Instant(seconds: 300), through: Instant(seconds: 599)).isEmpty)
        #expect(history.changes(after: Instant(seconds: 299), through: Instant(seconds: 300)).count == 1)
    }

    @Test func oneRowHoldsAtAnyTimeAndNoneNever() {
        let one = Self.history([Self.row("A", .bulkCement, 100, 200)])
        #expect(one.isSteady)
        #expect(one.kind(at: .distantPast) == .bulkCement && one.kind(at: .distantFuture) == .bulkCement)
        #expect(one.changes(after: .distantPast, through: .distantFuture).isEmpty)
        let none = Self.history([])
        #expect(none.isSteady && none.kind(at: .distantPast) == nil)
        #expect(none.changes(after: .distantPast, through: .distantFuture).isEmpty)
    }
}
