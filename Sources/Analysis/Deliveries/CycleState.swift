import Chronology
import Geodesy
import Tracks

/// What a truck carries, or carried last, and since when its whereabouts are known: all that a cycle needs to know of
/// what came before.
struct CycleState: Codable, Hashable, Sendable {
    /// The last load; `nil`: none since the truck was known to be empty or was first heard of.
    var load: Load?
    /// The last drop since then.
    var lastDrop: Drop?
    /// When the stretch began in which a load would have been seen: the first report, a rest, a load, a drop.
    var since: Instant
    /// Seconds seen by then.
    var coveredSince = 0.0
    /// Whether the truck was empty then; if not it may have been first heard of with a load.
    var wasEmpty = false
    /// Drops with proof of discharge so far: after some, a drum that is heard and does not turn back proves the
    /// opposite.
    var provenDrops = 0

    init(since: Instant) {
        self.since = since
    }

    /// Where and when a truck was loaded.
    struct Load: Codable, Hashable, Sendable {
        var end: DeliveryEnd
        /// `nil` for a load that was not seen.
        var period: Period?
        /// Names the load.
        var key: Instant
        /// How sure the place is, 0–1.
        var confidence: Double

        struct Period: Codable, Hashable, Sendable {
            var start: Instant
            var end: Instant
            var metresAtEnd: Double
            var coveredAtEnd: Double
        }
    }

    /// Where and when it was unloaded.
    struct Drop: Codable, Hashable, Sendable {
        var place: PlaceReference?
        var coordinate: Coordinate?
        var start: Instant
        var end: Instant
        var coveredAtEnd: Double
        var evidence: CarryingEvidence
    }

    /// The truck is empty from `instant` on.
    mutating func empty(at instant: Instant, covered: Double, isCertain: Bool) {
        self.load = nil
        self.lastDrop = nil
        self.since = instant
        self.coveredSince = covered
        self.wasEmpty = isCertain
    }

    var isLoaded: Bool { self.load != nil && self.lastDrop == nil }
}
