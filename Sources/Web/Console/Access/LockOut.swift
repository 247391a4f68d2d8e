package import Chronology

/// How long an account waits after wrong passwords: five are free, then each doubles the wait, up to a quarter of an
/// hour. It ends by itself, so that nobody can shut another out for good.
package enum LockOut {
    package static let freeFailures = 5
    private static let firstSeconds = 15.0
    private static let longestSeconds = 900.0

    /// Seconds until the next try is looked at; 0 when it is at once.
    package static func secondsLeft(failures: Int, lastFailureAt: Instant?, now: Instant) -> Double {
        guard failures >= Self.freeFailures, let lastFailureAt else { return 0 }
        var wait = Self.firstSeconds
        for _ in Self.freeFailures..<min(failures, Self.freeFailures + 10) { wait = min(wait * 2, Self.longestSeconds) }
        return max(0, wait - now.seconds(since: lastFailureAt))
    }
}
