package import Chronology
import Geodesy

/// One truck's movement, fix by fix: halts, metres driven and seconds seen, in a state of bounded size.
///
/// A halt begins when fixes no farther than the radius from each other span the minimum duration, and ends with the
/// last fix inside once two outside, or one after a while, say that the truck is off. A terminal that sleeps while
/// parked leaves a gap whose ends lie close together: that is standing, too. So is a receiver's drift, which jumps to
/// and fro about one place for minutes and gets nowhere (`Track+Drift.swift`).
package struct Track: Codable, Hashable, Sendable {
    /// What one fix changed.
    package struct Step: Sendable {
        package var fix: Fix
        package var previous: Fix?
        /// What the meter said, and how much was seen, at the previous fix.
        package var previousMetres: Double
        package var previousCovered: Double
        /// Seconds and metres since the previous fix; 0 without one.
        package var seconds: Double
        package var displacement: Double
        /// The truck stood between the previous fix and this one, and the terminal slept.
        package var isSleep: Bool
        /// Metres driven meanwhile by the odometer, where that is possible.
        package var odometerMetres: Double?
        /// The truck stood when it was last seen before a gap, and is elsewhere after it: until when, at the least, it
        /// must have gone on standing to be here now.
        package var stoodUntil: Instant?
        /// After a gap: from when on the truck can have been here.
        package var hereSince: Instant?
        /// The cleaner began the track anew at this fix.
        package var isRestart: Bool
        /// Halts that ended, in order.
        package var ended: [Stay]
    }

    package private(set) var last: Fix?
    /// Metres driven since the track began; standing adds none.
    package private(set) var metres = 0.0
    /// Seconds seen since the track began (`AnalysisParameters.Coverage`).
    package private(set) var coveredSeconds = 0.0
    /// How the drum turned on the way; `nil`: it was not heard.
    package private(set) var drumTurns: DrumTurns?
    /// The halt that goes on, if any.
    package private(set) var stay: OpenStay?
    private var candidates: [Candidate] = []
    /// Fixes some time apart about one place, of which the receiver's drift may make a halt; `nil`: none.
    var scattered: [Candidate]?
    /// The terminal's usual seconds between fixes: a running median.
    private var interval = 30.0

    /// A fix that may be the beginning of a halt.
    struct Candidate: Codable, Hashable, Sendable {
        var fix: Fix
        var metres: Double
        var covered: Double
    }

    package init() {}

    /// Takes the next fix; times increase strictly.
    package mutating func take(_ fix: Fix, isRestart: Bool, _ parameters: AnalysisParameters) -> Step {
        var step = Step(
            fix: fix, previous: self.last, previousMetres: self.metres, previousCovered: self.coveredSeconds,
            seconds: 0, displacement: 0, isSleep: false, stoodUntil: nil, hereSince: nil, isRestart: isRestart,
            ended: [])
        defer { self.last = fix }
        guard let previous = self.last, !isRestart else {
            if isRestart { self.leave(into: &step.ended) }
            self.scattered = nil
            self.candidates = [self.candidate(fix)]
            return step
        }
        step.seconds = fix.time.seconds(since: previous.time)
        step.displacement = previous.coordinate.nearbyMetres(to: fix.coordinate)
        step.isSleep = Self.isSleep(step, parameters.standing)
        step.odometerMetres = Self.odometerMetres(step, previous, parameters)
        self.cover(step, parameters)
        if previous.drum != nil {
            var turns = self.drumTurns ?? DrumTurns()
            turns.add(step, parameters)
            self.drumTurns = turns
        }
        self.bridge(&step, previous, parameters)
        if self.stay != nil, !self.stillStands(&step, previous, parameters) {
            return step
        } else if self.stay == nil {
            self.move(&step, previous, parameters)
        }
        return step
    }

    private static func isSleep(_ step: Step, _ standing: AnalysisParameters.Standing) -> Bool {
        guard step.seconds >= standing.sleepMinimum, step.displacement <= standing.sleepDisplacement else {
            return false
        }
        return step.displacement <= standing.radius
            || step.displacement <= standing.sleepSpeed / 3.6 * step.seconds
    }

    private mutating func cover(_ step: Step, _ parameters: AnalysisParameters) {
        let longest = max(parameters.coverage.gap, parameters.coverage.intervals * self.interval)
        if step.seconds <= longest || step.isSleep { self.coveredSeconds += step.seconds }
        // A gap says nothing of the interval, and a running median moves by small steps.
        guard step.seconds <= longest else { return }
        self.interval *= step.seconds > self.interval ? 1.05 : 0.95
        self.interval = min(max(self.interval, 1), 600)
    }
}

extension Track {
    /// Divides a gap with displacement into standing and driving: the drive took as long as such drives take, and the
    /// rest of the gap was spent where the truck stood before it, or stands after it.
    private mutating func bridge(_ step: inout Step, _ previous: Fix, _ parameters: AnalysisParameters) {
        let standing = parameters.standing
        guard !step.isSleep, step.seconds >= max(standing.bridgeMinimum, standing.bridgeIntervals * self.interval)
        else { return }
        // To whole seconds: it is an estimate, and should not look like more.
        let drive = (step.displacement * standing.detour / (standing.gapSpeed / 3.6) + standing.startSeconds).rounded()
        let rest = step.seconds - drive
        guard rest > 0 else { return }
        step.hereSince = previous.time.advanced(bySeconds: drive)
        let stood = previous.time.advanced(bySeconds: rest)
        if self.stay == nil, let last = self.candidates.last, self.candidates.count > 1,
            last.fix.coordinate.nearbyMetres(to: self.candidates[self.candidates.count - 2].fix.coordinate)
                <= standing.stillMetres,
            stood.seconds(since: self.candidates[0].fix.time) >= standing.minimumDuration
        {
            self.beginStay(parameters)
        }
        guard self.stay != nil, self.stay?.departure == nil else { return }
        step.stoodUntil = stood
        if self.coveredSeconds == step.previousCovered { self.coveredSeconds += rest }
        self.stay?.extend(to: stood, covered: step.previousCovered + rest, before: step.fix, parameters.evidence)
    }

    /// Follows the halt that goes on. False: this fix ended it, and the sleep before that fix is dealt with.
    private mutating func stillStands(_ step: inout Step, _ previous: Fix, _ parameters: AnalysisParameters) -> Bool {
        // Changed in place: a copy of the halt would copy its sample.
        guard let center = self.stay?.center, let end = self.stay?.end else { return true }
        let fix = step.fix
        let radius = self.stay?.drifts == true ? parameters.standing.driftRadius : parameters.standing.radius
        if center.nearbyMetres(to: fix.coordinate) <= radius {
            self.stay?.addEvidence(of: previous, until: step.seconds, parameters.evidence)
            self.stay?.add(fix, covered: self.coveredSeconds, parameters)
            self.stay?.departure = nil
            return true
        }
        let hasDeparted = self.stay?.departure != nil
        if step.isSleep, !hasDeparted {
            self.stay?.addEvidence(of: previous, until: step.seconds, parameters.evidence)
            self.stay?.extend(to: fix.time, covered: self.coveredSeconds, before: fix, parameters.evidence)
            self.leave(into: &step.ended)
            self.metres += center.nearbyMetres(to: fix.coordinate)
            self.candidates = [self.candidate(fix)]
            return false
        }
        if hasDeparted || fix.time.seconds(since: end) >= parameters.standing.minimumDuration {
            let departure = self.stay?.departure ?? fix
            self.stay?.leave(departure, parameters.evidence)
            self.leave(into: &step.ended)
        } else {
            self.stay?.departure = fix
        }
        return true
    }

    /// Ends the halt. The way to the fix that left it is driven.
    private mutating func leave(into ended: inout [Stay]) {
        guard let stay = self.stay else { return }
        ended.append(stay.soFar)
        self.stay = nil
        self.candidates = []
        guard let departure = stay.departure else { return }
        self.metres += stay.center.nearbyMetres(to: departure.coordinate)
        self.candidates = [self.candidate(departure)]
    }

    /// Takes a fix outside any halt, which may begin one.
    private mutating func move(_ step: inout Step, _ previous: Fix, _ parameters: AnalysisParameters) {
        let fix = step.fix
        self.metres += Self.driven(step, parameters)
        let radius = parameters.standing.radius
        if step.isSleep, step.displacement > radius {
            self.sleep(&step, previous, parameters)
            return
        }
        self.scatter(self.candidate(fix), parameters.standing)
        if let scattered = self.scattered, Self.isDrift(scattered, parameters.standing) {
            self.candidates = scattered
            self.beginStay(parameters)
            self.stay?.drifts = true
            return
        }
        if let far = self.candidates.lastIndex(where: { $0.fix.coordinate.nearbyMetres(to: fix.coordinate) > radius }) {
            self.candidates.removeSubrange(...far)
        }
        let spacing = parameters.standing.minimumDuration / Double(max(1, parameters.standing.candidateLimit))
        if let newest = self.candidates.last, self.candidates.count > 1,
            fix.time.seconds(since: newest.fix.time) < spacing,
            fix.time.seconds(since: self.candidates[0].fix.time) < parameters.standing.minimumDuration
        {
            return
        }
        self.candidates.append(self.candidate(fix))
        guard let first = self.candidates.first,
            fix.time.seconds(since: first.fix.time) >= parameters.standing.minimumDuration
        else { return }
        self.beginStay(parameters)
    }

    /// A halt whose terminal slept and woke outside the circle: from the first fix near its beginning to this one.
    private mutating func sleep(_ step: inout Step, _ previous: Fix, _ parameters: AnalysisParameters) {
        if self.candidates.isEmpty {
            self.candidates = [Candidate(fix: previous, metres: step.previousMetres, covered: step.previousCovered)]
        }
        self.beginStay(parameters)
        self.stay?.addEvidence(of: previous, until: step.seconds, parameters.evidence)
        self.stay?.add(step.fix, covered: self.coveredSeconds, parameters)
        self.leave(into: &step.ended)
        self.metres += step.displacement
        self.candidates = [self.candidate(step.fix)]
    }

    private mutating func beginStay(_ parameters: AnalysisParameters) {
        guard let first = self.candidates.first else { return }
        var stay = OpenStay(
            start: first.fix.time, metres: first.metres, covered: first.covered, at: first.fix.coordinate)
        var before: Fix?
        for candidate in self.candidates {
            if let before {
                stay.addEvidence(of: before, until: candidate.fix.time.seconds(since: before.time), parameters.evidence)
            }
            stay.add(candidate.fix, covered: candidate.covered, parameters)
            before = candidate.fix
        }
        self.metres = first.metres
        self.stay = stay
        self.candidates = []
        self.scattered = nil
    }

    /// Metres between two fixes: the straight line, or over a gap the odometer's where it is possible.
    private static func driven(_ step: Step, _ parameters: AnalysisParameters) -> Double {
        guard step.seconds > parameters.coverage.gap else { return step.displacement }
        return step.odometerMetres ?? step.displacement
    }

    private static func odometerMetres(
        _ step: Step, _ previous: Fix, _ parameters: AnalysisParameters
    ) -> Double? {
        guard let before = previous.odometer, let after = step.fix.odometer else { return nil }
        let metres = Double(Int64(after) - Int64(before)) * 10
        let possible =
            step
            .displacement...max(
                step.displacement, step.seconds * parameters.cleaning.maximumSpeed / 3.6)
        return possible.contains(metres) ? metres : nil
    }

    private func candidate(_ fix: Fix) -> Candidate {
        Candidate(fix: fix, metres: self.metres, covered: self.coveredSeconds)
    }
}
