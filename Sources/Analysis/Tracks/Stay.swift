package import Chronology
package import Geodesy

/// A halt: where, from when to when, and what the sensors said meanwhile.
package struct Stay: Codable, Hashable, Sendable {
    package var start: Instant
    package var end: Instant
    /// The median of the fixes.
    package var coordinate: Coordinate
    /// What the track's meter stood at.
    package var metres: Double
    package var coveredAtStart: Double
    package var coveredAtEnd: Double
    package var evidence: CarryingEvidence

    package var seconds: Double { self.end.seconds(since: self.start) }
}

/// A halt that goes on.
package struct OpenStay: Codable, Hashable, Sendable {
    package let start: Instant
    /// Time of the last fix that belongs to it.
    package private(set) var end: Instant
    package let metres: Double
    private let coveredAtStart: Double
    private var coveredAtEnd: Double
    private var sample = PointSample()
    private var evidence = CarryingEvidence()
    /// What a fix is compared with: a mean that follows slowly.
    private(set) var center: Coordinate
    private var centerWeight = 0.0
    /// The receiver drifts, so that the circle is a wide one; `nil`: it does not.
    var drifts: Bool?
    /// The fix that left the circle, until another one confirms that the truck is off.
    var departure: Fix?

    init(start: Instant, metres: Double, covered: Double, at coordinate: Coordinate) {
        self.start = start
        self.end = start
        self.metres = metres
        self.coveredAtStart = covered
        self.coveredAtEnd = covered
        self.center = coordinate
    }

    mutating func add(_ fix: Fix, covered: Double, _ parameters: AnalysisParameters) {
        self.end = fix.time
        self.coveredAtEnd = covered
        self.sample.add(fix.coordinate, limit: parameters.standing.sampleLimit)
        self.evidence.note(fix, parameters.evidence)
        // After a while the mean hardly moves, so that a truck that creeps away leaves its circle.
        self.centerWeight += 1
        let share = 1 / min(self.centerWeight, 50)
        let north = Double(fix.coordinate.latitudeE7) - Double(self.center.latitudeE7)
        let east = Double(fix.coordinate.longitudeE7) - Double(self.center.longitudeE7)
        guard east.magnitude < 1e7 else { return }
        self.center.latitudeE7 += Int32((north * share).rounded())
        self.center.longitudeE7 += Int32((east * share).rounded())
    }

    /// Lengthens the halt into the time before a fix outside its circle: the terminal slept while the truck rolled out.
    /// What it carries then it carried when it left.
    mutating func extend(
        to instant: Instant, covered: Double, before fix: Fix, _ parameters: AnalysisParameters.Evidence
    ) {
        self.end = instant
        self.coveredAtEnd = covered
        self.evidence.note(fix, parameters)
    }

    /// The truck has left, and this is its first fix elsewhere.
    mutating func leave(_ fix: Fix, _ parameters: AnalysisParameters.Evidence) {
        self.evidence.leave(fix, after: fix.time.seconds(since: self.end), parameters)
    }

    mutating func addEvidence(of fix: Fix, until seconds: Double, _ parameters: AnalysisParameters.Evidence) {
        self.evidence.add(fix, until: seconds, parameters)
    }

    /// The halt as it is so far.
    package var soFar: Stay {
        Stay(
            start: self.start, end: self.end, coordinate: self.sample.median ?? self.center, metres: self.metres,
            coveredAtStart: self.coveredAtStart, coveredAtEnd: self.coveredAtEnd, evidence: self.evidence)
    }
}
