import Chronology
import Registers
import Safety

/// Exposure, data quality, capacity and supply.
extension SafetyPage {
    func exposure(_ grid: inout Markup) {
        let rows = self.overview.exposure
        grid.element("section", " class=\"wide\"") { section in
            section.both("暴露量 \(self.overview.question.year)", "Exposure", "h2")
            let sentence = (rows.first { $0.group == .city } ?? ExposureRow(group: .city)).sentence
            section.both(sentence.zh, sentence.en)
            guard !rows.isEmpty else { return }
            section.both(
                "“定位证实”只说这些车公里中有多少有定位为证；事故率旁的“观测份额”还乘以有上报的登记车日份额。",
                "“Shown by fixes” says how much of these kilometres fixes show; the “coverage” beside a rate is that times the "
                    + "share of registered vehicle-days with a report.")
            self.exposureTable(
                &section, Bilingual.inline("全市、车型、区县", "city, kinds, districts"),
                rows.filter {
                    switch $0.group {
                    case .city, .kind, .district, .unregistered: true
                    case .month, .company, .truck, .day, .terminal: false
                    }
                })
            section.element("details") { details in
                details.element("summary", Bilingual.inline("逐月与各企业", "Months and companies"))
                self.exposureTable(
                    &details, Bilingual.inline("逐月与各企业", "months and companies"),
                    rows.filter {
                        switch $0.group {
                        case .month, .company: true
                        case .city, .kind, .district, .unregistered, .truck, .day, .terminal: false
                        }
                    })
            }
        }
    }

    func name(of scope: RateScope) -> String {
        switch scope {
        case .city: Bilingual.inline("全市", "city")
        case .district(let code): self.overview.districtNames[code] ?? code
        case .company(let name): name
        case .kind(let kind): ExposureRow.Group.kind(kind.rawValue).words
        }
    }

    private func name(of group: ExposureRow.Group) -> String {
        if case .district(let code) = group { return self.overview.districtNames[code] ?? code }
        return group.words
    }

    private func exposureTable(_ section: inout Markup, _ caption: String, _ rows: [ExposureRow]) {
        section.table(
            caption,
            [
                ("范围", "of"), ("车日", "vehicle-days"), ("车公里", "vehicle-km"), ("定位证实", "shown by fixes"),
                ("里程表 ÷ 轨迹", "odometer ÷ fixes"), ("右转", "right turns"), ("右转可见", "turns seen"),
                ("运输", "deliveries"), ("方量 m³", "m³"),
            ],
            rows.map { row in
                let amounts = row.amounts
                return [
                    self.name(of: row.group), String(amounts.days),
                    Self.whole(amounts.isPlaced ? amounts.kilometres : nil), Self.share(amounts.coverage),
                    Self.figure(amounts.agreement), String(amounts.rightTurns), Self.share(amounts.turnCoverage),
                    String(amounts.deliveries), Self.whole(amounts.cubicMetres),
                ]
            })
    }

    func quality(_ grid: inout Markup) {
        grid.element("section", " class=\"wide\"") { section in
            section.both("数据质量 \(Self.text(self.overview.monthFrom))", "Data quality", "h2")
            let indicators = QualityIndicator.allCases
            var columns: [(zh: String, en: String)] = [("范围", "scope")]
            columns += indicators.map { (zh: $0.title.zh, en: $0.title.en) }
            columns.append(("右转可见", "turns seen"))
            var rows = self.overview.quality.map { row -> [String] in
                let shares = indicators.map { Self.share(row.counts, $0) }
                return [self.name(of: row.scope)] + shares + [Self.fine(row.counts.camera.turnCoverage)]
            }
            rows.append([Bilingual.inline("参考", "reference")] + indicators.map { Self.fine($0.reference) } + ["—"])
            section.table(Bilingual.inline("考核指标", "indicators"), columns, rows)
            section.both(
                "右转有效率只说观测到的右转；“右转可见”是上报足够密、看得出右转的行驶时间占比。",
                "Right turns with a working camera are of those that were seen; “turns seen” is how much of the moving time "
                    + "was reported closely enough to show one.")
            section.both(
                "“—”：没有可除的数。平台连通率从本平台首次运行起按 10 秒一查计，只属全市。参考值为某省通报水平。",
                "“—”: nothing to divide by. Platform up is counted from this platform's first start, every 10 s, for the "
                    + "city as a whole. The references are what a good province reports.")
            section.element("details") { details in
                details.element("summary", Bilingual.inline("公式与出处", "Formulas and sources"))
                for indicator in indicators {
                    details.both(
                        "\(indicator.title.zh) = \(indicator.formula.zh)。出处：\(indicator.source.zh)。",
                        "\(indicator.title.en) = \(indicator.formula.en). Source: \(indicator.source.en).")
                }
            }
        }
    }

    func capacity(_ grid: inout Markup) {
        let board = self.overview.capacity
        grid.element("section", " class=\"wide\"") { section in
            section.both("产能与供应 \(board.year)", "Capacity and supply", "h2")
            section.both(board.sentence.zh, board.sentence.en)
            section.table(
                Bilingual.inline("区县", "districts"),
                [
                    ("区县", "district"), ("搅拌站", "plants"), ("核定产能 m³/年", "licensed m³ a year"),
                    ("观测 m³", "observed m³"),
                    ("达产率", "utilisation"), ("规划", "plan: supply of capacity"),
                ],
                board.districts.map { row in
                    [
                        row.name.isEmpty ? "—" : row.name, String(row.plants), Self.whole(row.capacity),
                        Self.whole(row.observed), Self.share(row.utilisation),
                        row.plans.map(Self.plan).joined(separator: "; "),
                    ]
                })
            section.element("details") { details in
                details.element("summary", Bilingual.inline("各搅拌站", "Plants"))
                details.table(
                    Bilingual.inline("搅拌站", "plants"),
                    [
                        ("搅拌站", "plant"), ("核定产能 m³/年", "licensed m³ a year"), ("观测 m³", "observed m³"),
                        ("车次", "loads"),
                        ("方量不明", "loads without volume"), ("达产率", "utilisation"),
                    ],
                    board.plants.map { row in
                        [
                            row.name, Self.whole(row.capacity), Self.whole(row.observed), String(row.loads),
                            String(row.unmeasured), Self.share(row.utilisation),
                        ]
                    })
            }
            section.both(
                "方量取自发货单，无单时按满罐估算；达产率按观测天数折算。",
                "Volumes are those of the tickets, full drums where there is none; utilisation is for the days observed."
            )
        }
    }

    /// Without tickets the share is not 0: nobody keeps them here.
    private static func share(_ counts: QualityCounts, _ indicator: QualityIndicator) -> String {
        let isOfTickets = indicator == .ticketed || indicator == .tracked
        guard isOfTickets, !counts.keepsTickets, let reason = counts.reason(indicator) else {
            return Self.fine(counts.share(indicator)?.value)
        }
        return Bilingual.inline(reason.zh, reason.en)
    }

    private static func fine(_ share: Double?) -> String { share.map(FigureText.finePercent) ?? "—" }

    private static func plan(_ plan: Plan) -> String {
        let parts = [plan.supply, plan.capacity].map { $0.map { ChartFrame.number($0) } ?? "—" }
        let unit = [plan.product, plan.unit].compactMap { $0 }.joined(separator: " ")
        return "\(plan.year) \(unit) \(parts[0])/\(parts[1]) \(Self.share(plan.utilisation))"
    }

    private static func whole(_ number: Double?) -> String {
        number.flatMap { $0.isFinite && $0.magnitude < 1e15 ? String(Int($0.rounded())) : nil } ?? "—"
    }
}

extension ExposureRow.Group {
    var words: String {
        switch self {
        case .city: Bilingual.inline("全市", "city")
        case .month(let month): SafetyPage.text(month)
        case .kind(let kind): Self.kinds[kind] ?? kind
        case .district(let name), .company(let name), .truck(let name), .terminal(let name): name
        case .day(let day): day.description
        case .unregistered: Bilingual.inline("未登记终端", "unregistered")
        }
    }

    private static let kinds = [
        "mixer": Bilingual.inline("搅拌车", "mixer"), "bulk_cement": Bilingual.inline("散装水泥车", "bulk cement tanker"),
        "mortar": Bilingual.inline("砂浆车", "mortar truck"),
    ]
}
