import Chronology
import Deliveries
import Geodesy
import Registers
import Telemetry
import Tracks

/// What a terminal's reports show of the terminal itself, as it watches them.
struct FaultWatch: Codable, Hashable, Sendable {
    private var cleaner = TrackCleaner()
    private var teleports = TeleportWatch()
    private var frozen = FrozenWatch()
    private var clock = ClockWatch()

    /// What one report shows.
    struct Reading {
        var teleports: TerminalFault?
        /// The position stands still, so far.
        var frozen: TerminalFault?
        /// The position that stood still moves again.
        var isThawed = false
        var clock: TerminalFault?
    }

    /// Takes the next report, with or without a fix, in the order of time.
    mutating func take(_ report: PositionReport, receivedAt: Instant, _ parameters: AnalysisParameters) -> Reading {
        var reading = Reading()
        let last = self.cleaner.last
        let verdict = self.cleaner.take(report, parameters.cleaning)
        reading.teleports = self.teleports.take(report, verdict, after: last, parameters)
        reading.isThawed = self.frozen.take(report, parameters.faults) != nil
        reading.frozen = self.frozen.fault(parameters.faults)
        reading.clock = self.clock.take(report, receivedAt: receivedAt, parameters.faults)
        return reading
    }
}

extension VehicleAlerts {
    /// Faults of the terminal, and a terminal that no register knows.
    mutating func terminalFaults(
        _ report: PositionReport, _ receivedAt: Instant, _ place: Coordinate?, _ world: World
    ) -> [VehicleAlert.Change] {
        let time = report.recordedAt
        let reading = self.faults.take(report, receivedAt: receivedAt, world.parameters)
        var changes = self.unregistered(time, place, world)
        if reading.isThawed { changes += self.end(.frozenPosition, at: time) }
        if let fault = reading.frozen {
            changes += self.raise(
                .frozenPosition, since: fault.start, at: time, fault.coordinate,
                Statement(
                    zh:
                        "\(self.terminal) 的定位自 \(Wording.time(fault.start)) 起一动不动（\(Wording.coordinate(fault.coordinate))），"
                        + "同时记录仪有速度 \(fault.count) 次，里程增加 \(Int(fault.amount)) 米。",
                    en: "The position of \(self.terminal) has not changed since \(Wording.time(fault.start)) "
                        + "(\(Wording.coordinate(fault.coordinate))), while \(fault.count) reports show a speed and the odometer "
                        + "grew by \(Int(fault.amount)) m."),
                against: Statement(zh: "可能是终端故障，或天线脱落。", en: "The terminal may be broken, or its antenna loose."),
                in: world)
        }
        if let fault = reading.teleports {
            changes += self.tell(
                .teleport, fault, at: time,
                Statement(
                    zh: "\(self.terminal) 当日定位跳变 \(fault.count) 次，最远 \(Int(fault.amount)) 米，速度不可能。",
                    en:
                        "\(self.terminal) jumped \(fault.count) times that day, at the farthest \(Int(fault.amount)) m, faster than "
                        + "any truck."),
                against: Statement(zh: "可能是信号反射或干扰。", en: "It may be reflections or interference."), in: world)
        }
        if let fault = reading.clock {
            changes += self.tell(
                .clockFault, fault, at: time, self.wording(ofClock: fault),
                against: Statement(
                    zh: "可能是时区设置或终端固件问题，与驾驶员无关。",
                    en: "It may be a setting of the time zone or the terminal's firmware, and no doing of the driver's."
                ),
                in: world)
        }
        return changes
    }

    /// Where no vehicles are registered at all, nothing is known of any terminal.
    private mutating func unregistered(
        _ time: Instant, _ place: Coordinate?, _ world: World
    ) -> [VehicleAlert.Change] {
        guard !world.registers.vehicles.isEmpty, !world.isKnown(self.terminal) else {
            return self.end(.unregisteredTerminal, at: time)
        }
        return self.raise(
            .unregisteredTerminal, since: time, at: time, place,
            Statement(
                zh: "\(self.terminal) 自 \(Wording.time(time)) 起上报，但车辆登记表中没有该终端。",
                en:
                    "\(self.terminal) has reported since \(Wording.time(time)), and no row of the register of vehicles names it."
            ),
            against: Statement(zh: "可能是新装或换装未登记。", en: "It may be new, or have been moved to another truck."),
            in: world)
    }

    /// Something that is over when it is known.
    private mutating func tell(
        _ rule: VehicleAlert.Rule, _ fault: TerminalFault, at time: Instant, _ fact: Statement,
        against counterfact: Statement, in world: World
    ) -> [VehicleAlert.Change] {
        let opened = self.raise(
            rule, since: fault.start, at: time, fault.coordinate, fact, against: counterfact, in: world)
        return opened + self.end(rule, at: time)
    }

    private func wording(ofClock fault: TerminalFault) -> Statement {
        let seconds = Int(fault.amount)
        let cause: (zh: String, en: String) =
            switch fault.kind {
            case .clockOffset: ("相差 8 小时，疑似时区设置错误", "8 hours off, as by a wrong time zone")
            case .weekRollover:
                ("相差 1024 周的整数倍，疑似 GPS 周数翻转", "off by eras of 1024 weeks: the GPS week number rolled over")
            case .clockAhead, .frozenPosition, .teleports: ("快于服务器", "ahead of the server")
            }
        return Statement(
            zh: "\(self.terminal) 的时钟与服务器相差 \(seconds) 秒（\(cause.zh)），\(fault.count) 次上报均如此。",
            en:
                "The clock of \(self.terminal) differs from the server's by \(seconds) s (\(cause.en)), in \(fault.count) reports."
        )
    }
}
