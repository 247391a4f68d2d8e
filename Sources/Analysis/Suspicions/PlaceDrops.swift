import Chronology
package import Deliveries
package import Geodesy
import Registers
import Telemetry
import Tracks

/// What shows that a place outside every register, at which a delivery is read to have ended, is supplied. One halt may
/// have been a meal or a breakdown, and where trucks eat many do. Of mixers those count that a sensor shows to have
/// discharged there, and that is no wash water; shuttle trips beyond those of a driver who eats there; and loads with
/// notes for elsewhere of which the next load shows that the truck was empty. Cement is blown into a silo, which no
/// sensor shows; it is no tanker's habit to be emptied twice where nobody takes cement.
package struct PlaceDrops: Hashable, Sendable {
    /// Other loads whose sensors show a discharge, of one truck one a day.
    package var shown: Int
    /// Loads of other tankers, and of this one on that day.
    package var tankers: Int
    /// Shuttle trips beyond `rules.dailyShuttles` of a truck and day, with this one.
    package var shuttles: Int
    /// Loads of which the next one shows that the truck was empty, with this one; near the sites of their notes those
    /// beyond the first of a truck and day.
    package var emptied: Int

    package init(shown: Int = 0, tankers: Int = 0, shuttles: Int = 0, emptied: Int = 0) {
        (self.shown, self.tankers, self.shuttles, self.emptied) = (shown, tankers, shuttles, emptied)
    }

    /// A delivery to such a place, and what is known of it.
    package struct Visit: Sendable {
        package var delivery: Delivery
        package var signs: DropSigns

        package init(_ delivery: Delivery, _ signs: DropSigns) { (self.delivery, self.signs) = (delivery, signs) }
    }

    /// Counts among `visits`, which may hold the delivery itself and any others; `nil` where the delivery ended at a
    /// place of the registers or of the search for suspected plants, or where is not known.
    package init?(at delivery: Delivery, _ signs: DropSigns, of visits: [Visit], in world: World) {
        guard let here = delivery.unregisteredDrop else { return nil }
        let (rules, radius) = (world.parameters.rules, world.parameters.cycles.spotRadius)
        let near = visits.filter { visit in
            visit.delivery.deliveryID != delivery.deliveryID
                && visit.delivery.unregisteredDrop.map { here.distanceMetres(to: $0) <= radius } ?? false
        }
        func within(_ seconds: Double) -> [Visit] {
            near.filter { $0.delivery.unloadStart.seconds(since: delivery.unloadStart).magnitude <= seconds }
        }
        let repeated = within(rules.repeatedDropDays * 86_400)
        let others = repeated.filter { $0.delivery.loadID != delivery.loadID }
        self.init()
        guard world.kind(of: delivery) != .bulkCement else {
            self.tankers = Self.loads(
                others.filter { other in
                    world.kind(of: other.delivery) == .bulkCement
                        && (other.delivery.terminal != delivery.terminal
                            || other.delivery.unloadStart.seconds(since: delivery.unloadStart).magnitude
                                <= rules.sameTruckDropSeconds)
                })
            return
        }
        let own = [Visit(delivery, signs)]
        self.shown = Self.byTruckAndDay(others.filter { $0.delivery.isLoadDischarged(in: world) }).count
        self.shuttles = Self.byTruckAndDay(
            (own + within(rules.shuttleDays * 86_400)).filter { $0.signs.contains(.shuttle) }
        ).reduce(0) { $0 + max(0, $1 - max(0, rules.dailyShuttles)) }
        let nearSite = Self.byTruckAndDay((own + repeated).filter { $0.signs.contains(.emptiedNearSite) })
        self.emptied =
            Self.loads((own + repeated).filter { $0.signs.contains(.emptied) })
            + nearSite.reduce(0) { $0 + $1 - 1 }
    }

    private static func loads(_ visits: [Visit]) -> Int { Set(visits.map(\.delivery.loadID)).count }

    /// How many loads each truck unloaded there on each day.
    private static func byTruckAndDay(_ visits: [Visit]) -> [Int] {
        let days = Dictionary(grouping: visits) { visit in
            visit.delivery.terminal.text + " " + visit.delivery.unloadStart.date(at: .shanghai).description
        }
        return days.values.map(Self.loads)
    }

    /// Whether they show that trucks are unloaded there.
    func isSupplied(_ rules: AnalysisParameters.Rules) -> Bool { !self.reasons(rules).isEmpty }
}

// MARK: - In words

extension PlaceDrops {
    /// Why the place is taken for one that is supplied. Of each kind the words say only that there are enough, so that
    /// more of them change nothing that was said.
    func reasons(_ rules: AnalysisParameters.Rules) -> [Statement] {
        let days = Wording.number(rules.repeatedDropDays)
        var found: [Statement] = []
        if self.shown >= rules.repeatedDrops {
            found.append(
                Statement(
                    zh: "该处前后 \(days) 天内，另有不少于 \(rules.repeatedDrops) 车（不同车辆或不同日）由传感器证实卸料（不含洗车水）。",
                    en:
                        "Sensors show that at least \(rules.repeatedDrops) other loads (of different trucks or days; wash water does not "
                        + "count) were discharged there within \(days) days before or after."))
        }
        if self.tankers >= rules.repeatedTankerDrops {
            found.append(
                Statement(
                    zh: "该处前后 \(days) 天内，另有不少于 \(rules.repeatedTankerDrops) 车水泥罐车停留卸料。",
                    en:
                        "At least \(rules.repeatedTankerDrops) other tanker stood there within \(days) days before or after."
                ))
        }
        if self.shuttles >= rules.repeatedShuttles {
            let span = Wording.number(rules.shuttleDays)
            found.append(
                Statement(
                    zh:
                        "该处前后 \(span) 天内有车辆往返直送：从站点直达此处停留，返回站点后下一车又到此处；每车每日前 \(rules.dailyShuttles) 次不计，其余不少于 \(rules.repeatedShuttles) 次。",
                    en:
                        "Trucks shuttled to it within \(span) days before or after: straight from a plant, and back for the next load, which "
                        + "went there too; of each truck and day those beyond \(rules.dailyShuttles) count, and there are at least "
                        + "\(rules.repeatedShuttles)."))
        }
        if self.emptied >= rules.repeatedDrops {
            let minutes = Wording.minutes(rules.emptiedSeconds)
            found.append(
                Statement(
                    zh:
                        "该处前后 \(days) 天内，有不少于 \(rules.repeatedDrops) 车有发货单的料未到单上工地，在此停留后车辆返回站点，不到 \(minutes) 分钟即装下一张自己的发货单：车已空。",
                    en:
                        "Within \(days) days before or after at least \(rules.repeatedDrops) loads with notes for elsewhere never came to their "
                        + "sites, stood there, and their trucks took the next load with a note of their own within \(minutes) min of "
                        + "coming back to a plant: they were empty."))
        }
        return found
    }

    /// What is wanting, where the place is not.
    static func wanting(of kind: Vehicle.Kind?, _ rules: AnalysisParameters.Rules) -> Statement {
        let days = Wording.number(rules.repeatedDropDays)
        guard kind != .bulkCement else {
            return Statement(
                zh: "该处前后 \(days) 天内没有其他罐车卸料", en: "no other tanker is known to have unloaded there within \(days) days"
            )
        }
        return Statement(
            zh:
                "该处反复卸料也没有足够证据（前后 \(days) 天内由传感器证实的其他车次、空车返站即装下一单的车次均不足 \(rules.repeatedDrops)，也没有足够的往返直送）",
            en:
                "that loads go there again and again is not shown enough (within \(days) days fewer than \(rules.repeatedDrops) others by "
                + "sensors, fewer than \(rules.repeatedDrops) of which the next load shows that the truck was empty, and too little "
                + "shuttling)")
    }
}

// MARK: - Of one delivery

extension Delivery {
    /// Where it was unloaded outside every register; `nil` at a known place, and where nobody knows.
    package var unregisteredDrop: Coordinate? {
        self.destination.kind == .unknown && self.destination.id == nil ? self.destination.coordinate : nil
    }

    /// Whether a sensor shows that it was unloaded.
    var isDischargeShown: Bool { self.confidence["discharge"] == 1 }

    /// Whether a sensor shows that it was a load: longer a discharge, or more, than wash water. Rows derived before the
    /// length was written down say no more than that there was one.
    func isLoadDischarged(in world: World) -> Bool {
        guard self.isDischargeShown else { return false }
        guard let drop = self.haul?.drop else { return true }
        let evidence = world.parameters.evidence
        if let change = drop.loadChange { return change <= -2 * evidence.loadChange }
        guard self.washSeconds(in: world) == nil else { return false }
        return drop.dischargeSeconds >= evidence.dischargeSecondsAfterDrop
    }

    /// Seconds for which a drum turned back outside every register, once the load had been poured at registered sites,
    /// and too shortly beside that pour to be a part of the load; `nil`: it did not, or a load sensor tells.
    func washSeconds(in world: World) -> Double? {
        let rules = world.parameters.rules
        guard self.isDischargeShown, self.unregisteredDrop != nil, let haul = self.haul,
            let poured = haul.pouredSeconds, poured >= rules.wholePourSeconds, haul.drop.loadChange == nil,
            haul.drop.dischargeSeconds <= rules.washShare * poured
        else { return nil }
        return haul.drop.dischargeSeconds
    }

    /// Seconds for which a drum turned back that may have been rinsed; `nil`: it was not, or a load sensor tells.
    func rinseSeconds(in world: World) -> Double? {
        guard self.isDischargeShown, let drop = self.haul?.drop, drop.loadChange == nil, drop.dischargeSeconds > 0,
            drop.dischargeSeconds < world.parameters.evidence.dischargeSecondsAfterDrop
        else { return nil }
        return drop.dischargeSeconds
    }
}
