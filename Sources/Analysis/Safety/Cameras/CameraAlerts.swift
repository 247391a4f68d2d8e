import Chronology
import Geodesy
import Telemetry

/// The camera rules over settled facts: moving with a camera that is not ok, right turns, silence.
struct CameraAlerts: Hashable, Sendable, Codable {
    let terminal: TerminalID
    private var open: [CameraAlert.Rule: CameraAlert] = [:]
    /// Seconds of moving in the spell that goes on, and its beginning; a halt neither counts nor ends it.
    private var spells: [CameraAlert.Rule: Spell] = [:]
    private var silentSeconds = 0.0
    private var silentSince: Instant?

    /// A stretch without a break in which the camera was not what it should be.
    private struct Spell: Hashable, Sendable, Codable {
        var since: Instant
        var seconds: Double
    }

    init(terminal: TerminalID) {
        self.terminal = terminal
    }

    /// The alerts that stand open.
    var standing: [CameraAlert] { CameraAlert.Rule.allCases.compactMap { self.open[$0] } }

    /// Another vehicle carries the terminal from here on: what went on is over, and counts for that one no more.
    mutating func handOver(at time: Instant) -> [CameraAlert.Change] {
        let changes = CameraAlert.Rule.allCases.flatMap { self.close($0, at: time) }
        self = CameraAlerts(terminal: self.terminal)
        return changes
    }

    /// The camera has said something: it is not silent.
    mutating func heard(at time: Instant) -> [CameraAlert.Change] {
        self.silentSeconds = 0
        self.silentSince = nil
        return self.close(.cameraSilent, at: time)
    }

    /// The truck has moved for a span.
    mutating func moved(
        _ span: CameraSpan, at place: Coordinate?, _ parameters: SafetyParameters.Cameras
    ) -> [CameraAlert.Change] {
        var changes = self.moved(
            CameraLostMoving(), span.condition == .lost || span.condition == .fault, span, at: place, parameters)
        changes += self.moved(CameraOccludedMoving(), span.condition == .occluded, span, at: place, parameters)
        if span.condition == .ok { changes += self.close(.blindRightTurn, at: span.from) }
        return changes + self.silence(span, place, parameters)
    }

    /// Counts the moving of a spell in which the camera is as the rule has it.
    private mutating func moved<Rule: CameraRule>(
        _ rule: Rule, _ isBad: Bool, _ span: CameraSpan, at place: Coordinate?, _ parameters: SafetyParameters.Cameras
    ) -> [CameraAlert.Change] where Rule.Facts == CameraSpellFacts {
        guard isBad else {
            self.spells[rule.rule] = nil
            return self.close(rule.rule, at: span.from)
        }
        var spell = self.spells[rule.rule] ?? Spell(since: span.from, seconds: 0)
        spell.seconds += span.to.seconds(since: span.from)
        self.spells[rule.rule] = spell
        let facts = CameraSpellFacts(
            terminal: self.terminal, condition: span.condition, since: spell.since, seconds: spell.seconds)
        return self.tell(rule, facts, since: spell.since, at: span.to, place, parameters)
    }

    private mutating func silence(
        _ span: CameraSpan, _ place: Coordinate?, _ parameters: SafetyParameters.Cameras
    ) -> [CameraAlert.Change] {
        guard span.condition == .unknown else {
            self.silentSeconds = 0
            self.silentSince = nil
            return self.close(.cameraSilent, at: span.from)
        }
        let since = self.silentSince ?? span.from
        self.silentSince = since
        self.silentSeconds += span.to.seconds(since: span.from)
        let facts = CameraSilenceFacts(
            terminal: self.terminal, condition: span.condition, since: since, seconds: self.silentSeconds)
        return self.tell(CameraSilent(), facts, since: since, at: span.to, place, parameters)
    }

    /// The truck has turned right. Blind turns are one alert until the camera is ok again: every single one is counted
    /// among the day's turns, and a camera that is never heard of would raise one at each junction.
    mutating func turned(
        _ turn: ObservedTurn, _ condition: CameraCondition, _ parameters: SafetyParameters.Cameras
    ) -> [CameraAlert.Change] {
        let facts = TurnFacts(terminal: self.terminal, turn: turn, condition: condition)
        let changes = self.tell(
            BlindRightTurn(), facts, since: turn.start, at: turn.end, turn.coordinate, parameters)
        let fast = FastRightTurn().judge(facts, parameters)
        guard fast.outcome == .hit else { return changes }
        // It is over when it is told.
        let opened = CameraAlert(
            FastRightTurn(), fast, terminal: self.terminal, since: turn.start, openedAt: turn.end,
            coordinate: turn.coordinate, parameters)
        var closed = opened
        closed.closedAt = turn.end
        return changes + [.opened(opened), .closed(closed)]
    }

    /// Raises what a rule hits, unless it stands open.
    private mutating func tell<Rule: CameraRule>(
        _ rule: Rule, _ facts: Rule.Facts, since: Instant, at time: Instant, _ place: Coordinate?,
        _ parameters: SafetyParameters.Cameras
    ) -> [CameraAlert.Change] {
        guard self.open[rule.rule] == nil else { return [] }
        let answer = rule.judge(facts, parameters)
        guard answer.outcome == .hit else { return [] }
        let alert = CameraAlert(
            rule, answer, terminal: self.terminal, since: since, openedAt: time, coordinate: place, parameters)
        self.open[rule.rule] = alert
        return [.opened(alert)]
    }

    private mutating func close(_ rule: CameraAlert.Rule, at time: Instant) -> [CameraAlert.Change] {
        guard var alert = self.open.removeValue(forKey: rule) else { return [] }
        alert.closedAt = max(time, alert.openedAt)
        return [.closed(alert)]
    }
}

/// Times and numbers as sentences have them.
enum ClockText {
    /// As clocks in China show it, to the minute: `2026-03-02 16:15`.
    static func time(_ instant: Instant) -> String {
        let text = instant.formatted(at: .shanghai)
        return text.prefix(10) + " " + text.dropFirst(11).prefix(5)
    }

    /// To a tenth, without one where it is whole: 30.4 above a limit of 30 must not read as 30.
    static func number(_ number: Double) -> String {
        guard number.magnitude < 1e12 else { return "?" }
        let tenths = Int((number * 10).rounded())
        return tenths.isMultiple(of: 10) ? String(tenths / 10) : "\(tenths / 10).\(tenths.magnitude % 10)"
    }
}
