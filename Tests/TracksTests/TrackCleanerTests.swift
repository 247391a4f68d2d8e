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
            case .spike: found += "s"
            case .notLater: found += "l"
            }
        }
        #expect(found == verdicts)
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
