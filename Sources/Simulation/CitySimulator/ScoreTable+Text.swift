/// The table for a person, and for a program.
extension ScoreTable {
    /// Fixed width: a Chinese character takes two columns, as terminals draw it.
    package var text: String {
        var lines = [
            Line("项目 / item", "真值 / true", "结果 / found", "相符 / right", "查全 / recall", "查准 / precision")
        ]
        lines.append(
            Line(
                "卸料 / drops", self.trueDeliveries, self.foundDeliveries, self.matched, self.recall, self.precision))
        lines.append(Line("装料地 / origins", self.matched, nil, self.originsRight, self.originShare, nil))
        lines.append(Line("卸料地 / destinations", self.matched, nil, self.destinationsRight, self.destinationShare, nil))
        lines.append(
            Line("黑供应 / black supply", self.blackSupply, nil, self.blackSupplyCaught, self.blackSupplyShare, nil))
        if let hidden = self.hiddenPlants {
            lines.append(
                Line(
                    "隐藏搅拌点 / hidden plants", hidden.expected, hidden.hits, hidden.right, hidden.recall,
                    hidden.precision))
        }
        for (code, rule) in self.rules.sorted(by: { $0.key < $1.key }) {
            lines.append(Line(code, rule.expected, rule.hits, rule.right, rule.recall, rule.precision))
        }
        if !self.edgeCases.isEmpty {
            lines.append(
                Line(
                    "难例 / edge case", "卸料 / drops", "找到 / found", "两端相符 / places", "被疑 / accused",
                    "虚构 / invented"))
        }
        for (edgeCase, hardship) in self.edgeCases.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            lines.append(
                Line(
                    edgeCase.rawValue, String(hardship.drops), String(hardship.found), String(hardship.placesRight),
                    String(hardship.accused + hardship.inventedAccused),
                    hardship.incidents == 0 ? "–" : "\(hardship.invented) / \(hardship.incidents)"))
        }
        let perThousand = self.accusedShare.map { decimal($0 * 1000, digits: 2) + " ‰" } ?? "–"
        return lines.map(\.text).joined(separator: "\n") + "\n" + """
            正当卸料被疑 / honest drops accused: \(self.honestAccused) / \(self.honest) (\(perThousand))
            虚构卸料被疑 / drops accused that never were: \(self.inventedAccused)
            数据不足 / insufficient data: \(self.insufficient)
            卸料到达误差中位数 / median error of unload start: \(seconds(self.medianUnloadStartError))
            卸料离开误差中位数 / median error of unload end: \(seconds(self.medianUnloadEndError))
            装料到达误差中位数 / median error of load start: \(seconds(self.medianLoadStartError))
            应命中而明言无法判断 / expected, and said to be insufficient: \(self.insufficientRules)
            被误报的车辆 / trucks told of for nothing: \(self.wrongedTrucks)
            已撤回、不计入的预警 / alerts withdrawn and not counted: \(self.withdrawnAlerts)

            """
    }

    /// `mid-route-stop 2 / 3, …`, of those expected; a dash where there is none.
    private var insufficientRules: String {
        let rules = self.rules.filter { $0.value.insufficient > 0 }.sorted { $0.key < $1.key }
        guard !rules.isEmpty else { return "–" }
        return rules.map { "\($0) \($1.insufficient) / \($1.expected)" }.joined(separator: ", ")
    }

    private var wrongedTrucks: String { self.counts(\.wronged) }
    private var withdrawnAlerts: String { self.counts(\.withdrawn) }

    /// `fast-right-turn 2, …`; a dash where there is none.
    private func counts(_ count: KeyPath<Rule, Int>) -> String {
        let rules = self.rules.filter { $0.value[keyPath: count] > 0 }.sorted { $0.key < $1.key }
        guard !rules.isEmpty else { return "–" }
        return rules.map { "\($0) \($1[keyPath: count])" }.joined(separator: ", ")
    }

    /// One JSON object; what is undefined is null.
    package var json: String { object(self.members) }

    /// The same with what the floors say of it.
    package func json(_ checks: [ScoreFloors.Check]) -> String {
        let floors = checks.map { check in
            object([
                ("item", "\"\(check.item)\""), ("share", check.isRecall ? "\"recall\"" : "\"precision\""),
                ("right", String(check.right)), ("of", String(check.of)), ("floor", String(check.floor)),
                ("outcome", "\"\(check.outcome.rawValue)\""),
            ])
        }
        return object(self.members + [("floors", "[" + floors.joined(separator: ",") + "]")])
    }

    private var members: [(String, String)] {
        var members: [(String, String)] = [
            ("true_deliveries", String(self.trueDeliveries)), ("found_deliveries", String(self.foundDeliveries)),
            ("matched", String(self.matched)), ("recall", number(self.recall)),
            ("precision", number(self.precision)), ("origins_right", String(self.originsRight)),
            ("destinations_right", String(self.destinationsRight)), ("black_supply", String(self.blackSupply)),
            ("black_supply_caught", String(self.blackSupplyCaught)), ("honest", String(self.honest)),
            ("honest_accused", String(self.honestAccused)), ("invented_accused", String(self.inventedAccused)),
            ("insufficient_data", String(self.insufficient)),
            ("median_unload_start_error_s", number(self.medianUnloadStartError)),
            ("median_unload_end_error_s", number(self.medianUnloadEndError)),
            ("median_load_start_error_s", number(self.medianLoadStartError)),
        ]
        if let hidden = self.hiddenPlants { members.append(("hidden_plants", Self.counts(of: hidden))) }
        let rules = self.rules.sorted { $0.key < $1.key }.map { ($0, Self.counts(of: $1)) }
        members.append(("rules", object(rules)))
        let hardships = self.edgeCases.sorted { $0.key.rawValue < $1.key.rawValue }
        members.append(("edge_cases", object(hardships.map { ($0.key.rawValue, Self.counts(of: $0.value)) })))
        return members
    }

    private static func counts(of hardship: Hardship) -> String {
        object([
            ("drops", String(hardship.drops)), ("found", String(hardship.found)),
            ("places_right", String(hardship.placesRight)), ("accused", String(hardship.accused)),
            ("incidents", String(hardship.incidents)), ("invented", String(hardship.invented)),
            ("invented_accused", String(hardship.inventedAccused)),
        ])
    }

    private static func counts(of rule: Rule) -> String {
        object([
            ("expected", String(rule.expected)), ("hits", String(rule.hits)), ("right", String(rule.right)),
            ("recall", number(rule.recall)), ("precision", number(rule.precision)),
            ("insufficient", String(rule.insufficient)), ("trucks_wronged", String(rule.wronged)),
            ("withdrawn", String(rule.withdrawn)),
        ])
    }
}

extension ScoreFloors {
    /// Each share beside its floor, for a person: how many cases there are, and what follows from so many.
    package static func text(_ checks: [Check]) -> String {
        let header = [
            "下限 / floors", "份额 / share", "相符 / right", "例数 / cases", "比例 / rate", "下限 / floor", "结论 / outcome",
        ]
        let rows = checks.map { check in
            [
                check.item, check.isRecall ? "查全 / recall" : "查准 / precision", String(check.right),
                String(check.of), decimal(Double(max(check.right, 0)) / Double(check.of), digits: 4),
                decimal(check.floor, digits: 4), Self.text(check.outcome),
            ]
        }
        let lines = ([header] + rows).map { row in
            padded(row[0], to: 40, isLeft: true) + row[1...5].map { padded($0, to: 18, isLeft: false) }.joined() + "  "
                + row[6]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func text(_ outcome: Check.Outcome) -> String {
        switch outcome {
        case .met: "达到 / met"
        case .tooFew: "低于下限，但例数太少，无法判断 / lower, but too few to judge"
        case .below: "低于下限 / below"
        }
    }
}

/// One line of the table: a name and five columns flush right.
private struct Line {
    var text: String

    init(_ name: String, _ columns: String...) {
        self.text = padded(name, to: 26, isLeft: true) + columns.map { padded($0, to: 18, isLeft: false) }.joined()
    }

    init(_ name: String, _ truth: Int, _ found: Int?, _ right: Int, _ recall: Double?, _ precision: Double?) {
        func share(_ value: Double?) -> String { value.map { decimal($0, digits: 4) } ?? "–" }
        self.init(name, String(truth), found.map(String.init) ?? "–", String(right), share(recall), share(precision))
    }
}

private func padded(_ text: String, to width: Int, isLeft: Bool) -> String {
    // Beyond U+2E80 lie the scripts of East Asia, which a terminal draws two columns wide.
    let columns = text.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x2E80 ? 2 : 1) }
    let blanks = String(repeating: " ", count: max(0, width - columns))
    return isLeft ? text + blanks : blanks + text
}

private func seconds(_ value: Double?) -> String {
    value.map { decimal($0, digits: 1) + " s" } ?? "–"
}

/// `value`, not negative, with a fixed number of decimals.
private func decimal(_ value: Double, digits: Int) -> String {
    let scale = (0..<digits).reduce(1) { scale, _ in scale * 10 }
    let scaled = Int((value * Double(scale)).rounded())
    let fraction = String(scaled % scale)
    return "\(scaled / scale)." + String(repeating: "0", count: digits - fraction.count) + fraction
}

private func number(_ value: Double?) -> String { value.map(\.description) ?? "null" }

/// The names are our own and need no escapes.
private func object(_ members: [(String, String)]) -> String {
    "{" + members.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
}
