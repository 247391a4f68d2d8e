/// The least that the analysis has to reach in a simulated city with every cheat: what falls below is a step back.
package struct ScoreFloors: Sendable {
    /// Of what truly was, the share that has to be found; of what was found, the share that has to be true.
    package struct Floor: Hashable, Sendable {
        package var recall: Double
        package var precision: Double

        package init(_ recall: Double, _ precision: Double) {
            (self.recall, self.precision) = (recall, precision)
        }
    }

    /// What a table counts.
    package enum Basis: Sendable {
        /// One city: most rules have a few cases, so that a rule is below its floor only where the upper end of the
        /// one-sided 95 % confidence interval of its share (Clopper and Pearson 1934) is.
        case oneCity
        /// Several together: the shares themselves are held against the floors.
        case group
    }

    /// One share held against its floor.
    package struct Check: Hashable, Sendable {
        /// What came of it.
        package enum Outcome: String, Sendable {
            case met
            /// Below, by what may be chance.
            case tooFew = "too_few"
            case below
        }

        /// What was counted, in both languages, and whether it is of the true or of the found.
        package var item: String
        package var isRecall: Bool
        package var right: Int
        package var of: Int
        package var floor: Double
        package var outcome: Outcome
    }

    package var drops: Floor
    package var blackSupply: Double
    /// Of the honest drops, and of those that never were, how many may be accused.
    package var accused: Double
    package var hiddenPlants: Floor
    /// By code; a rule without a floor is only reported.
    package var rules: [String: Floor]

    /// Every share of which there is a case. Those of drops, of black supply and of the accused, and all of a group,
    /// are held against the floors as they are, but for a single case: of that nothing follows.
    package func checks(of table: ScoreTable, as basis: Basis) -> [Check] {
        var found: [Check] = []
        func check(_ item: String, _ isRecall: Bool, _ right: Int, _ whole: Int, _ floor: Double, _ basis: Basis) {
            guard whole > 0 else { return }
            let outcome = Self.outcome(right, of: whole, floor: floor, as: basis)
            found.append(
                Check(item: item, isRecall: isRecall, right: right, of: whole, floor: floor, outcome: outcome))
        }
        check("卸料 / drops", true, table.matched, table.trueDeliveries, self.drops.recall, .group)
        check("卸料 / drops", false, table.matched, table.foundDeliveries, self.drops.precision, .group)
        check("黑供应 / black supply", true, table.blackSupplyCaught, table.blackSupply, self.blackSupply, .group)
        check(
            "正当卸料不被疑 / honest drops in peace", true, table.honest - table.honestAccused - table.inventedAccused,
            table.honest, 1 - self.accused, .group)
        if let hidden = table.hiddenPlants {
            check("隐藏搅拌点 / hidden plants", true, hidden.right, hidden.expected, self.hiddenPlants.recall, .group)
            check("隐藏搅拌点 / hidden plants", false, hidden.right, hidden.hits, self.hiddenPlants.precision, .group)
        }
        for (code, floor) in self.rules.sorted(by: { $0.key < $1.key }) {
            guard let rule = table.rules[code] else { continue }
            check(code, true, rule.right, rule.expected, floor.recall, basis)
            check(code, false, rule.right, rule.hits, floor.precision, basis)
        }
        return found
    }

    /// Every share that is below its floor.
    package func shortfalls(of table: ScoreTable, as basis: Basis = .group) -> [Check] {
        self.checks(of: table, as: basis).filter { $0.outcome == .below }
    }

    /// Chance with which a share as low as that is called below its floor though it is not.
    private static let significance = 0.05

    private static func outcome(_ right: Int, of whole: Int, floor: Double, as basis: Basis) -> Check.Outcome {
        // Some floors are no binary fraction.
        guard Double(right) < floor * Double(whole) - 1e-9 else { return .met }
        switch basis {
        case .group: return whole - right > 1 ? .below : .tooFew
        case .oneCity:
            // The upper end of the interval lies below the floor where so few are that unlikely at the floor.
            let chance = Binomial.chance(ofAtMost: right, of: whole, probability: floor)
            return chance < Self.significance - 1e-9 ? .below : .tooFew
        }
    }
}

extension ScoreFloors {
    /// Rules that are only reported.
    package static let withoutFloor: Set<String> = []

    /// A little below what the small cities of the test run reach, where hidden plants have few loads and are known
    /// by none of the other trucks; rules that those lack, below what seeds 1–6 reached. A floor shows a step back; the
    /// goals are measured in `Benchmarks/scores.md`.
    package static let usual = ScoreFloors(
        drops: Floor(0.97, 0.94), blackSupply: 0.8, accused: 0.001, hiddenPlants: Floor(1, 1),
        rules: [
            "unlicensed-origin": Floor(0.65, 0.95), "licence-invalid": Floor(0.95, 0.95),
            "licence-scope": Floor(0.95, 0.95), "name-lending": Floor(0.95, 0.95),
            "cement-to-unregistered": Floor(0.95, 0.95),
            // Two days show most places once, and a single halt that no sensor and no note explains is said to be one.
            "unregistered-destination": Floor(0.25, 0.95),
            "diversion": Floor(0.8, 0.8), "partial-diversion": Floor(0.9, 0.9), "ticket-missing": Floor(0.9, 0.9),
            "ticket-truck-mismatch": Floor(0.9, 0.9), "duplicate-ticket": Floor(0.9, 0.9),
            "supplier-not-approved": Floor(0.95, 0.8), "ticket-time-mismatch": Floor(0.9, 0.9),
            "ticket-volume-mismatch": Floor(0.9, 0.9), "overload": Floor(0.9, 0.85), "over-age": Floor(0.85, 0.6),
            "night-pour": Floor(0.95, 0.95), "on-site-mixing": Floor(0.8, 0.8), "ghost-ticket": Floor(0.8, 0.9),
            "replayed-track": Floor(0.8, 0.8), "cloned-identity": Floor(0.8, 0.8), "clock-fault": Floor(0.8, 0.8),
            "camera-lost-moving": Floor(0.8, 0.8), "camera-occluded-moving": Floor(0.8, 0.8),
            "jamming": Floor(0.8, 0.9), "off-corridor": Floor(0.9, 0.6),
        ].merging(Self.ofHauls) { $1 }.merging(Self.ofDriving) { $1 })

    /// Below what seeds 1–6 reached with nothing but cheats on the way; what dark-stay misses is in
    /// `Benchmarks/scores.md`.
    private static let ofHauls: [String: Floor] = [
        "over-capacity": Floor(0.95, 0.95), "gap-in-haul": Floor(0.9, 0.75), "dark-stay": Floor(0.5, 0.8),
        "mid-route-stop": Floor(0.75, 0.6),
    ]

    /// Below what seeds 1–6 reached. Whether a truck is loaded is not always known while it drives: a wait at a plant
    /// that loaded nothing looks like a load.
    private static let ofDriving: [String: Floor] = [
        "speeding": Floor(0.85, 0.7), "fatigue-driving": Floor(0.9, 0.85), "restricted-zone": Floor(0.9, 0.9),
        "long-stop": Floor(0.8, 0.7), "silent-vehicle": Floor(0.9, 0.7), "frozen-position": Floor(0.8, 0.6),
        "teleport": Floor(0.9, 0.8), "unregistered-terminal": Floor(0.95, 0.95),
        "blind-right-turn": Floor(0.9, 0.75), "fast-right-turn": Floor(0.8, 0.75), "camera-silent": Floor(0.8, 0.8),
    ]
}

extension ScoreFloors.Check: CustomStringConvertible {
    /// What is said of one that is below.
    package var description: String {
        let tenths = Int((self.floor * 1000).rounded())
        let percent = "\(tenths / 10).\(tenths % 10)"
        let (zh, en) = self.isRecall ? ("查全", "recall") : ("查准", "precision")
        return "\(self.item): \(zh)低于下限 \(percent) %（\(self.right) / \(self.of)） / "
            + "\(en) is below its floor of \(percent) % (\(self.right) of \(self.of))"
    }
}
