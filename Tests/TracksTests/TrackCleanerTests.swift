import Chronology
import Geodesy
import Telemetry
import Testing
import Tracks

@Suite struct TrackCleanerTests {
    /// One letter a report, 30 s apart: `.` goes on at 10 m/s, `x` lies 20 km away, `o` on null island, `n` without a
    /// fix, `=` at the time of the report before. Below it what becomes of it: `a`ccepted, `r`estarted, `s`pike,
    /// `w`ithout fix, `l` not later.
    @Test(arguments: [
        ("....", "aaaa"), ("..x..", "aasaa"), ("..xx..", "aassaa"), ("..xxxx", "aassra"), ("xxx", "aaa"),
        ("x....", "assra"), ("..n..", "aawaa"), ("..o..", "aawaa"), ("..=..", "aalaa"), ("o.", "wa"),
    ])
    func letters(reports: String, verdicts: String) {
        var cleaner = TrackCleaner()
        var found = ""
        var second = 0.0
        for letter in reports {
            if letter != "=" { second += 30 }
            let east = letter == "x" ? 20_000 : second * 10
            var report = PositionReport(
                recordedAt: Instant(seconds: 1_772_400_000).advanced(bySeconds: second),
                coordinate: letter == "o"
                    ? Coordinate(latitudeE7: 0, longitudeE7: 0) : TrackWriter.point(east, 0))
            report.hasFix = letter != "n"
            switch cleaner.take(report, AnalysisParameters.standard.cleaning) {
            case .accepted: found += "a"
            case .restarted: found += "r"
            case .withoutFix: found += "w"
            case .frozen: found += "z"
            case .spike: found += "s"
            case .notLater: found += "l"
            }
        }
        #expect(found == verdicts)
    }

    /// Reports of one position: km/h (`nil`: not reported) and metres by the odometer, and what becomes of them, the
    /// first one at a place of its own.
    @Test(
        arguments: [
            ("parked", [0, 0, 0, 0], nil, "aaaa"), ("the recorder drives", [40, 40, 40, 40], nil, "azzz"),
            ("noise of a parked receiver", [0, 4, 1, 5], nil, "aaaa"),
            ("one report with a speed is left out, what follows is not", [0, 8, 0, 0], nil, "azaa"),
            ("three are", [0, 8, 8, 8, 0, 0], nil, "azzzzz"),
            ("the odometer drives", [nil, nil, nil, nil, nil], 300, "aazzz"),
            ("the odometer ticks", [nil, nil, nil, nil], 100, "aaaa"),
            ("set back", [nil, nil, nil], -20_000, "aaa"),
        ] as [(String, [Double?], Double?, String)])
    func whatATerminalRepeats(name: String, speeds: [Double?], step: Double?, verdicts: String) {
        var cleaner = TrackCleaner()
        var found = ""
        for (index, speed) in speeds.enumerated() {
            var report = PositionReport(
                recordedAt: Instant(seconds: 1_772_400_000 + Int64(index) * 30), coordinate: TrackWriter.point(0, 0))
            report.speed = speed.map { Int16($0 * 10) }
            report.odometer = step.map { 10_000 + Int32($0 / 10) * Int32(index) }
            switch cleaner.take(report, AnalysisParameters.standard.cleaning) {
            case .accepted: found += "a"
            case .frozen: found += "z"
            case .restarted, .withoutFix, .spike, .notLater: found += "?"
            }
        }
        #expect(found == verdicts, "\(name)")
        // Where it changes it is believed again.
        var moved = PositionReport(
            recordedAt: Instant(seconds: 1_772_400_000 + 900), coordinate: TrackWriter.point(3000, 0))
        moved.speed = 400
        #expect(cleaner.take(moved, AnalysisParameters.standard.cleaning) == .accepted(Fix(moved)), "\(name)")
    }

    /// Who is heard of again at the same place after a silence may have gone and come back.
    @Test(arguments: [(600.0, true), (601, false), (259_200, false)] as [(Double, Bool)])
    func aPlaceThatATruckComesBackTo(silence: Double, isOneHalt: Bool) {
        var cleaner = TrackCleaner()
        func take(_ seconds: Double, odometer: Int32) -> TrackCleaner.Verdict {
            var report = PositionReport(
                recordedAt: Instant(seconds: 1_772_400_000).advanced(bySeconds: seconds),
                coordinate: TrackWriter.point(0, 0))
            report.odometer = odometer
            return cleaner.take(report, AnalysisParameters.standard.cleaning)
        }
        _ = take(0, odometer: 1000)
        _ = take(30, odometer: 1000)
        let isFrozen = take(30 + silence, odometer: 3000) == .frozen
        #expect(isFrozen == isOneHalt)
        #expect((take(60 + silence, odometer: 3000) == .frozen) == isFrozen, "and stands there now")
    }

    @Test func noiseAtOneSecondIsNoSpike() {
        var cleaner = TrackCleaner()
        for second in 0..<60 {
            let report = PositionReport(
                recordedAt: Instant(seconds: 1_772_400_000 + Int64(second)),
                coordinate: TrackWriter.point(second.isMultiple(of: 2) ? 0 : 70, 0))
            guard case .accepted = cleaner.take(report, AnalysisParameters.standard.cleaning) else {
                Issue.record("refused at \(second) s")
                return
            }
        }
    }
}
