package import Chronology
import Geodesy
package import Telemetry
package import Tracks

/// One truck's exposure on one day, as a function of the log alone: the reports of the day, the last fix before it and
/// the first after it. So a day can be derived again at any time and in any order, and gives the same numbers.
package enum ExposureDay {
    /// - Parameters:
    ///   - reports: those of the truck on that day in China, in any order.
    ///   - before: its last report with a fix before the day, `after` its first after it, where there is one.
    ///   - turns: the right turns that began on the day.
    ///   - turnSeenMicroseconds: the moving time that was reported closely enough to show turns.
    package static func derive(
        truck: String, date: CivilDate, reports: [PositionReport], before: PositionReport? = nil,
        after: PositionReport? = nil, turns: [ObservedTurn] = [], turnSeenMicroseconds: Int64 = 0,
        parameters: SafetyParameters = .standard, cleaning: AnalysisParameters.Cleaning = .init()
    ) -> DayExposure {
        let (start, end) = (Instant(startOf: date, at: .shanghai), DayPart.end(of: date))
        let ofTheDay = reports.filter { $0.recordedAt >= start && $0.recordedAt < end }
            .sorted { $0.recordedAt < $1.recordedAt }
        var amounts = ExposureAmounts()
        amounts.days = ofTheDay.contains { Self.hasPlace($0) } ? 1 : 0
        let neighbours = [before].compactMap { $0 }.filter { $0.recordedAt < start && Self.hasPlace($0) }
        let followers = [after].compactMap { $0 }.filter { $0.recordedAt >= end && Self.hasPlace($0) }
        var cleaner = TrackCleaner()
        var last: PositionReport?
        for report in neighbours + ofTheDay + followers {
            switch cleaner.take(report, cleaning) {
            case .accepted:
                if let last {
                    ExposureSegment(from: last, to: report, parameters.exposure)
                        .add(to: &amounts, from: start, until: end)
                }
                last = report
            case .restarted:
                // Nobody knows how it came there.
                last = report
            case .withoutFix, .frozen, .spike, .notLater: continue
            }
        }
        amounts.rightTurns = Int64(turns.count { $0.start >= start && $0.start < end })
        amounts.turnSeenMicroseconds = max(0, min(turnSeenMicroseconds, amounts.movingMicroseconds))
        return DayExposure(truck: truck, date: date, amounts: amounts)
    }

    /// Whether a report places the truck.
    package static func hasPlace(_ report: PositionReport) -> Bool { report.hasFix && !report.coordinate.isNullIsland }
}
