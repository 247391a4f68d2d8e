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
    /// The drum has shown a load at a plant, so that its silence at another call tells; `nil`: it has not.
    var hasShownLoad: Bool?
    /// The load with which it came to the plant where reading begins anew; `nil`: none.
    var arrival: Arrival?
    /// The halt elsewhere at which it may have been loaded before it came to that plant; `nil`: none.
    var elsewhere: Elsewhere?
    /// Since when, at the latest, the terminal has been on the truck that this is told of.
    var truckSince: Instant
    /// Places outside the registers where this truck has been loaded before, the latest last.
    private(set) var spots: [LoadingSpot] = []

    init(since: Instant) {
        self.since = since
        self.truckSince = since
    }

    /// A truck that came to a plant with a load from another.
    struct Arrival: Codable, Hashable, Sendable {
        /// When the stop at the plant began.
        var start: Instant
        var load: Haul.EarlierLoad
    }

    /// A truck that came to a plant after a halt outside the registers at which it may have been loaded.
    struct Elsewhere: Codable, Hashable, Sendable {
        /// When the stop at the plant began.
        var start: Instant
        var halt: Haul.Halt
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
        /// It was put where nobody saw it; `nil` in states that were written down before there was such a thing.
        var isDark: Bool?
        /// Sensors showed that it was taken; `false`: they were heard all the while and showed none. `nil`: nobody
        /// knows.
        var isSensed: Bool?
        /// The truck has come back to the plant with it once, after a halt at which it could have been unloaded; `nil`:
        /// it has not.
        var hasWaitedAway: Bool?
        /// The load at another plant with which the truck came here, if it may merely have stood here.
        var earlier: Haul.EarlierLoad?
        /// The halt at which it may have been taken instead, if the truck stood here for less than any load takes.
        var elsewhere: Haul.Halt?
        /// Seconds of the halt outside every register, taken for the load, for which the ignition was off.
        var engineOffSeconds: Double?

        /// A stretch of time.
        struct Period: Codable, Hashable, Sendable {
            var start: Instant
            var end: Instant
            var metresAtEnd: Double
            var coveredAtEnd: Double
        }
    }

    /// A place outside the registers where a truck was loaded.
    struct LoadingSpot: Codable, Hashable, Sendable {
        var coordinate: Coordinate
        var loads: Int
        var last: Instant
    }

    /// Where and when it was unloaded.
    struct Drop: Codable, Hashable, Sendable {
        var place: PlaceReference?
        var coordinate: Coordinate?
        var start: Instant
        var end: Instant
        var coveredAtEnd: Double
        var evidence: CarryingEvidence
        /// Seconds for which the drum turned back at registered sites at this drop and those of its load before; `nil`:
        /// none, or a load cell tells what was left.
        var pouredSeconds: Double?
    }

    /// The truck is empty from `instant` on.
    mutating func empty(at instant: Instant, covered: Double, isCertain: Bool) {
        self.load = nil
        self.lastDrop = nil
        self.since = instant
        self.coveredSince = covered
        self.wasEmpty = isCertain
    }

    /// Remembers that the truck was loaded here and then went to a site.
    mutating func learn(_ coordinate: Coordinate, at time: Instant, _ cycles: AnalysisParameters.Cycles) {
        let known = self.spots.firstIndex { $0.coordinate.nearbyMetres(to: coordinate) <= cycles.spotRadius }
        var spot = LoadingSpot(coordinate: coordinate, loads: 1, last: time)
        if let known {
            // Another drop of the same load.
            guard self.spots[known].last != time else { return }
            spot.loads = min(self.spots[known].loads + 1, 1000)
            self.spots.remove(at: known)
        }
        self.spots.append(spot)
        if self.spots.count > cycles.spotLimit { self.spots.removeFirst() }
    }

    /// Whether the truck was loaded here, not too long ago.
    func knows(_ coordinate: Coordinate?, at time: Instant, _ cycles: AnalysisParameters.Cycles) -> Bool {
        self.loads(at: coordinate, before: time, cycles) > 0
    }

    /// How often the truck was loaded here, the last time not too long ago.
    func loads(at coordinate: Coordinate?, before time: Instant, _ cycles: AnalysisParameters.Cycles) -> Int {
        guard let coordinate else { return 0 }
        let spot = self.spots.last { spot in
            spot.coordinate.nearbyMetres(to: coordinate) <= cycles.spotRadius
                && time.seconds(since: spot.last) <= cycles.spotSeconds
        }
        return spot?.loads ?? 0
    }

    /// Where the truck was loaded outside the registers, not too long ago.
    func loadingSpots(at time: Instant, _ cycles: AnalysisParameters.Cycles) -> [Coordinate] {
        self.spots.filter { time.seconds(since: $0.last) <= cycles.spotSeconds }.map(\.coordinate)
    }

    var isLoaded: Bool { self.load != nil && self.lastDrop == nil }
}
