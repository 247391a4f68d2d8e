import Chronology
import Deliveries
import FleetStore
import Foundation
import Logging
import PostgresClient
import Suspicions
import Safety
import Telemetry
import Tracks

/// Follows the log: waits for news, folds the vehicles that reported, judges, stores, and goes on; until it is told to
/// stop. The steps themselves are `AnalysisStep`'s.
struct AnalysisLoop {
    let databaseURL: String
    let parameters: AnalysisParameters
    let safetyRules: SafetyRules
    let checkpointHours: Int
    let runID: String
    /// Whether the process before this one ended by a trap.
    let afterTrap: Bool
    let logger: Logger
    let isStopRequested: () -> Bool

    /// - Returns: what a person has to mend, or nil after an ordered stop.
    func run() -> String? {
        var pause = 200
        var lastReason = ""
        while !self.isStopRequested() {
            do {
                try self.follow()
                return nil
            } catch let error as StoreError where error.remedy == .stop {
                return error.description
            } catch let error as PostgresError where error.remedy == .stop {
                return "database: \(error)"
            } catch {
                // The same again is no news.
                let reason = "\(error)"
                self.logger.log(
                    level: reason == lastReason ? .debug : .warning, "Analysis interrupted",
                    metadata: ["reason": "\(reason)"])
                lastReason = reason
                Clocks.pause(milliseconds: pause, isStopRequested: self.isStopRequested)
                pause = min(pause * 2, 15_000)
            }
        }
        return nil
    }

    /// Works on one connection until it breaks or a stop is requested.
    private func follow() throws {
        let store = try AnalysisStore(url: self.databaseURL)
        let parts = PartStore(connection: store.connection)
        var step = try AnalysisStep(
            store: store, parameters: self.parameters, safetyRules: self.safetyRules,
            checkpointHours: self.checkpointHours, afterTrap: self.afterTrap, logger: self.logger)
        try self.beat(parts, isReady: true, message: step.message)
        var lastBeat = Clocks.monotonicMilliseconds()
        while !self.isStopRequested() {
            let hadWork = try step.run()
            let now = Clocks.monotonicMilliseconds()
            if now - lastBeat >= 1000 {
                try self.beat(parts, isReady: true, message: step.message)
                lastBeat = now
            }
            if !hadWork { _ = try store.connection.notifications(waitingUpTo: 500) }
        }
        try step.finish()
        try self.beat(parts, isReady: false, message: "stopped")
    }

    private func beat(_ parts: PartStore, isReady: Bool, message: String) throws {
        try parts.write(
            PartStore.Beat(
                part: PartName.analysis.rawValue, runID: self.runID, isReady: isReady, message: message,
                metrics: MetricsRegistry.shared.text))
    }
}
