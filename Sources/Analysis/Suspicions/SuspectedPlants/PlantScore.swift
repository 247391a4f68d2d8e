import Deliveries
import Tracks

/// One thing that speaks for or against a suspected plant, with the points it counts.
package struct PlantReason: Hashable, Sendable, Codable {
    /// Names the reason, for example `tankers`; stable.
    package var name: String
    /// Positive speaks for a plant, negative against.
    package var points: Double
    package var statement: Statement

    package init(name: String, points: Double, statement: Statement) {
        self.name = name
        self.points = points
        self.statement = statement
    }
}

/// How likely the card is that of a plant: points for and against, 0–100 in all.
struct PlantScore {
    private(set) var reasons: [PlantReason] = []

    /// All points, beyond 100 as well: of two places that could both be the plant it tells the likelier.
    var sum: Double { self.reasons.reduce(0) { $0 + $1.points } }

    /// 0–100, to a tenth.
    var points: Double { (min(max(self.sum, 0), 100) * 10).rounded() / 10 }

    init(_ card: PlantEvidence) {
        self.judgeChain(card)
        self.judgeCompanions(card)
        self.judgeShuttles(card)
        self.judgeTrucks(card)
        self.judgeDwell(card)
        self.judgeSensors(card)
        self.judgePlace(card)
        self.reasons.removeAll { $0.points == 0 }
    }

    private mutating func add(_ name: String, _ points: Double, zh: String, en: String) {
        self.reasons.append(
            PlantReason(name: name, points: (points * 10).rounded() / 10, statement: Statement(zh: zh, en: en)))
    }

    /// From 0 at `low` to 1 at `high`.
    private static func ramp(_ value: Double, _ low: Double, _ high: Double) -> Double {
        min(max((value - low) / (high - low), 0), 1)
    }

    private mutating func judgeChain(_ card: PlantEvidence) {
        let share = Wording.percent(card.loadShare)
        self.add(
            "next-stop-unloads", 45 * Self.ramp(card.loadShare, 0.35, 0.85),
            zh: "未见在别处装料的车到此停留后去卸料 \(card.loads) 次，占可判断停留的 \(share)。",
            en: "\(Wording.count(card.loads, "time")) a truck that was not seen to load elsewhere stood here and went "
                + "to unload: \(share) of the visits that say anything.")
        self.add(
            "loads", 15 * Self.ramp(Double(card.loads), 2, 12), zh: "疑似装料 \(card.loads) 车次。",
            en: "\(Wording.count(card.loads, "likely load")).")
        let certain = card.loads > 0 ? Double(card.certainLoads) / Double(card.loads) : 0
        self.add(
            "certain-drops", 15 * certain,
            zh: "其中 \(card.certainLoads) 次随后在登记工地卸料，或由传感器证实。",
            en: "\(card.certainLoads) of them went on to a registered site, or sensors prove them.")
        self.add(
            "several-sites", card.sites >= 3 ? 10 : card.sites == 2 ? 5 : 0,
            zh: "供应 \(card.sites) 个不同地点。", en: "They went to \(card.sites) different places.")
        if card.loads > 0, certain < 0.3, card.sites < 3 {
            self.add(
                "to-and-fro", -30, zh: "车辆仅在少数未登记地点之间往返，无法分辨哪一处装料。",
                en: "Trucks go to and fro between few unregistered places; which of them loads cannot be told.")
        }
        let against = card.arrivedLoaded + card.wentToPlant
        if card.loadShare < 0.5, against > 0 {
            // Of trucks that work within one ground, the one that came from elsewhere says little.
            let weight = Double(against) / Double(against + card.shuttles)
            self.add(
                "on-the-way", -20 * weight * Self.ramp(0.5 - card.loadShare, 0, 0.3),
                zh: "\(card.arrivedLoaded) 次到达时车上已有料，\(card.wentToPlant) 次随后去站点装料：像途中停留或工地。",
                en:
                    "\(Wording.count(card.arrivedLoaded, "time")) the truck came loaded, "
                    + "\(Wording.count(card.wentToPlant, "time")) it went on to a plant: like a halt on the way, "
                    + "or a site.")
        }
    }

    /// The same trucks halt elsewhere on the same trips, and load only once.
    private mutating func judgeCompanions(_ card: PlantEvidence) {
        for companion in card.companions ?? [] {
            let (spot, away) = (Wording.coordinate(companion.coordinate), Wording.metres(companion.metres))
            let order = companion.isBefore ? (zh: "到此之前", en: "before") : (zh: "离开之后", en: "after")
            if companion.isOpen {
                self.add(
                    "one-of-two", -10,
                    zh: "其中 \(companion.trips) 次\(order.zh)还在 \(spot)（距此 \(away.zh)）停留：两处中哪一处装料，仅凭停留无法分辨，"
                        + "两处都应核查；运单不以此处为装料地点。",
                    en: "On \(companion.trips) of the trips the truck also halted at \(spot), \(away.en) away, "
                        + "\(order.en) this halt: halts do not tell which of the two places loads it. Check both; no "
                        + "delivery is taken to be loaded here.")
            } else {
                self.add(
                    "halts-elsewhere", -1,
                    zh: "其中 \(companion.trips) 次\(order.zh)还在 \(spot)（距此 \(away.zh)）停留，按途中停留处理；如在该处装料，则此处只是途经。",
                    en: "On \(companion.trips) of the trips the truck also halted at \(spot), \(away.en) away, "
                        + "\(order.en) this halt, which is taken for a halt on the way; if it was loaded there, it "
                        + "only passed here.")
            }
        }
    }

    /// Trucks that never leave: a plant with a site or a precast yard of its own, as far as halts can tell. Where most
    /// visits lie on a way to or from a plant it is a stop on that way.
    private mutating func judgeShuttles(_ card: PlantEvidence) {
        let elsewhere = card.arrivedLoaded + card.wentToPlant + card.loads
        guard card.trucks >= 3, card.shuttleDays >= 3, elsewhere * 5 <= card.shuttles, elsewhere * 2 <= card.visits
        else { return }
        let perDay = Double(card.shuttles) / Double(card.shuttleDays)
        self.add(
            "shuttles", 65 * Self.ramp(perDay, 3, 6) * Self.ramp(Double(card.shuttles), 8, 20),
            zh: "\(card.trucks) 台搅拌车整日在场内往返作业（\(card.shuttles) 次），不去其他站点：可能自拌自用。",
            en: "\(card.trucks) mixers go to and fro on this ground all day (\(card.shuttles) times) and to no other "
                + "plant: perhaps it mixes for itself.")
    }

    private mutating func judgeTrucks(_ card: PlantEvidence) {
        self.add(
            "several-trucks", card.trucks >= 3 ? 8 : card.trucks == 2 ? 5 : -10,
            zh: "到访车辆 \(card.trucks) 台。", en: "\(Wording.count(card.trucks, "truck")) came.")
        if card.companies >= 2 {
            self.add(
                "several-owners", 4, zh: "分属 \(card.companies) 家单位。", en: "They belong to \(card.companies) owners.")
        }
        if card.tankerVisits > 0 {
            self.add(
                "tankers", card.tankerVisits >= 2 ? 20 : 12,
                zh: "散装水泥车在此停留卸料 \(card.tankerVisits) 次（\(card.tankers) 台）。",
                en: "Bulk cement tankers stood here as long as unloading takes: "
                    + "\(Wording.times(card.tankerVisits)), \(Wording.count(card.tankers, "truck")).")
        }
        if card.otherVisits > card.loads {
            self.add(
                "all-kinds", -10, zh: "其他种类车辆也常来：\(card.otherVisits) 次，像公共场所。",
                en: "Trucks of other trades come as well, \(Wording.times(card.otherVisits)): like a public place.")
        }
        let perDay = card.visitsPerTruckDay
        if perDay >= 1.8 {
            self.add(
                "again-and-again", 5, zh: "同一车辆一天内多次到此。", en: "The same truck comes several times a day.")
        }
        if card.nightShare >= 0.3 {
            let night = Wording.percent(card.nightShare)
            self.add("night", 4, zh: "夜间（22–6 时）占 \(night)。", en: "\(night) between 22:00 and 06:00.")
        }
    }

    private mutating func judgeDwell(_ card: PlantEvidence) {
        let (median, short, long) = (
            Wording.minutes(card.dwellMedian), Wording.minutes(card.dwellShort), Wording.minutes(card.dwellLong)
        )
        let isShort = card.dwellMedian < 270
        let points: Double = isShort ? -8 : card.dwellMedian <= 1200 ? 6 : card.dwellMedian > 1800 ? -10 : 0
        self.add(
            "dwell", card.loads > 0 ? points : 0,
            zh: "停留时长中位数 \(median) 分钟（\(short)–\(long)）。",
            en: "Half of the halts took no longer than \(median) min (\(short)–\(long)).")
        if card.longVisits > 3 * card.visits {
            self.add(
                "parking", -15, zh: "长时间停放 \(card.longVisits) 次，像停车场或车场。",
                en: "\(Wording.count(card.longVisits, "long halt")): like a car park or a depot.")
        }
    }

    private mutating func judgeSensors(_ card: PlantEvidence) {
        guard card.heard > 0 else { return }
        let heard = Double(card.heard)
        self.add(
            "drum-loads", 15 * Self.ramp(Double(card.heardLoads), 0, 3) * Double(card.heardLoads) / heard,
            zh: "传感器可判断的 \(card.heard) 次停留中，\(card.heardLoads) 次显示进料。",
            en: "Of \(Wording.count(card.heard, "halt")) with a sensor \(card.heardLoads) "
                + "\(card.heardLoads == 1 ? "shows" : "show") that a load was taken.")
        self.add(
            "drum-discharges", -40 * Double(card.heardDischarges) / heard,
            zh: "传感器可判断的 \(card.heard) 次停留中，\(card.heardDischarges) 次显示卸料。",
            en: "Of \(Wording.count(card.heard, "halt")) with a sensor \(card.heardDischarges) "
                + "\(card.heardDischarges == 1 ? "shows" : "show") a discharge.")
        if let nothing = card.heardNothing, nothing >= 2, card.heardLoads == 0, nothing * 5 >= card.visits {
            self.add(
                "sensors-show-nothing", -60,
                zh: "传感器在别处能显示装料的车，在此停留 \(nothing) 次均未显示进料。",
                en: "\(Wording.count(nothing, "time")) a truck whose sensors show its loads elsewhere stood here, and "
                    + "they showed that nothing was taken.")
        } else if card.heard >= 3, card.heardLoads * 3 < card.heard {
            self.add(
                "drum-silent", -15, zh: "传感器大多未显示进料。", en: "Most sensors show that nothing was taken.")
        }
    }

    private mutating func judgePlace(_ card: PlantEvidence) {
        guard let near = card.nearestPlant else { return }
        let distance = Wording.metres(near.metres)
        self.add(
            "near-a-licensed-plant", near.metres < 300 ? -20 : 0,
            zh: "距登记站点 \(near.name)（\(near.plantID)）仅 \(distance.zh)，可能是其排队处或附属场地。",
            en:
                "Only \(distance.en) from the registered plant \(near.name) (\(near.plantID)): perhaps its queue or yard."
        )
    }
}
