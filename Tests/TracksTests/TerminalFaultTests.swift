import Chronology
import Geodesy
import Telemetry
import Testing
import Tracks

/// Faults that a terminal's reports show: jumps, a frozen position, a wrong clock.
@Suite struct TerminalFaultTests {
    private static let start = Instant(seconds: 1_772_400_000)
    private let faults = AnalysisParameters.standard.faults

    /// One letter a report, a minute apart: `.` drives on at 10 m/s, `x` is 30 km away.
    private func teleports(_ letters: String, minutesApart: Double = 1) -> [TerminalFault] {
        var cleaner = TrackCleaner()
        var watch = TeleportWatch()
        var minute = 0.0
        return letters.compactMap { letter in
            minute += minutesApart
            let report = PositionReport(
                recordedAt: Self.start.advanced(bySeconds: minute * 60),
                coordinate: TrackWriter.point(minute * 600 + (letter == "x" ? 30_000 : 0), 0))
            let last = cleaner.last
            let verdict = cleaner.take(report, AnalysisParameters.standard.cleaning)
            return watch.take(report, verdict, after: last, .standard)
        }
    }

    /// Reports, and how many faults; the whole takes minutes, or days.
    @Test(arguments: [
        ("..x..x..x..", 1.0, 1), ("..x..x..", 1, 0), ("..x..x..x..x..x..", 1, 1), ("..xx..x..", 1, 0),
        ("..xxxxxx..", 1, 0), (".........", 1, 0),
    ])
    func threeJumpsADayAreAFault(letters: String, minutes: Double, count: Int) {
        let found = self.teleports(letters, minutesApart: minutes)
        #expect(found.count == count)
        for fault in found {
            #expect(fault.kind == .teleports && fault.count == 3 && fault.amount > 25_000)
            #expect(fault.start < fault.end)
        }
    }

    @Test func jumpsOfDifferentDaysDoNotAddUp() {
        var watch = TeleportWatch()
        for day in 0..<6 {
            let report = PositionReport(
                recordedAt: Self.start.advanced(bySeconds: Double(day) * 86_400), coordinate: TrackWriter.point(0, 0))
            #expect(watch.take(report, .spike, after: nil, .standard) == nil)
            _ = watch.take(report, .accepted(Fix(report)), after: nil, .standard)
        }
    }

    /// Minutes at one position, km/h, metres by the odometer in that time; whether that is frozen.
    @Test(arguments: [
        (15.0, 40.0, 0.0, true), (15, 0, 8000, true), (15, 0, 0, false), (15, 3, 200, false), (8, 60, 6000, false),
    ])
    func aPositionThatStandsWhileTheTruckMoves(minutes: Double, speed: Double, metres: Double, isFrozen: Bool) {
        var watch = FrozenWatch()
        var found: [TerminalFault] = []
        func take(_ minute: Double, _ east: Double, odometer: Double, speed: Double) {
            var report = PositionReport(
                recordedAt: Self.start.advanced(bySeconds: minute * 60), coordinate: TrackWriter.point(east, 0))
            report.speed = Int16(speed * 10)
            report.odometer = Int32(odometer / 10)
            if let fault = watch.take(report, self.faults) { found.append(fault) }
        }
        for minute in 0..<5 { take(Double(minute), Double(minute) * 500, odometer: Double(minute) * 500, speed: 30) }
        for step in 0...Int(minutes * 2) {
            let share = Double(step) / (minutes * 2)
            take(10 + Double(step) / 2, 5000, odometer: 5000 + metres * share, speed: speed)
        }
        take(60, 9000, odometer: 20_000, speed: 30)
        #expect(found.count == (isFrozen ? 1 : 0))
        for fault in found {
            #expect(fault.kind == .frozenPosition && fault.end.seconds(since: fault.start) == minutes * 60)
        }
    }

    /// A truck that comes back to its place after a silence drove meanwhile, and its position is not frozen.
    @Test func aPlaceThatATruckComesBackToIsNotFrozen() {
        var watch = FrozenWatch()
        var reports: [PositionReport] = []
        for minute in [0.0, 5, 10, 14, 300, 305, 310] {
            var report = PositionReport(
                recordedAt: Self.start.advanced(bySeconds: minute * 60), coordinate: TrackWriter.point(0, 0))
            report.odometer = minute < 20 ? 1000 : 9000
            reports.append(report)
        }
        #expect(reports.allSatisfy { watch.take($0, self.faults) == nil && watch.fault(self.faults) == nil })
    }

    /// Reports every minute whose clock is off by so many seconds and that come so late; what it is called.
    @Test(
        arguments: [
            (0.0, 2.0, nil), (-8 * 3600, 2, .clockOffset), (8 * 3600, 2, .clockOffset), (300, 1, .clockAhead),
            (-1024 * 7 * 86_400, 5, .weekRollover), (-1024 * 7 * 86_400 - 90_000, 5, .weekRollover),
            (-1024 * 7 * 86_400 - 180_000, 5, nil), (-2048 * 7 * 86_400, 5, .weekRollover), (-3000, 2, nil),
            (-86_400, 2, nil),
        ] as [(Double, Double, TerminalFault.Kind?)])
    func clocks(offset: Double, delay: Double, kind: TerminalFault.Kind?) {
        var watch = ClockWatch()
        var found: [TerminalFault] = []
        for minute in 0..<40 {
            let now = Self.start.advanced(bySeconds: Double(minute) * 60)
            let report = PositionReport(
                recordedAt: now.advanced(bySeconds: offset), coordinate: TrackWriter.point(0, 0))
            if let fault = watch.take(report, receivedAt: now.advanced(bySeconds: delay), self.faults) {
                found.append(fault)
            }
        }
        #expect(found.map(\.kind) == (kind.map { [$0] } ?? []))
        for fault in found { #expect(abs(fault.amount - offset) <= delay) }
    }

    /// A buffered stretch passes through every lateness, eight hours too.
    @Test func lateReportsAreNoClockFault() {
        var watch = ClockWatch()
        for minute in 0..<1200 {
            let report = PositionReport(
                recordedAt: Self.start.advanced(bySeconds: Double(minute) * 60), coordinate: TrackWriter.point(0, 0))
            let received = Self.start.advanced(bySeconds: 1200 * 60 + Double(minute))
            #expect(watch.take(report, receivedAt: received, self.faults) == nil)
        }
    }
}
