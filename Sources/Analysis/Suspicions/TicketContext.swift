package import Chronology
package import Deliveries
package import Registers
package import Tracks

/// What other stored facts say of one delivery note.
///
/// Who judges fills it from the store, for every note that no load took, and for every number used twice:
/// - `asOf`: the server's clock when judging live;
/// - `isMatched`, `isClockInDoubt`, `repetitions`: from the `TicketMatching`;
/// - `whereabouts`: `TruckWhereabouts(…)` over the position log of the note's truck, from `ghostWindow` before the note
///   to as long after it; `nil` where the truck has no terminal.
package struct TicketContext: Sendable {
    package var ticket: Ticket
    package var asOf: Instant
    package var isMatched = false
    package var isClockInDoubt = false
    package var repetitions: [Ticket] = []
    package var whereabouts: TruckWhereabouts?

    package init(_ ticket: Ticket, asOf: Instant) {
        self.ticket = ticket
        self.asOf = asOf
    }
}

/// How well a truck was seen over a stretch of time, and how near to a plant it came.
package struct TruckWhereabouts: Hashable, Sendable {
    /// Share of the time between fixes close enough together, 0–1.
    package var coverage: Double
    /// Metres from the plant's fence at the nearest fix, 0 inside; `nil` without a fix, or without the plant.
    package var nearestMetres: Double?
    package var fixes: Int

    package init(coverage: Double, nearestMetres: Double?, fixes: Int) {
        self.coverage = coverage
        self.nearestMetres = nearestMetres
        self.fixes = fixes
    }

    /// `fixes` in the order of their time; those outside `from` to `to` may be among them.
    package init(
        _ fixes: [Fix], from: Instant, to: Instant, plant: String, in world: World
    ) {
        let parameters = world.parameters
        var seen = 0.0
        for (earlier, later) in zip(fixes, fixes.dropFirst()) {
            let seconds = min(later.time, to).seconds(since: max(earlier.time, from))
            guard seconds > 0 else { continue }
            let isClose = later.time.seconds(since: earlier.time) <= parameters.coverage.gap
            let isParked =
                earlier.coordinate.nearbyMetres(to: later.coordinate) <= parameters.standing.radius
            if isClose || isParked { seen += seconds }
        }
        let place = PlaceReference(.plant, plant)
        let inside = fixes.filter { $0.time >= from && $0.time <= to }
        let metres = inside.compactMap { world.metres(from: $0.coordinate, to: place, at: $0.time) }
        let length = to.seconds(since: from)
        self.init(
            coverage: length > 0 ? min(1, seen / length) : 0, nearestMetres: metres.min(), fixes: inside.count)
    }
}
