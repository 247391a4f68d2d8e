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
    /// What was noted of each viewing, the latest last.
    private let noted = Mutex<[Viewing: [Entry]]>([:])

    /// One entry that was noted: when, and of which event time.
    private struct Entry {
        var at: Instant
        var period: Range<Instant>

        /// Whether `other`, asked for at `now`, shows nothing that the entry does not name: the same time, or as much
        /// more of it as has gone by since.
        func covers(_ other: Range<Instant>, at now: Instant) -> Bool {
            let slack = ViewingLog.slackSeconds
            let end = self.period.upperBound.advanced(bySeconds: max(0, now.seconds(since: self.at)) + slack)
            return other.lowerBound >= self.period.lowerBound.advanced(bySeconds: -slack) && other.upperBound <= end
        }
    }

    /// Seconds by which a page's clock and its rounding may differ from ours.
    private static let slackSeconds = 60.0
    /// Stretches of time that one viewing remembers.
    private static let entriesKept = 8

    init(limitSeconds: Double, remembered: Int) {
        self.limitSeconds = limitSeconds
        self.remembered = remembered
    }

    /// Runs `note` unless this viewing was noted within the limit for this time. A look that cannot be noted throws,
    /// and is not had.
    func once(
        _ viewing: Viewing, of period: Range<Instant>, at now: Instant, _ note: () async throws -> Void
    ) async throws {
        let isKnown = self.noted.withLock { noted in
            noted[viewing]?.contains { self.isFresh($0, at: now) && $0.covers(period, at: now) } ?? false
        }
        guard !isKnown else { return }
        try await note()
        self.noted.withLock { noted in
            noted[viewing] =
                Array((noted[viewing] ?? []).suffix(Self.entriesKept - 1)) + [Entry(at: now, period: period)]
            guard noted.count > self.remembered else { return }
            noted = noted.filter { _, entries in entries.contains { self.isFresh($0, at: now) } }
            if noted.count > self.remembered,
                let oldest = noted.min(by: { Self.last($0.value) < Self.last($1.value) })?.key
            {
                noted[oldest] = nil
            }
        }
    }

    private func isFresh(_ entry: Entry, at now: Instant) -> Bool {
        abs(now.seconds(since: entry.at)) < self.limitSeconds
    }

    private static func last(_ entries: [Entry]) -> Instant { entries.last?.at ?? .distantPast }
}
