import Chronology
import Deliveries
import Geodesy
import Registers
import Telemetry
import Tracks

/// A terminal that reports, and whether the register of vehicles names it.
struct TerminalFacts: Sendable {
    var terminal: TerminalID
    /// `nil`: no vehicles are registered at all.
    var isKnown: Bool?
    var time: Instant
}

/// 未登记终端: a terminal reports that no row of the register of vehicles names, at whatever time.
struct UnregisteredTerminal: StreamRule {
    let rule = VehicleAlert.Rule.unregisteredTerminal
    let severity = 1

    func parameters(_ all: AnalysisParameters) -> [String: Double] { [:] }

    func criterion(_ all: AnalysisParameters) -> Statement {
        .criterion(zh: "车辆登记表", en: "the register of vehicles")
    }

    func judge(_ facts: TerminalFacts, in world: World) -> StreamAnswer {
        guard let isKnown = facts.isKnown else {
            return .insufficient(zh: "没有导入车辆登记表。", en: "No vehicles are registered at all.")
        }
        guard !isKnown else { return .no(zh: "车辆登记表中有该终端。", en: "The register of vehicles names it.") }
        let (truck, time) = (facts.terminal, facts.time)
        return .hit(
            Statement(
                zh: "\(truck) 自 \(Wording.time(time)) 起上报，但车辆登记表中没有该终端。",
                en:
                    "\(truck) has reported since \(Wording.time(time)), and no row of the register of vehicles names it."
            ),
            against: Statement(zh: "可能是新装或换装未登记。", en: "It may be new, or have been moved to another truck."))
    }
}

extension VehicleAlerts {
    mutating func unregistered(_ time: Instant, _ place: Coordinate?, _ world: World) -> [VehicleAlert.Change] {
        let isKnown = world.registers.vehicles.isEmpty ? nil : world.isKnown(self.terminal)
        let facts = TerminalFacts(terminal: self.terminal, isKnown: isKnown, time: time)
        return self.tell(UnregisteredTerminal(), facts, since: time, at: time, place, in: world)
    }
}
