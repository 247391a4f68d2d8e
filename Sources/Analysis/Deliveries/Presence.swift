import Chronology
import Geodesy
import Tracks

/// A truck inside one fence, from the first fix inside to the last one so far.
struct Presence: Codable, Hashable, Sendable {
    let place: PlaceReference
    private(set) var start: Instant
    /// After a gap: the first fix, and the time from which on the truck can have been here.
    private let firstFix: Instant
    private var hereSince: Instant?
    /// Seconds from the last fix outside, and to the next one; `nil`: not known.
    private var edgeAtStart: Double?
    private var edgeAtEnd: Double?
    private(set) var end: Instant
    private var metresAtStart: Double
    private var metresAtEnd: Double
    private var coveredAtStart: Double
    private var coveredAtEnd: Double
    private(set) var lastInside: Coordinate
    private(set) var standing = 0.0
    /// Seconds of driving through it; `nil` in states that were written down before it was counted.
    private var driven: Double?
    private var creditedUntil: Instant
    private var evidence = CarryingEvidence()
    private var longestStay: Double = 0
    private var longestStayAt: Coordinate?
    private var sample = PointSample()
    /// Which of the durations that matter to a cycle it has passed: a load's, a rest's.
    var milestone = 0
    /// At a site the visits at the plants in whose fences it lies, at a plant those at such sites, as they were when
    /// the truck came; `nil`: none.
    var outerBefore: [Stop]?

    /// Begins with the step's fix; after a sleep with the fix before it, near which the truck stood.
    init(_ place: PlaceReference, _ step: Track.Step, metres: Double, covered: Double) {
        let slept = step.isSleep
        self.place = place
        self.start = slept ? step.previous?.time ?? step.fix.time : step.fix.time
        self.end = self.start
        self.firstFix = step.fix.time
        self.hereSince = step.hereSince
        self.metresAtStart = slept ? step.previousMetres : metres
        self.metresAtEnd = metres
        self.coveredAtStart = slept ? step.previousCovered : covered
        self.coveredAtEnd = covered
        self.lastInside = step.fix.coordinate
        self.creditedUntil = self.start
        self.edgeAtStart = slept || step.isRestart ? nil : step.seconds
    }

    /// Lets it begin where the truck left a place inside it, from which it drove until it stood.
    mutating func begin(after inner: Presence, standingSince stand: Instant?) {
        let drive = max(inner.end, stand ?? self.end).seconds(since: inner.end)
        (self.start, self.creditedUntil) = (inner.end, inner.end)
        (self.metresAtStart, self.coveredAtStart) = (inner.metresAtEnd, inner.coveredAtEnd)
        (self.driven, self.edgeAtStart, self.hereSince) = (drive, nil, nil)
        if let stand { self.credit(standingFrom: stand, to: self.end) }
    }

    /// Takes in the first fix after it outside.
    mutating func leave(_ step: Track.Step, _ parameters: AnalysisParameters.Evidence) {
        guard let previous = step.previous, previous.time == self.end, !step.isRestart else { return }
        self.edgeAtEnd = step.seconds
        self.evidence.leave(step.fix, after: step.seconds, parameters)
    }

    var seconds: Double { self.end.seconds(since: self.start) }
    /// Without the driving.
    var stayedSeconds: Double { max(0, self.seconds - (self.driven ?? 0)) }

    /// Takes in a fix inside, or the end of a sleep that began inside.
    mutating func extend(
        _ step: Track.Step, metres: Double, covered: Double, isInside: Bool, isStanding: Bool,
        _ parameters: AnalysisParameters
    ) {
        if let previous = step.previous, previous.time >= self.start {
            if !isStanding, !step.isSleep, step.stoodUntil == nil,
                step.displacement * 3.6 >= parameters.visits.creepingSpeed * step.seconds
            {
                self.driven = (self.driven ?? 0) + step.seconds
            }
            self.evidence.add(previous, until: step.seconds, parameters.evidence)
        }
        self.evidence.note(step.fix, parameters.evidence)
        self.end = step.fix.time
        self.edgeAtEnd = nil
        self.metresAtEnd = metres
        self.coveredAtEnd = covered
        guard isInside else { return }
        self.lastInside = step.fix.coordinate
        self.sample.add(step.fix.coordinate, limit: parameters.standing.sampleLimit)
    }

    /// Lengthens it into a gap at whose beginning the truck stood inside.
    mutating func extend(to instant: Instant, covered: Double) {
        guard instant > self.end else { return }
        self.end = instant
        self.coveredAtEnd = covered
    }

    /// Counts the part of a halt that falls into this presence and has not been counted.
    mutating func credit(standingFrom start: Instant, to end: Instant) {
        if let since = self.hereSince {
            // Seen standing at the first fix after a gap, it stood there before, too.
            if start <= self.firstFix, start > since {
                self.standing += self.firstFix.seconds(since: since)
                self.start = since
            }
            self.hereSince = nil
        }
        let from = max(start, self.creditedUntil)
        let to = min(end, self.end)
        guard to > from else { return }
        self.standing += to.seconds(since: from)
        self.creditedUntil = to
    }

    /// Remembers where the longest halt was.
    mutating func note(_ stay: Stay) {
        let shared = self.overlap(stay)
        guard shared > self.longestStay else { return }
        self.longestStay = shared
        self.longestStayAt = stay.coordinate
    }

    func overlap(_ stay: Stay) -> Double {
        max(0, min(self.end, stay.end).seconds(since: max(self.start, stay.start)))
    }

    /// A passage without standing is none.
    func isVisit(_ parameters: AnalysisParameters.Visits) -> Bool {
        self.standing >= parameters.standingSeconds || self.stayedSeconds >= parameters.creepingSeconds
    }

    /// The presence as a stop, as it is so far.
    func stop(isOpen: Bool) -> Stop {
        var stop = Stop(
            locus: .visit(self.place), start: self.start, end: self.end,
            coordinate: self.longestStayAt ?? self.sample.median ?? self.lastInside, standing: self.standing,
            metresAtStart: self.metresAtStart, metresAtEnd: self.metresAtEnd, coveredAtStart: self.coveredAtStart,
            coveredAtEnd: self.coveredAtEnd, evidence: self.evidence, isOpen: isOpen)
        stop.drivenSeconds = self.driven
        stop.longestStand = self.longestStay
        stop.edgeSeconds = (self.edgeAtStart ?? 0) + (self.edgeAtEnd ?? 0)
        return stop
    }
}
