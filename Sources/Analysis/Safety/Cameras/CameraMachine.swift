package import Chronology

/// One camera's condition over time: `(state, word or passing of time) → (state, spans that are settled)`.
///
/// A new word counts from when it was said, once nothing has contradicted it for the hysteresis; a flicker shorter than
/// that leaves no trace. Silence confirms: terminals speak of a change once, and then every few minutes. After the
/// silence limit the camera is unknown, and the first word after that counts at once.
///
/// The spans follow each other without a gap from the first moment that was asked about.
package struct CameraMachine: Hashable, Sendable, Codable {
    /// The condition that is settled, and since when.
    package private(set) var condition = CameraCondition.unknown
    package private(set) var since: Instant
    /// What was said last and is not settled yet.
    private var candidate: Candidate?
    package private(set) var heardAt: Instant?
    /// The latest moment that was asked about.
    private var latest: Instant
    /// Up to here spans have been given out.
    private var told: Instant

    /// A word that waits to be settled.
    private struct Candidate: Hashable, Sendable, Codable {
        var condition: CameraCondition
        var since: Instant
    }

    package init(at start: Instant) {
        self.since = start
        self.latest = start
        self.told = start
    }

    /// Up to when the condition can no longer change.
    package var settledUntil: Instant { self.candidate?.since ?? self.latest }

    /// Takes a word of the camera; one that is earlier than what is known already changes nothing.
    package mutating func take(
        _ condition: CameraCondition, at time: Instant, _ parameters: SafetyParameters.Cameras
    ) -> [CameraSpan] {
        guard time >= self.latest else { return [] }
        var spans = self.advance(to: time, parameters)
        self.heardAt = time
        if condition == self.condition {
            self.candidate = nil
        } else if self.condition == .unknown {
            spans += self.settle(condition, since: time)
        } else if let candidate = self.candidate, candidate.condition != .ok, condition != .ok {
            // Another fault than the first: the camera was not ok in between.
            self.candidate = Candidate(condition: condition, since: candidate.since)
        } else if self.candidate?.condition != condition {
            self.candidate = Candidate(condition: condition, since: time)
        }
        // What a flicker held back is settled with it.
        return spans + self.tell(until: self.settledUntil)
    }

    /// Lets time pass.
    package mutating func advance(to time: Instant, _ parameters: SafetyParameters.Cameras) -> [CameraSpan] {
        guard time >= self.latest else { return [] }
        self.latest = time
        var spans: [CameraSpan] = []
        if let candidate = self.candidate, time.seconds(since: candidate.since) >= parameters.hysteresis {
            spans += self.settle(candidate.condition, since: candidate.since)
        }
        if self.condition != .unknown, let heardAt = self.heardAt,
            time.seconds(since: heardAt) > parameters.silenceLimit
        {
            spans += self.settle(.unknown, since: heardAt.advanced(bySeconds: parameters.silenceLimit))
        }
        return spans + self.tell(until: self.settledUntil)
    }

    private mutating func settle(_ condition: CameraCondition, since: Instant) -> [CameraSpan] {
        let spans = self.tell(until: since)
        self.condition = condition
        self.since = since
        self.candidate = nil
        return spans
    }

    private mutating func tell(until time: Instant) -> [CameraSpan] {
        guard time > self.told else { return [] }
        defer { self.told = time }
        return [CameraSpan(condition: self.condition, from: self.told, to: time)]
    }
}
