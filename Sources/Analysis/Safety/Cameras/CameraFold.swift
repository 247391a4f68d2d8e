package import Chronology
import Geodesy
package import Telemetry

/// One truck's camera reports, positions and right turns, in the order of their time, to what the camera rates and the
/// camera alerts are made from.
///
/// Moving time and turns wait until the camera's condition around them is settled, no longer than the hysteresis and a
/// turn's window; the state is small, and the same reports give the same tallies.
package struct CameraFold: Hashable, Sendable, Codable {
    package let terminal: TerminalID
    private var machine: CameraMachine?
    private var last: Point?
    private var moves: [Move] = []
    private var turns: [ObservedTurn] = []
    /// Settled spans, as far back as a waiting turn may ask.
    private var spans: [CameraSpan] = []
    private var tallies: [CivilDate: CameraTally] = [:]
    var alerts: CameraAlerts

    /// The last position.
    private struct Point: Hashable, Sendable, Codable {
        var time: Instant
        var coordinate: Coordinate?
        var speed: Double?
    }

    /// A stretch of moving whose camera is not settled yet.
    struct Move: Hashable, Sendable, Codable {
        var from: Instant
        var to: Instant
        var coordinate: Coordinate?
    }

    package init(terminal: TerminalID) {
        self.terminal = terminal
        self.alerts = CameraAlerts(terminal: terminal)
    }

    /// The camera's condition now, and since when: the age of a fault on the list of cameras to mend.
    package var condition: (CameraCondition, since: Instant)? { self.machine.map { ($0.condition, $0.since) } }

    /// Takes what the cameras say.
    package mutating func take(_ report: CameraReport, _ parameters: SafetyParameters.Cameras) -> [CameraAlert.Change] {
        guard let status = report.cameras.first(where: { $0.name == parameters.name }) else { return [] }
        let time = report.recordedAt
        var machine = self.machine ?? CameraMachine(at: time)
        guard time >= machine.settledUntil else { return [] }
        self.spans += machine.take(CameraCondition(status.state), at: time, parameters)
        self.machine = machine
        self.tallies[time.date(at: .shanghai), default: CameraTally()].daysHeard = 1
        return self.alerts.heard(at: time) + self.settle(parameters)
    }

    /// Takes the next position; one that is not later than the last changes nothing. `seesTurns`: the terminal reports
    /// closely enough for turns to show since the last position.
    package mutating func take(
        _ report: PositionReport, seesTurns: Bool, _ parameters: SafetyParameters.Cameras
    ) -> [CameraAlert.Change] {
        let time = report.recordedAt
        if let last = self.last, time <= last.time { return [] }
        // Words come by another message than positions, and one or the other is the first.
        let heard = time.advanced(bySeconds: -parameters.wordWait)
        var machine = self.machine ?? CameraMachine(at: heard)
        let place = report.hasFix && !report.coordinate.isNullIsland ? report.coordinate : nil
        let point = Point(time: time, coordinate: place, speed: report.speed.map { Double($0) / 10 })
        if let last = self.last, Self.isMoving(last, point, parameters) {
            self.moves.append(Move(from: last.time, to: time, coordinate: place))
            if seesTurns { self.countSeen(from: last.time, to: time) }
        }
        self.last = point
        self.spans += machine.advance(to: heard, parameters)
        self.machine = machine
        return self.settle(parameters)
    }

    /// Takes a right turn, told no later than it can be settled.
    package mutating func take(_ turn: ObservedTurn) {
        self.turns.append(turn)
    }

    /// What has been settled of the days before `date`, in their order; they are given once.
    package mutating func takeDays(before date: CivilDate) -> [(date: CivilDate, tally: CameraTally)] {
        let days = self.tallies.keys.filter { $0 < date }.sorted()
        return days.compactMap { day in self.tallies.removeValue(forKey: day).map { (day, $0) } }
    }

    /// Everything so far, as if no more came: what waits is settled with the condition as it is.
    package func finished(_ parameters: SafetyParameters.Cameras) -> [(date: CivilDate, tally: CameraTally)] {
        var copy = self
        _ = copy.finish(parameters)
        return copy.tallies.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Ends what was seen of the vehicle that carried the terminal so far: what waits is settled with the condition as
    /// it is, which is known of the camera from here on too.
    package mutating func handOver(_ parameters: SafetyParameters.Cameras) -> [CameraAlert.Change] {
        guard let last = self.last else { return [] }
        var ended = self
        var changes = ended.finish(parameters)
        changes += ended.alerts.handOver(at: last.time)
        (self.moves, self.turns, self.last) = ([], [], nil)
        (self.tallies, self.alerts) = (ended.tallies, ended.alerts)
        return changes
    }

    /// Settles what waits, as if no more came.
    private mutating func finish(_ parameters: SafetyParameters.Cameras) -> [CameraAlert.Change] {
        if let machine = self.machine, let last = self.last {
            self.spans.append(
                CameraSpan(
                    condition: machine.condition, from: machine.settledUntil,
                    to: last.time.advanced(bySeconds: parameters.turnAfter + parameters.hysteresis)))
        }
        return self.settle(until: .distantFuture, parameters)
    }
}

extension CameraFold {
    /// Both positions have to be close in time; the reported speeds decide, else the way between them as exposure takes
    /// it, so that a parked receiver's noise is no driving.
    private static func isMoving(_ last: Point, _ point: Point, _ parameters: SafetyParameters.Cameras) -> Bool {
        let seconds = point.time.seconds(since: last.time)
        guard seconds > 0, seconds <= parameters.gap else { return false }
        if let before = last.speed, let after = point.speed { return max(before, after) > parameters.movingSpeed }
        guard let here = point.coordinate, let there = last.coordinate else { return false }
        let exposure = SafetyParameters.Exposure()
        return ExposureSegment.shows(
            metres: there.distanceMetres(to: here), in: seconds, noise: exposure.noise,
            shortInterval: exposure.shortInterval, movingSpeed: parameters.movingSpeed)
    }

    private mutating func countSeen(from: Instant, to: Instant) {
        for (date, microseconds) in DayPart.parts(from: from, to: to) {
            self.tallies[date, default: CameraTally()].turnSeenMicroseconds &+= microseconds
        }
    }

    private mutating func settle(_ parameters: SafetyParameters.Cameras) -> [CameraAlert.Change] {
        guard let machine = self.machine else { return [] }
        return self.settle(until: machine.settledUntil, parameters)
    }

    /// Counts the moves that end by `time`, and the turns whose window does.
    private mutating func settle(
        until time: Instant, _ parameters: SafetyParameters.Cameras
    ) -> [CameraAlert.Change] {
        var changes: [CameraAlert.Change] = []
        while let move = self.moves.first, move.to <= time || self.moves.count > parameters.pendingLimit {
            self.moves.removeFirst()
            for span in self.spans(from: move.from, to: move.to) {
                for (date, microseconds) in DayPart.parts(from: span.from, to: span.to) {
                    self.tallies[date, default: CameraTally()].movingMicroseconds[span.condition] &+= microseconds
                    self.tallies[date, default: CameraTally()].daysMoving = 1
                }
                changes += self.alerts.moved(span, at: move.coordinate, parameters)
            }
        }
        while let turn = self.turns.first, turn.end.advanced(bySeconds: parameters.turnAfter) <= time {
            self.turns.removeFirst()
            let condition = self.worst(around: turn, parameters)
            self.tallies[turn.start.date(at: .shanghai), default: CameraTally()].turns[condition] &+= 1
            changes += self.alerts.turned(turn, condition, parameters)
        }
        self.forget(parameters)
        return changes
    }

    /// The settled spans of a stretch; what none of them covers is unknown.
    private func spans(from: Instant, to: Instant) -> [CameraSpan] {
        var parts: [CameraSpan] = []
        var time = from
        for span in self.spans where span.to > from && span.from < to {
            if span.from > time { parts.append(CameraSpan(condition: .unknown, from: time, to: span.from)) }
            parts.append(CameraSpan(condition: span.condition, from: max(span.from, time), to: min(span.to, to)))
            time = min(span.to, to)
        }
        if time < to { parts.append(CameraSpan(condition: .unknown, from: time, to: to)) }
        return parts
    }

    /// ok only if the camera was ok all the while; else what it was for the longest of the rest.
    private func worst(around turn: ObservedTurn, _ parameters: SafetyParameters.Cameras) -> CameraCondition {
        let window = self.spans(
            from: turn.start.advanced(bySeconds: -parameters.turnBefore),
            to: turn.end.advanced(bySeconds: parameters.turnAfter))
        var seconds: [CameraCondition: Double] = [:]
        for span in window where span.condition != .ok {
            seconds[span.condition, default: 0] += span.to.seconds(since: span.from)
        }
        // In the order of the cases, so that equal lengths give the same answer every time.
        return CameraCondition.allCases.filter { seconds[$0] != nil }
            .max { (seconds[$0] ?? 0) < (seconds[$1] ?? 0) } ?? .ok
    }

    /// Lets go of spans that nothing can ask about any more. A turn is told when it is over, so a while has to be kept.
    private mutating func forget(_ parameters: SafetyParameters.Cameras) {
        guard let last = self.last else { return }
        let reach = parameters.turnBefore + parameters.hysteresis + parameters.wordWait + Self.longestTurn
        var needed = last.time.advanced(bySeconds: -reach)
        if let move = self.moves.first { needed = min(needed, move.from) }
        if let turn = self.turns.first { needed = min(needed, turn.start.advanced(bySeconds: -parameters.turnBefore)) }
        self.spans.removeAll { $0.to < needed }
    }

    /// Seconds within which a turn has to be told after its start.
    private static let longestTurn = 60.0
}
