import Chronology
import Deliveries
import Geodesy
import Registers
import Telemetry
import Tracks

/// Where a truck is, and the zones that are closed to some.
struct ZoneFacts: Sendable {
    var terminal: TerminalID
    /// `nil`: no vehicle of the register carries the terminal.
    var plate: String?
    /// `nil`: nobody knows.
    var place: Coordinate?
    var zones: [Zone]
    var time: Instant
}

/// 违反禁行: inside a zone at an hour at which it is closed, without a permit.
struct RestrictedZone: StreamRule {
    let rule = VehicleAlert.Rule.restrictedZone
    let severity = 2

    /// Fence, hours and permits stand in the register.
    func parameters(_ all: AnalysisParameters) -> [String: Double] { [:] }

    func criterion(_ all: AnalysisParameters) -> Statement {
        .criterion(zh: "登记的禁行区范围、时段与通行证", en: "fence, hours and permits of the zone as registered")
    }

    func judge(_ facts: ZoneFacts, in world: World) -> StreamAnswer {
        guard !facts.zones.isEmpty else {
            return .insufficient(zh: "没有登记禁行区。", en: "No zones are registered.")
        }
        guard let place = facts.place else {
            return .insufficient(zh: "当时没有可用定位。", en: "Where it was is not known.")
        }
        let closed = facts.zones.filter { $0.fence.contains(place) && $0.isClosed(at: facts.time) }
        guard !closed.isEmpty else {
            return .no(zh: "不在禁行时段的禁行区内。", en: "It is in no zone that is closed at that hour.")
        }
        guard let plate = facts.plate else {
            // Whether a truck without a known plate has a permit nobody can tell.
            guard let zone = closed.first(where: \.permitPlates.isEmpty) else {
                return .insufficient(
                    zh: "车牌未知，无法判断是否有通行证。", en: "Its plate is not known, nor whether it has a permit.")
            }
            return self.hit(facts.terminal.text, zone)
        }
        guard let zone = closed.first(where: { !$0.permitPlates.contains(plate) }) else {
            return .no(zh: "有登记的通行证。", en: "It has a permit.")
        }
        return self.hit(plate, zone)
    }

    private func hit(_ truck: String, _ zone: Zone) -> StreamAnswer {
        .hit(
            Statement(
                zh: "\(truck) 在禁行时段位于 \(zone.name)（\(zone.zoneID)），没有登记的通行证。",
                en: "\(truck) is in \(zone.name) (\(zone.zoneID)) at a restricted hour, with no permit registered."),
            against: Statement(
                zh: "通行证可能已核发但尚未登记。", en: "A permit may have been granted and not have reached the register."))
    }
}

extension VehicleAlerts {
    mutating func restricted(
        _ time: Instant, _ place: Coordinate?, _ surroundings: AlertSurroundings
    ) -> [VehicleAlert.Change] {
        let world = surroundings.world
        let facts = ZoneFacts(
            terminal: self.terminal, plate: world.vehicle(self.terminal, at: time)?.plate, place: place,
            zones: surroundings.zones, time: time)
        // A report without a fix neither tells nor ends it.
        return self.tell(
            RestrictedZone(), facts, since: time, at: time, place, in: world, keepsUnlessHit: place == nil)
    }
}
