import Chronology
import Synchronization

/// Which trails were looked at lately: one look is noted once, however often its page reads the trail again.
final class ViewingLog: Sendable {
    /// One look: who reads whose trail, what for, and the page's own mark of its viewing.
    struct Viewing: Hashable, Sendable {
        var reader: String
        var subject: String
        var purpose: String
        var mark: String
    }

    private let limitSeconds: Double
    private let remembered: Int
    private let notedAt = Mutex<[Viewing: Instant]>([:])

    init(limitSeconds: Double, remembered: Int) {
        self.limitSeconds = limitSeconds
        self.remembered = remembered
    }

    /// Runs `note` unless this viewing was noted within the limit. A look that cannot be noted throws, and is not had.
    func once(_ viewing: Viewing, at now: Instant, _ note: () async throws -> Void) async throws {
        let isKnown = self.notedAt.withLock { noted in
            noted[viewing].map { abs(now.seconds(since: $0)) < self.limitSeconds } ?? false
        }
        guard !isKnown else { return }
        try await note()
        self.notedAt.withLock { noted in
            noted[viewing] = now
            guard noted.count > self.remembered else { return }
            noted = noted.filter { now.seconds(since: $0.value) < self.limitSeconds }
            if noted.count > self.remembered, let oldest = noted.min(by: { $0.value < $1.value })?.key {
                noted[oldest] = nil
            }
        }
    }
}
