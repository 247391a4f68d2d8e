import Chronology
import Telemetry
import Tracks

/// What a terminal's reports show of the terminal itself, as it watches them.
struct FaultWatch: Codable, Hashable, Sendable {
    private var cleaner = TrackCleaner()
    private var teleports = TeleportWatch()
    private var frozen = FrozenWatch()
    private var clock = ClockWatch()

    /// What one report shows.
    struct Reading {
        /// The fix is one that the truck cannot have driven to: where it is nobody knows.
        var isSpike: Bool
        var teleports: TerminalFault?
        /// The position stands still, so far.
        var frozen: TerminalFault?
        var clock: TerminalFault?
    }

    /// Goes on with the clock as another watch has followed it.
    mutating func keepClock(of other: FaultWatch) { self.clock = other.clock }

    /// Takes the next report, with or without a fix, in the order of time.
    mutating func take(_ report: PositionReport, receivedAt: Instant, _ parameters: AnalysisParameters) -> Reading {
        let last = self.cleaner.last
        let verdict = self.cleaner.take(report, parameters.cleaning)
        _ = self.frozen.take(report, parameters.faults)
        return Reading(
            isSpike: verdict == .spike, teleports: self.teleports.take(report, verdict, after: last, parameters),
            frozen: self.frozen.fault(parameters.faults),
            clock: self.clock.take(report, receivedAt: receivedAt, parameters.faults))
    }
}
