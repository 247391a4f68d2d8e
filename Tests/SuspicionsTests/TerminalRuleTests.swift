import Chronology
import Deliveries
import Geodesy
import Registers
import Telemetry
import Testing
import Tracks

@testable import Suspicions

/// The rules about what a terminal's reports show of the terminal itself: one table a rule.
@Suite struct TerminalRuleTests {
    private static let truck = TerminalID("T1")!

    private static func fault(
        _ kind: TerminalFault.Kind, _ count: Int, _ amount: Double
    ) -> TerminalFault {
        TerminalFault(
            kind: kind, start: Case.minutes(0), end: Case.minutes(20), coordinate: Case.point(0), count: count,
            amount: amount)
    }

    // MARK: - frozen-position

    /// A position that stands still for so many minutes, as the terminal's reports say it.
    private static func still(_ minutes: Double, speed: Int16? = 400, odometer: Int32? = nil) -> FrozenFacts {
        var watch = FrozenWatch()
        let faults = AnalysisParameters.standard.faults
        for step in 0...Int(minutes * 6) {
            var report = PositionReport(
                recordedAt: Case.minutes(0).advanced(bySeconds: Double(step) * 10), coordinate: Case.point(0))
            report.speed = speed
            report.odometer = odometer.map { $0 * Int32(step) }
            _ = watch.take(report, faults)
        }
        return FrozenFacts(
            terminal: Self.truck, fault: watch.fault(faults), isMotionKnown: speed != nil || odometer != nil)
    }

    static let frozenRows = [
        StreamRow("for ten minutes, while the recorder drives", .hit, Self.still(10)),
        StreamRow("for under ten minutes", .no, Self.still(9.8)),
        StreamRow("parked", .no, Self.still(60, speed: 0)),
        StreamRow("creeping no faster than 5 km/h", .no, Self.still(60, speed: 50)),
        StreamRow("the odometer grows by half a kilometre", .hit, Self.still(10, speed: 0, odometer: 1)),
        StreamRow("neither speed nor odometer is reported", .insufficient, Self.still(60, speed: nil)),
    ]

    @Test(arguments: Self.frozenRows)
    func frozenPosition(row: StreamRow<FrozenFacts>) { row.check(FrozenPosition()) }

    // MARK: - teleport

    private static func jumps(_ count: Int?, hasFix: Bool = true) -> JumpFacts {
        JumpFacts(terminal: Self.truck, hasFix: hasFix, fault: count.map { Self.fault(.teleports, $0, 88_000) })
    }

    static let teleportRows = [
        StreamRow("three a day", .hit, Self.jumps(3)),
        StreamRow("two a day", .no, Self.jumps(2)),
        StreamRow("none", .no, Self.jumps(nil)),
        StreamRow("no fix to compare", .insufficient, Self.jumps(nil, hasFix: false)),
    ]

    @Test(arguments: Self.teleportRows)
    func teleport(row: StreamRow<JumpFacts>) { row.check(Teleport()) }

    // MARK: - clock-fault

    /// Reports for so many minutes whose times are so many seconds from their receipt.
    private static func clock(_ offset: Double, for minutes: Double, drifting: Double = 0) -> ClockFacts {
        var watch = ClockWatch()
        var facts = ClockFacts(terminal: Self.truck, offset: offset)
        for step in 0...Int(minutes * 2) {
            let received = Case.minutes(Double(step) / 2)
            facts.offset = offset + drifting * Double(step)
            let report = PositionReport(
                recordedAt: received.advanced(bySeconds: facts.offset), coordinate: Case.point(0))
            facts.fault = watch.take(report, receivedAt: received, AnalysisParameters.standard.faults) ?? facts.fault
        }
        return facts
    }

    static let clockRows = [
        StreamRow("eight hours behind, steadily", .hit, Self.clock(-8 * 3600, for: 15)),
        StreamRow("eight hours ahead, steadily", .hit, Self.clock(8 * 3600 + 60, for: 15)),
        StreamRow("two minutes ahead of the server", .hit, Self.clock(120, for: 15)),
        StreamRow("1024 weeks behind", .hit, Self.clock(-1024 * 7 * 86_400, for: 15)),
        StreamRow("on time", .no, Self.clock(-2, for: 15)),
        StreamRow("a minute ahead", .no, Self.clock(60, for: 15)),
        StreamRow("a stretch that comes late", .insufficient, Self.clock(-3 * 3600, for: 15)),
        StreamRow("from memory, ever less late", .insufficient, Self.clock(-9 * 3600, for: 60, drifting: 35)),
        StreamRow("eight hours behind, for a few minutes", .insufficient, Self.clock(-8 * 3600, for: 5)),
    ]

    @Test(arguments: Self.clockRows)
    func clockFault(row: StreamRow<ClockFacts>) { row.check(ClockFault()) }

    // MARK: - unregistered-terminal

    private static func terminal(_ isKnown: Bool?) -> TerminalFacts {
        TerminalFacts(terminal: Self.truck, isKnown: isKnown, time: Case.minutes(0))
    }

    static let unregisteredRows = [
        StreamRow("no row names it", .hit, Self.terminal(false)),
        StreamRow("a row names it", .no, Self.terminal(true)),
        StreamRow("no vehicles are registered at all", .insufficient, Self.terminal(nil)),
    ]

    @Test(arguments: Self.unregisteredRows)
    func unregisteredTerminal(row: StreamRow<TerminalFacts>) { row.check(UnregisteredTerminal()) }
}
