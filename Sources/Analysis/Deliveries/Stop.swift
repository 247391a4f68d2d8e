package import Chronology
package import Geodesy
package import Tracks

/// A stretch of time that a truck spent at one place, or of which nothing is known.
package struct Stop: Codable, Hashable, Sendable {
    /// Where it was, by the registers.
    package enum Locus: Codable, Hashable, Sendable {
        /// Inside the fence of a place.
        case visit(PlaceReference)
        /// Outside all fences, and no farther from this one than the margin.
        case near(PlaceReference)
        /// Away from every place in the registers.
        case open
        /// Long unseen and then elsewhere.
        case dark
        /// Unseen for a while, in which a load or a drop can hide.
        case unseen
    }

    package var locus: Locus
    /// First and last fix at the place.
    package var start: Instant
    package var end: Instant
    /// Where the truck stood longest (a median); `nil` in the dark.
    package var coordinate: Coordinate?
    /// Seconds of it standing.
    package var standing: Double
    /// The track's meter on arrival and on departure.
    package var metresAtStart: Double
    package var metresAtEnd: Double
    package var coveredAtStart: Double
    package var coveredAtEnd: Double
    package var evidence: CarryingEvidence
    /// The truck is still there.
    package var isOpen = false
    /// It was put where nobody saw it; `nil` in states that were written down before there was such a thing.
    package var isUnseen: Bool?
    /// The truck rolled when it went dark and when it came back: that it stood in between nobody saw. `nil`: it did.
    package var isUnheard: Bool?

    /// Seconds from the last fix outside to the first one inside, and the same at its end: it may have been here for
    /// them, too. `nil`: not known.
    package var edgeSeconds: Double?

    /// Seconds of driving through the place; `nil`: none.
    package var drivenSeconds: Double?

    /// The longest halt of a visit, in seconds; `nil`: it is one halt, or was written down before this was.
    package var longestStand: Double?

    package var seconds: Double { self.end.seconds(since: self.start) }

    /// Without driving through the place: what a load or a drop can have taken.
    package var stayedSeconds: Double { max(0, self.seconds - (self.drivenSeconds ?? 0)) }

    /// Seconds for which it stood at one spot.
    package var stoodSeconds: Double { self.longestStand ?? self.standing }

    /// The place, inside its fence or in its margin.
    package var place: PlaceReference? {
        switch self.locus {
        case .visit(let place), .near(let place): place
        case .open, .dark, .unseen: nil
        }
    }

    package var isVisit: Bool {
        if case .visit = self.locus { true } else { false }
    }

    /// Takes in a later stretch at the same place.
    mutating func merge(_ later: Stop) {
        let laterIsLonger = later.standing > self.standing
        if laterIsLonger { self.coordinate = later.coordinate ?? self.coordinate }
        if self.longestStand != nil || later.longestStand != nil {
            self.longestStand = max(self.stoodSeconds, later.stoodSeconds)
        }
        self.end = max(self.end, later.end)
        self.standing += later.standing
        self.metresAtEnd = max(self.metresAtEnd, later.metresAtEnd)
        self.coveredAtEnd = max(self.coveredAtEnd, later.coveredAtEnd)
        self.evidence.merge(later.evidence)
        if let driven = later.drivenSeconds { self.drivenSeconds = (self.drivenSeconds ?? 0) + driven }
        if let edge = later.edgeSeconds { self.edgeSeconds = (self.edgeSeconds ?? 0) + edge }
        // Of a halt that was seen in part, the place is known.
        if later.isUnseen != true { self.isUnseen = nil }
        if later.isUnheard != true { self.isUnheard = nil }
    }

    /// Seconds shared with another stop.
    func overlap(_ other: Stop) -> Double {
        max(0, min(self.end, other.end).seconds(since: max(self.start, other.start)))
    }
}

extension Stop {
    /// A halt as the track saw it.
    init(_ stay: Stay, locus: Locus) {
        self.init(
            locus: locus, start: stay.start, end: stay.end, coordinate: stay.coordinate, standing: stay.seconds,
            metresAtStart: stay.metres, metresAtEnd: stay.metres, coveredAtStart: stay.coveredAtStart,
            coveredAtEnd: stay.coveredAtEnd, evidence: stay.evidence)
    }
}
