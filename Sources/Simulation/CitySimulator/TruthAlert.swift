package import Chronology
import Registers

/// Something of which an alert ought to tell: a terminal that is tampered with or broken, a camera that fails, a clock
/// that is wrong, a note without a delivery, a drive too fast or too long. Times are those of the terminal's clock.
package struct TruthAlert: Hashable, Sendable, Codable {
    /// The code of the rule that ought to notice.
    package var rule: String
    package var plate: String
    package var terminal: String
    package var start: Instant
    package var end: Instant
    /// Whether it lasts so long, and is seen so well, that an alert has to come; else one may come or not.
    package var isCertain: Bool

    package init(rule: String, plate: String, terminal: String, start: Instant, end: Instant, isCertain: Bool) {
        self.rule = rule
        self.plate = plate
        self.terminal = terminal
        self.start = start
        self.end = end
        self.isCertain = isCertain
    }

    /// The rules whose alerts the simulator can foretell.
    package static let knownRules = [
        "ghost-ticket", "jamming", "replayed-track", "cloned-identity", "clock-fault", "camera-lost-moving",
        "camera-occluded-moving", "camera-silent", "blind-right-turn", "fast-right-turn", "speeding",
        "fatigue-driving", "restricted-zone", "long-stop", "silent-vehicle", "frozen-position", "teleport",
        "unregistered-terminal",
    ]

    /// Those that hold a terminal against the server's clock, so that a recording tells nothing of them.
    package static let liveRules = ["clock-fault", "silent-vehicle"]
}

extension SimulatedCity {
    /// What alerts ought to tell of day `day`, counted from 0; nothing after the plan's last day.
    package func alerts(ofDay day: Int) -> [TruthAlert] {
        self.days(day).flatMap { truckDay -> [TruthAlert] in
            let truck = self.city.trucks[truckDay.truck]
            let clock = Double(truck.habits.clockOffset)
            let start = self.plan.start(ofDay: day).advanced(bySeconds: clock)
            func alert(_ rule: String, _ seconds: Range<Int>, isCertain: Bool = true) -> TruthAlert {
                TruthAlert(
                    rule: rule, plate: truck.plate, terminal: truck.terminal,
                    start: start.advanced(bySeconds: Double(seconds.lowerBound)),
                    end: start.advanced(bySeconds: Double(seconds.upperBound)), isCertain: isCertain)
            }
            var found: [TruthAlert] = []
            if let cheat = TerminalCheat(truckDay, of: truck, in: self.city) {
                // A jam of which one hears when it is over raises no alarm any more.
                let outages = TerminalFaults(truck: truck, day: day, plan: self.plan).outages
                let isLate = cheat.kind == .jammed && outages.contains { $0.overlaps(cheat.seconds) }
                found.append(alert(cheat.kind.rule, cheat.seconds, isCertain: !isLate))
            }
            if let note = self.ghostNote(truckDay) {
                let second = Int(note.issuedAt.seconds(since: self.plan.start(ofDay: day)))
                let isCertain = GhostNote.isHeard(truckDay, of: truck, at: second)
                found.append(alert("ghost-ticket", second..<second + 1, isCertain: isCertain))
            }
            // It is told once, when it has been so for a while.
            if clock != 0 {
                found.append(alert("clock-fault", 0..<TruckDay.length, isCertain: day == 0 && truckDay.metres > 0))
            }
            for episode in CameraRecorder.episodes(truckDay, of: truck, plan: self.plan) {
                let moving = self.movingSeconds(truckDay, within: episode.seconds)
                guard moving > 0 else { continue }
                let rule = episode.state == .occluded ? "camera-occluded-moving" : "camera-lost-moving"
                found.append(alert(rule, episode.seconds, isCertain: moving > TruthAlert.certainSeconds))
            }
            var things = TruthDriving(truckDay, of: truck, in: self.city).things
            if let silent = self.silentCamera(of: truck, onDay: day) { things.append(silent) }
            return found + things.map { alert($0.rule, $0.seconds, isCertain: $0.isCertain) }
        } + self.strangers(onDay: day)
    }

    private func silentCamera(of truck: Truck, onDay day: Int) -> TruthDriving.Thing? {
        guard !self.plan.hasCameras || truck.habits.cameras.isEmpty else { return nil }
        let days = (0...day).map { DayBuilder.plan(truck, day: $0, in: self.city) }
        return TruthDriving.silentCamera(days, of: truck, plan: self.plan)
    }

    private func strangers(onDay day: Int) -> [TruthAlert] {
        guard day >= 0, self.plan.days.map({ day < $0 }) ?? true else { return [] }
        let start = self.plan.start(ofDay: day)
        return self.city.strangers.map { stranger in
            let seconds = Stranger.seconds(day, of: stranger, in: self.city)
            return TruthAlert(
                rule: "unregistered-terminal", plate: stranger.plate, terminal: stranger.terminal,
                start: start.advanced(bySeconds: Double(seconds.lowerBound)),
                end: start.advanced(bySeconds: Double(seconds.upperBound)), isCertain: true)
        }
    }

    private func movingSeconds(_ truckDay: TruckDay, within seconds: Range<Int>) -> Int {
        var segment = 0
        return seconds.count { second in
            truckDay.state(at: second, from: &segment).speed > TruthExposure.walkingSpeed
                && !truckDay.isDark(at: second)
        }
    }
}

extension TruthAlert {
    /// Seconds of driving with a bad camera after which an alert has to come, even from a terminal that reports once a
    /// minute: the rule asks for two minutes.
    fileprivate static let certainSeconds = 300
}

/// `truth-alerts.csv`.
extension TruthAlert {
    package static func csv(_ alerts: [TruthAlert]) -> String {
        var writer = CommaSeparatedWriter(header: ["rule", "plate", "terminal", "start", "end", "is_certain"])
        for alert in alerts {
            writer.append([
                alert.rule, alert.plate, alert.terminal, alert.start.description, alert.end.description,
                alert.isCertain ? "true" : "false",
            ])
        }
        return writer.text
    }

    /// Reads what `csv` writes; the first value that cannot be read is the error.
    package static func read(csv text: String) throws(TruthFileError) -> [TruthAlert] {
        let reader = CommaSeparatedReader(text)
        var alerts: [TruthAlert] = []
        for (index, row) in reader.rows.enumerated() {
            let row = TruthRow(reader: reader, row: row, line: index + 2)
            alerts.append(
                TruthAlert(
                    rule: try row.value("rule") { Self.knownRules.contains($0) ? $0 : nil },
                    plate: try row.text("plate"), terminal: try row.text("terminal"),
                    start: try row.instant("start"), end: try row.instant("end"),
                    isCertain: try row.value("is_certain", Bool.init)))
        }
        return alerts
    }
}
