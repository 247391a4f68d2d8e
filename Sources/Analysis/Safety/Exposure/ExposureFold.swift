import Chronology
package import Telemetry
package import Tracks

/// One truck's stream of reports to its days: collects a day and derives it when the next one begins. What it gives is
/// what `ExposureDay.derive` gives for the same log.
package struct ExposureFold: Hashable, Sendable, Codable {
    package let truck: String
    private var date: CivilDate?
    private var reports: [PositionReport] = []
    private var before: PositionReport?
    private var latest: Instant?

    package init(truck: String) {
        self.truck = truck
    }

    /// Takes the next report; one that is not later than the last changes nothing, and makes its day be derived again
    /// from the log instead. Gives the day that this report ends, being the first with a place after it, and the silent
    /// days in between on which the odometer says that something was driven.
    package mutating func take(
        _ report: PositionReport, parameters: SafetyParameters = .standard,
        cleaning: AnalysisParameters.Cleaning = .init()
    ) -> [DayExposure] {
        if let latest = self.latest, report.recordedAt <= latest { return [] }
        self.latest = report.recordedAt
        guard ExposureDay.hasPlace(report) else { return [] }
        let date = report.recordedAt.date(at: .shanghai)
        guard let current = self.date, current != date else {
            self.date = date
            self.reports.append(report)
            return []
        }
        var days = [
            ExposureDay.derive(
                truck: self.truck, date: current, reports: self.reports, before: self.before, after: report,
                parameters: parameters, cleaning: cleaning)
        ]
        self.before = self.reports.last
        let (first, last) = (current.daysSince1970 + 1, date.daysSince1970)
        for silent in first..<max(first, min(last, first + Self.silenceLimit)) {
            let day = ExposureDay.derive(
                truck: self.truck, date: CivilDate(daysSince1970: silent), reports: [], before: self.before,
                after: report, parameters: parameters, cleaning: cleaning)
            if day.amounts != ExposureAmounts() { days.append(day) }
        }
        self.date = date
        self.reports = [report]
        return days
    }

    /// Days without a report that are looked at; after more, the terminal was in another truck.
    private static let silenceLimit = 60

    /// The day that goes on, as it is so far.
    package func soFar(
        parameters: SafetyParameters = .standard, cleaning: AnalysisParameters.Cleaning = .init()
    ) -> DayExposure? {
        self.date.map {
            ExposureDay.derive(
                truck: self.truck, date: $0, reports: self.reports, before: self.before, parameters: parameters,
                cleaning: cleaning)
        }
    }
}
