import FleetStore
import Logging
import PostgresClient
import Safety

/// Keeps the safety days in step with the log, beside the analysis: marks what is new at once, and derives a marked day
/// when the log is quiet or the mark has settled, so that a busy day is not derived with every batch. It is the one
/// that brings changed parameters in: a command that was started with others must not derive every day again.
struct SafetyLoop {
    let databaseURL: String
    let rules: SafetyRules
    let logger: Logger
    let isStopRequested: () -> Bool

    /// Seconds after which a marked day is derived even while reports go on coming.
    private static let settledSeconds = 120.0
    /// Milliseconds between two looks.
    private static let pause = 1000
    /// Milliseconds between two looks whether the platform is connected.
    private static let lookInterval = 10_000

    /// - Returns: what a person has to mend, or nil after an ordered stop.
    func run() -> String? {
        var pause = Self.pause
        while !self.isStopRequested() {
            do {
                try self.follow()
                return nil
            } catch {
                // Analysis says on its own connection what a person has to mend; here it is tried again.
                self.logger.log(
                    level: pause == Self.pause ? .warning : .debug, "Safety figures interrupted",
                    metadata: ["reason": "\(error)"])
                Clocks.pause(milliseconds: pause, isStopRequested: self.isStopRequested)
                pause = min(pause * 2, 15_000)
            }
        }
        return nil
    }

    private func follow() throws {
        let connection = try PostgresConnection(url: self.databaseURL, application: "tongxing safety")
        let store = SafetyStore(connection: connection, rules: self.rules)
        try store.adopt()
        let platform = PlatformStore(connection: connection)
        var lookedAt = 0
        while !self.isStopRequested() {
            let now = Clocks.monotonicMilliseconds()
            if now - lookedAt >= Self.lookInterval {
                try platform.look()
                lookedAt = now
            }
            let hadNews = try store.mark()
            if try store.derive(settledSeconds: hadNews ? Self.settledSeconds : 0) == 0 {
                Clocks.pause(milliseconds: Self.pause, isStopRequested: self.isStopRequested)
            }
        }
    }
}
