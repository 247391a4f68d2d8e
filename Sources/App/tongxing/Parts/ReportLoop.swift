import Chronology
import Console
import Logging
import PostgresClient
import Registers
import Safety

/// Makes the reports on the month that is over, once each; what is in the folder is left as it is.
struct ReportLoop {
    let folder: ReportFolder
    let configuration: ReportConfiguration
    let databaseURL: String
    let rules: SafetyRules
    let logger: Logger
    let isStopRequested: () -> Bool

    /// Milliseconds between two looks at the calendar, and after a failure.
    private static let (pause, pauseAfterFailure) = (60_000, 300_000)

    /// - Returns: nil, after an ordered stop: without reports everything else goes on.
    func run() -> String? {
        var lastReason = ""
        while !self.isStopRequested() {
            var pause = Self.pause
            do {
                try self.makeDue()
                lastReason = ""
            } catch {
                let reason = "\(error)"
                self.logger.log(
                    level: reason == lastReason ? .debug : .error, "Monthly report not made",
                    metadata: ["reason": "\(reason)"])
                (lastReason, pause) = (reason, Self.pauseAfterFailure)
            }
            Clocks.pause(milliseconds: pause, isStopRequested: self.isStopRequested)
        }
        return nil
    }

    private func makeDue() throws {
        let now = Clocks.now()
        let today = now.date(at: .shanghai)
        let month = self.configuration.dueMonth(on: today)
        guard !self.folder.holds(month) else { return }
        let connection = try PostgresConnection(url: self.databaseURL, application: "tongxing reports")
        let figures = try SafetyFigures(connection: connection, rules: self.rules, catchesUp: true)
        let end = SafetyFigures.month(of: month).to
        // An installation that knows nothing of the month yet has nothing to report about it.
        let knowsAccidents = figures.roster.placedAccidents.contains { $0.occurredAt.date(at: .shanghai) <= end }
        guard knowsAccidents || figures.extent.map({ $0.first <= end }) ?? false else { return }
        let overview = try figures.monthly(self.configuration.question(today: today), month: month, at: now)
        for path in try self.folder.write(overview) {
            self.logger.notice("Monthly report made", metadata: ["file": "\(path)"])
        }
    }
}
