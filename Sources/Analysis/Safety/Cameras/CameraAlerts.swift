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
        let seconds = span.to.seconds(since: span.from)
        var changes: [CameraAlert.Change] = []
        let rules: [(CameraAlert.Rule, Bool)] = [
            (.cameraLostMoving, span.condition == .lost || span.condition == .fault),
            (.cameraOccludedMoving, span.condition == .occluded),
        ]
        for (rule, isBad) in rules {
            guard isBad else {
                self.spells[rule] = nil
                changes += self.close(rule, at: span.from)
                continue
            }
            var spell = self.spells[rule] ?? Spell(since: span.from, seconds: 0)
            spell.seconds += seconds
            self.spells[rule] = spell
            guard spell.seconds >= parameters.alertSeconds else { continue }
            changes += self.raise(rule, spell, span, place, parameters)
        }
        if span.condition == .ok { changes += self.close(.blindRightTurn, at: span.from) }
        return changes + self.silence(span, seconds, place, parameters)
    }

    private mutating func raise(
        _ rule: CameraAlert.Rule, _ spell: Spell, _ span: CameraSpan, _ place: Coordinate?,
        _ parameters: SafetyParameters.Cameras
    ) -> [CameraAlert.Change] {
        let (words, driven) = (span.condition.words, Int(spell.seconds))
        return self.raise(
            CameraAlert(
                rule: rule, terminal: self.terminal, since: spell.since, openedAt: span.to, coordinate: place,
                fact: SafetyStatement(
                    zh:
                        "\(self.terminal.text) 行驶中右侧盲区摄像头\(words.zh)，自 \(ClockText.time(spell.since)) 起已行驶 \(driven) 秒。",
                    en: "The right blind-spot camera of \(self.terminal.text) has been \(words.en) since "
                        + "\(ClockText.time(spell.since)), for \(driven) s of driving."),
                parameters: ["alertSeconds": parameters.alertSeconds, "hysteresis": parameters.hysteresis]))
    }

    private mutating func silence(
        _ span: CameraSpan, _ seconds: Double, _ place: Coordinate?, _ parameters: SafetyParameters.Cameras
    ) -> [CameraAlert.Change] {
        guard span.condition == .unknown else {
            self.silentSeconds = 0
            self.silentSince = nil
            return self.close(.cameraSilent, at: span.from)
        }
        let since = self.silentSince ?? span.from
        self.silentSince = since
        self.silentSeconds += seconds
        guard self.silentSeconds >= parameters.silentDriving else { return [] }
        let hours = Int(self.silentSeconds / 3600)
        return self.raise(
            CameraAlert(
                rule: .cameraSilent, terminal: self.terminal, since: since, openedAt: span.to, coordinate: place,
                fact: SafetyStatement(
                    zh: "\(self.terminal.text) 自 \(ClockText.time(since)) 起行驶 \(hours) 小时，没有任何右侧盲区摄像头状态。",
                    en:
                        "\(self.terminal.text) has driven \(hours) h since \(ClockText.time(since)) without a word of the right "
                        + "blind-spot camera."),
                parameters: ["silentDriving": parameters.silentDriving, "silenceLimit": parameters.silenceLimit]))
    }

    /// The truck has turned right. Blind turns are one alert until the camera is ok again: every single one is counted
    /// among the day's turns, and a camera that is never heard of would raise one at each junction.
    mutating func turned(
        _ turn: ObservedTurn, _ condition: CameraCondition, _ parameters: SafetyParameters.Cameras
    ) -> [CameraAlert.Change] {
        var changes: [CameraAlert.Change] = []
        let (time, angle) = (ClockText.time(turn.start), Int(turn.angle.isFinite ? turn.angle.rounded() : 0))
        if condition != .ok {
            changes += self.raise(
                self.alert(
                    .blindRightTurn, turn,
                    SafetyStatement(
                        zh:
                            "\(self.terminal.text) 于 \(time) 右转约 \(angle)°，右侧盲区摄像头\(condition.words.zh)；恢复正常前的其余右转不再逐次告警。",
                        en:
                            "\(self.terminal.text) turned right by about \(angle)° at \(time), its right blind-spot camera "
                            + "\(condition.words.en); further turns are not told one by one until it works."),
                    ["turnBefore": parameters.turnBefore, "turnAfter": parameters.turnAfter]))
        }
        if let speed = turn.maximumSpeed, speed > parameters.turnSpeed, speed < 1000 {
            let (highest, limit) = (Self.tenths(speed), Self.tenths(parameters.turnSpeed))
            changes += self.told(
                .fastRightTurn, turn,
                SafetyStatement(
                    zh:
                        "\(self.terminal.text) 于 \(time) 右转约 \(angle)°，最高 \(highest) 公里/小时，限值 \(limit)。",
                    en:
                        "\(self.terminal.text) turned right by about \(angle)° at \(time) at up to \(highest) km/h, the limit "
                        + "being \(limit)."),
                ["turnSpeed": parameters.turnSpeed])
        }
        return changes
    }

    /// As the terminal said it: 30.4 above a limit of 30 must not read as 30.
    private static func tenths(_ speed: Double) -> String {
        let tenths = Int((speed * 10).rounded())
        return tenths.isMultiple(of: 10) ? String(tenths / 10) : "\(tenths / 10).\(tenths % 10)"
    }

    /// An alert about something that is over.
    private func told(
        _ rule: CameraAlert.Rule, _ turn: ObservedTurn, _ fact: SafetyStatement, _ parameters: [String: Double]
    ) -> [CameraAlert.Change] {
        let opened = self.alert(rule, turn, fact, parameters)
        var closed = opened
        closed.closedAt = turn.end
        return [.opened(opened), .closed(closed)]
    }

    private func alert(
        _ rule: CameraAlert.Rule, _ turn: ObservedTurn, _ fact: SafetyStatement, _ parameters: [String: Double]
    ) -> CameraAlert {
        CameraAlert(
            rule: rule, terminal: self.terminal, since: turn.start, openedAt: turn.end, coordinate: turn.coordinate,
            fact: fact, parameters: parameters)
    }

    private mutating func raise(_ alert: CameraAlert) -> [CameraAlert.Change] {
        guard self.open[alert.rule] == nil else { return [] }
        self.open[alert.rule] = alert
        return [.opened(alert)]
    }

    private mutating func close(_ rule: CameraAlert.Rule, at time: Instant) -> [CameraAlert.Change] {
        guard var alert = self.open.removeValue(forKey: rule) else { return [] }
        alert.closedAt = max(time, alert.openedAt)
        return [.closed(alert)]
    }
}

/// Times as sentences have them.
enum ClockText {
    /// As clocks in China show it, to the minute: `2026-03-02 16:15`.
    static func time(_ instant: Instant) -> String {
        let text = instant.formatted(at: .shanghai)
        return text.prefix(10) + " " + text.dropFirst(11).prefix(5)
    }
}
