package import Chronology
package import Geodesy
package import Telemetry

/// What two vehicles behind one terminal's name look like: positions that jump to and fro between two tracks, each of
/// which could be driven.
package struct StreamSplit: Codable, Hashable, Sendable {
    /// The first and the last jump.
    package var start: Instant
    package var end: Instant
    /// The last position of each track.
    package var one: Coordinate
    package var other: Coordinate
    /// Jumps from one to the other so far.
    package var switches: Int
    /// Different positions of the track that has fewer.
    package var places: Int

    package init(start: Instant, end: Instant, one: Coordinate, other: Coordinate, switches: Int, places: Int) {
        self.start = start
        self.end = end
        self.one = one
        self.other = other
        self.switches = switches
        self.places = places
    }

    /// Metres between the two.
    package var metres: Double { self.one.nearbyMetres(to: self.other) }
}

/// Follows up to two tracks through one terminal's positions.
///
/// A position belongs to the track from whose end it can be reached. A stray fix begins a track that nothing continues,
/// and is forgotten with the next.
package struct StreamSplitWatch: Codable, Hashable, Sendable {
    private var current: Track?
    private var other: Track?
    private var start: Instant?
    private var switches = 0

    /// One of the tracks.
    private struct Track: Codable, Hashable, Sendable {
        var time: Instant
        var coordinate: Coordinate
        var places = 1

        mutating func extend(_ time: Instant, _ coordinate: Coordinate) {
            if coordinate != self.coordinate { self.places = min(self.places + 1, 1000) }
            (self.time, self.coordinate) = (time, coordinate)
        }
    }

    package init() {}

    /// Takes the next report in the order of time; gives the split as it stands, while there are two tracks.
    package mutating func take(_ report: PositionReport, _ parameters: AnalysisParameters) -> StreamSplit? {
        guard report.hasFix, !report.coordinate.isNullIsland else { return self.split }
        let (time, place) = (report.recordedAt, report.coordinate)
        guard let current = self.current else {
            self.current = Track(time: time, coordinate: place)
            return nil
        }
        guard time > current.time else { return self.split }
        if let other = self.other, time.seconds(since: other.time) > parameters.integrity.cloneSeconds {
            self.forgetOther()
        }
        if Self.isReachable(place, at: time, from: current, parameters.cleaning) {
            self.current?.extend(time, place)
            return self.split
        }
        if var other = self.other, Self.isReachable(place, at: time, from: other, parameters.cleaning) {
            other.extend(time, place)
            (self.current, self.other) = (other, current)
            if current.coordinate.nearbyMetres(to: place) >= parameters.integrity.cloneMetres {
                self.switches = min(self.switches + 1, 100_000)
                if self.start == nil { self.start = time }
            }
            return self.split
        }
        self.forgetOther()
        (self.current, self.other) = (Track(time: time, coordinate: place), current)
        return nil
    }

    private mutating func forgetOther() { (self.other, self.start, self.switches) = (nil, nil, 0) }

    private var split: StreamSplit? {
        guard let current, let other, let start else { return nil }
        return StreamSplit(
            start: start, end: max(current.time, other.time), one: current.coordinate, other: other.coordinate,
            switches: self.switches, places: min(current.places, other.places))
    }

    private static func isReachable(
        _ place: Coordinate, at time: Instant, from track: Track, _ cleaning: AnalysisParameters.Cleaning
    ) -> Bool {
        let metres = track.coordinate.nearbyMetres(to: place) - cleaning.noiseAllowance
        return metres <= time.seconds(since: track.time) * cleaning.maximumSpeed / 3.6
    }
}
