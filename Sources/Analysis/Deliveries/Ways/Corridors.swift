package import Chronology
package import Geodesy
package import Tracks
import Glibc

/// The ways that trucks have taken between a plant and a site, and whether another way leaves them.
///
/// Learn only from trips that nothing was found against, or a diversion teaches its own way. The order in which trips
/// are learned does not matter.
package struct Corridors: Hashable, Sendable, Codable {
    private var trips: [Pair: [Trip]] = [:]
    private let parameters: AnalysisParameters.CorridorRule

    /// From where to where.
    package struct Pair: Hashable, Sendable, Codable {
        package var plantID: String
        package var siteID: String

        package init(plantID: String, siteID: String) {
            self.plantID = plantID
            self.siteID = siteID
        }
    }

    /// The way of one load.
    private struct Trip: Hashable, Sendable, Codable {
        var loadID: String
        var time: Instant
        var points: [Coordinate]
    }

    /// How a way compares with the known ones.
    package enum Reading: Hashable, Sendable {
        /// Fewer trips are known than it takes.
        case insufficient(trips: Int)
        case within(trips: Int)
        /// It left them only where it went to a known place and stood there.
        case visiting(Departure, trips: Int)
        case off(Departure, trips: Int)
    }

    /// A stretch off all corridors.
    package struct Departure: Hashable, Sendable {
        package var start: Instant
        package var end: Instant
        /// The point farthest off, and how far.
        package var coordinate: Coordinate
        package var metres: Double

        var seconds: Double { self.end.seconds(since: self.start) }
    }

    package init(_ parameters: AnalysisParameters.CorridorRule) {
        self.parameters = parameters
    }

    /// Learns the way of one load: the fixes from the end of the loading to the unloading, in the order of their time.
    package mutating func learn(_ way: [Fix], of loadID: String, for pair: Pair) {
        guard let first = way.first, way.count > 1 else { return }
        self.note(self.parameters.points(of: way), of: loadID, at: first.time, for: pair)
    }

    /// Takes the way of one load as `points` has it.
    package mutating func note(_ points: [Coordinate], of loadID: String, at time: Instant, for pair: Pair) {
        guard !points.isEmpty else { return }
        var trips = self.trips[pair] ?? []
        trips.removeAll { $0.loadID == loadID }
        trips.append(Trip(loadID: loadID, time: time, points: points))
        trips.sort { ($0.time, $0.loadID) < ($1.time, $1.loadID) }
        self.trips[pair] = Array(trips.suffix(max(1, self.parameters.tripLimit)))
    }

    /// Metres from a point to the nearest known way of the pair; `nil` where fewer are known than it takes.
    package func metres(to point: Coordinate, for pair: Pair) -> Double? {
        guard let known = self.trips[pair], known.count >= self.parameters.trips else { return nil }
        return known.map { $0.points.metres(to: point) }.min()
    }

    /// Whether a point lies on a known way of the pair, as near as the rule asks; `nil` where fewer are known than it
    /// takes. The newest ways first: a truck under way is asked about at each report, and most keep to them.
    package func hold(_ point: Coordinate, for pair: Pair) -> Bool? {
        guard let known = self.trips[pair], known.count >= self.parameters.trips else { return nil }
        return known.reversed().contains { $0.points.metres(to: point) <= self.parameters.distance }
    }

    /// Compares the way of a load with those of the other loads of the pair, and tells the longest stretch off them.
    /// - Parameter visits: when the truck stood at a known place: who goes to weigh or to refuel leaves the way for it.
    package func reading(
        of way: [Fix], of loadID: String, for pair: Pair, visits: [ClosedRange<Instant>] = []
    ) -> Reading {
        let known = (self.trips[pair] ?? []).filter { $0.loadID != loadID }
        guard known.count >= self.parameters.trips else { return .insufficient(trips: known.count) }
        let departures = self.departures(of: way, from: known).filter { $0.seconds > self.parameters.seconds }
        let others = departures.filter { departure in
            !visits.contains { $0.overlaps(departure.start...departure.end) }
        }
        if let longest = others.max(by: { $0.seconds < $1.seconds }) { return .off(longest, trips: known.count) }
        if let longest = departures.max(by: { $0.seconds < $1.seconds }) {
            return .visiting(longest, trips: known.count)
        }
        return .within(trips: known.count)
    }

    private func departures(of way: [Fix], from known: [Trip]) -> [Departure] {
        var departures: [Departure] = []
        var isOff = false
        for fix in way {
            let metres = known.lazy.map { $0.points.metres(to: fix.coordinate) }.min() ?? .infinity
            guard metres > self.parameters.distance else {
                isOff = false
                continue
            }
            var departure = Departure(start: fix.time, end: fix.time, coordinate: fix.coordinate, metres: metres)
            if isOff, let current = departures.popLast() {
                departure.start = current.start
                if current.metres >= metres {
                    (departure.coordinate, departure.metres) = (current.coordinate, current.metres)
                }
            }
            departures.append(departure)
            isOff = true
        }
        return departures
    }
}

extension AnalysisParameters.CorridorRule {
    /// The points of a way that are kept: not too many, and none too near to the one before.
    package func points(of way: [Fix]) -> [Coordinate] {
        guard let first = way.first, let last = way.last, way.count > 1 else { return [] }
        var points = [first.coordinate]
        for fix in way.dropFirst() where points[points.count - 1].nearbyMetres(to: fix.coordinate) >= self.spacing {
            points.append(fix.coordinate)
        }
        points.append(last.coordinate)
        return Array(points.prefix(self.pointLimit))
    }
}

extension [Coordinate] {
    /// Metres from a point to the line through these.
    fileprivate func metres(to point: Coordinate) -> Double {
        guard var previous = self.first else { return .infinity }
        let narrowing = cos(point.latitude * .pi / 180)
        let unit = Sphere.metresPerDegree / 1e7
        func local(_ other: Coordinate) -> (x: Double, y: Double) {
            (
                (Double(other.longitudeE7) - Double(point.longitudeE7)) * narrowing * unit,
                (Double(other.latitudeE7) - Double(point.latitudeE7)) * unit
            )
        }
        var smallest = previous.nearbyMetres(to: point)
        for next in self.dropFirst() {
            let (start, end) = (local(previous), local(next))
            let along = (x: end.x - start.x, y: end.y - start.y)
            let length = along.x * along.x + along.y * along.y
            let share = length > 0 ? Swift.max(0, Swift.min(1, -(start.x * along.x + start.y * along.y) / length)) : 0
            let foot = (x: start.x + share * along.x, y: start.y + share * along.y)
            smallest = Swift.min(smallest, (foot.x * foot.x + foot.y * foot.y).squareRoot())
            previous = next
        }
        return smallest
    }
}
