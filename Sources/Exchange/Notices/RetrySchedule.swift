/// When a notice that could not be delivered is tried again, and when no more.
package struct RetrySchedule: Hashable, Sendable {
    /// Seconds before the second try; each further one waits twice as long, up to an hour.
    package var firstSeconds: Int
    /// Tries in all; with the standard of 16 and 5 seconds some 6 hours go by.
    package var attempts: Int

    package init(firstSeconds: Int, attempts: Int) {
        self.firstSeconds = firstSeconds
        self.attempts = attempts
    }

    private static let longestSeconds = 3600

    /// Seconds to wait after so many tries; `nil`: it is given up.
    package func wait(afterAttempts attempts: Int) -> Int? {
        guard attempts < self.attempts else { return nil }
        var wait = self.firstSeconds
        for _ in 1..<max(1, attempts) where wait < Self.longestSeconds { wait *= 2 }
        return min(wait, Self.longestSeconds)
    }
}
