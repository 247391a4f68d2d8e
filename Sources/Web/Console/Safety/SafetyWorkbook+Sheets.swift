import Chronology
import Exchange
import Geodesy
import Registers
import Safety

/// Cameras, data quality, supply, and the card of definitions.
extension SafetyWorkbook {
    func cameras(_ name: String, _ rows: [CameraRate]) -> WorkbookSheet {
        WorkbookSheet(
            name,
            lead: Self.lead(
                "盲区摄像头 \(SafetyPage.text(self.overview.monthFrom))", "blind-spot cameras",
                [
                    SafetyStatement(
                        zh: "有效率 = 确知正常的行驶时间 ÷ 全部行驶时间；未知不算正常，另列；空格为无法计算，不是 0。",
                        en: "Effective: moving time known ok ÷ all; unknown is not ok and stands apart; empty is "
                            + "undefined, not 0.")
                ]), columns: CameraRate.columns, styles: CameraRate.columns.map(Self.style),
            rows: rows.map { $0.cells.map(TableCell.init) })
    }

    private static func style(_ column: String) -> WorkbookSheet.Style {
        if column.hasSuffix("_rate") || column == "unknown_share" || column == "turn_coverage" { return .percent }
        return column.hasSuffix("_hours") ? .two : .plain
    }

    var exposure: WorkbookSheet {
        let rows = self.overview.exposure
        return WorkbookSheet(
            "暴露量 exposure",
            lead: Self.lead("暴露量", "exposure", [rows.first { $0.group == .city }?.sentence]),
            columns: [
                "范围 of", "车日 vehicle_days", "车公里 vehicle_km", "定位证实 shown_by_fixes", "里程表÷轨迹 agreement",
                "行驶小时 moving_hours", "右转 right_turns", "右转可见 turn_coverage", "运输 deliveries", "方量 volume_m3",
            ],
            styles: [.plain, .plain, .two, .percent, .two, .two, .plain, .percent, .plain, .two],
            rows: rows.map { row in
                let amounts = row.amounts
                return [
                    .text(row.group.words), .integer(Int(clamping: amounts.days)),
                    .number(amounts.isPlaced ? amounts.kilometres : nil),
                    .number(amounts.coverage), .number(amounts.agreement),
                    .number(amounts.isPlaced ? amounts.movingHours : nil),
                    .integer(Int(clamping: amounts.rightTurns)), .number(amounts.turnCoverage),
                    .integer(Int(clamping: amounts.deliveries)), .number(amounts.cubicMetres),
                ]
            })
    }

    var toMend: WorkbookSheet {
        let list = self.overview.toMend
        return WorkbookSheet(
            "待修 to mend",
            lead: Self.lead(
                "待修摄像头", "cameras to mend",
                [
                    SafetyStatement(
                        zh: "共 \(list.count) 台，故障最久的在前。", en: "\(list.count) cameras, the oldest fault first.")
                ]),
            columns: [
                "车牌 plate", "终端 terminal", "企业 company", "区县 district", "状态 condition", "自 since", "天数 days",
                "最近上报 heard_at",
            ],
            rows: list.map { camera in
                [
                    .text(camera.plate), .text(camera.terminal), .text(camera.company), .text(camera.district),
                    .text("\(camera.condition.words.zh) \(camera.condition.words.en)"), .time(camera.since),
                    .integer(camera.ageDays(at: self.overview.at)), .time(camera.heardAt),
                ]
            })
    }

    var turns: WorkbookSheet {
        let coverage = self.overview.turnCoverage.map(FigureText.percent) ?? "—"
        return WorkbookSheet(
            "右转热点 right turns",
            lead: Self.lead(
                "右转热点", "right turns",
                [
                    SafetyStatement(
                        zh: "约 100 米一格；无有效画面的右转多者在前。全年上报足够密、看得出右转的行驶时间占 \(coverage)。",
                        en:
                            "Cells of about 100 m, most turns without a working camera first. \(coverage) of the year's "
                            + "moving time was reported closely enough to show turns.")
                ]),
            columns: [
                "纬度 lat", "经度 lon", "右转 turns", "无有效画面 without_working_camera", "其中未知 unknown", "超速 too_fast",
                "盲区报警 bsd_alarms",
            ],
            rows: self.overview.cells.map { cell in
                [
                    .number(cell.coordinate.latitude), .number(cell.coordinate.longitude),
                    .integer(Int(clamping: cell.turns)), .integer(Int(clamping: cell.blind)),
                    .integer(Int(clamping: cell.unknown)), .integer(Int(clamping: cell.fast)),
                    .integer(Int(clamping: cell.alarms)),
                ]
            })
    }

    var quality: WorkbookSheet {
        let indicators = QualityIndicator.allCases
        var columns = ["范围 scope"]
        var styles: [WorkbookSheet.Style] = [.plain]
        for indicator in indicators {
            columns += ["\(indicator.title.zh) \(indicator.rawValue)", "分子 part", "分母 whole"]
            styles += [.percent, .plain, .plain]
        }
        columns.append("右转可见 turn_coverage")
        styles.append(.percent)
        return WorkbookSheet(
            "数据质量 quality",
            lead: Self.lead("数据质量 \(SafetyPage.text(self.overview.monthFrom))", "data quality")
                + indicators.flatMap {
                    [
                        "\($0.title.zh) = \($0.formula.zh)（出处：\($0.source.zh)）",
                        "\($0.title.en) = \($0.formula.en) (source: \($0.source.en))",
                    ]
                } + Self.lines([self.missingTickets]), columns: columns,
            styles: styles,
            rows: self.overview.quality.map { row -> [TableCell] in
                var cells: [TableCell] = [.text(row.scope == .city ? "全市 city" : row.scope.text)]
                for indicator in indicators {
                    let share = row.counts.share(indicator)
                    cells += [
                        .number(share?.value), .integer(share.map { Int($0.part) }),
                        .integer(share.map { Int($0.whole) }),
                    ]
                }
                return cells + [.number(row.counts.camera.turnCoverage)]
            })
    }

    /// Why the shares of tickets are empty.
    private var missingTickets: SafetyStatement? {
        guard !self.overview.quality.isEmpty, self.overview.quality.allSatisfy({ !$0.counts.keepsTickets }) else {
            return nil
        }
        return SafetyStatement(
            zh: "未导入发货单：有票率、有轨率无定义，不是 0。",
            en: "No tickets imported: the shares of deliveries with a ticket and of tickets with a trip are "
                + "undefined, not 0."
        )
    }

    /// The year by kinds of trucks.
    var kinds: WorkbookSheet {
        WorkbookSheet(
            "车型 kinds",
            lead: Self.lead(
                "各车型事故率", "rates by kind of trucks",
                [
                    SafetyStatement(
                        zh: "登记事故按其车牌当时登记的车型；车牌不明的事故不属任何车型，各车型之和可小于全市。",
                        en:
                            "Registered accidents are of the kind that their plate was registered as then; one without a "
                            + "known plate is of no kind, so the kinds may add up to less than the city.")
                ]),
            columns: AccidentRate.columns, styles: [], rows: self.overview.kinds.map { $0.cells.map(TableCell.init) })
    }

    var plants: WorkbookSheet {
        let board = self.overview.capacity
        return WorkbookSheet(
            "搅拌站 plants",
            lead: Self.lead("产能与供应 \(board.year)", "capacity and supply", [board.sentence]),
            columns: [
                "搅拌站 plant", "区县 district", "核定产能 m³/年 capacity", "观测 m³ observed", "车次 loads",
                "方量不明 unmeasured", "达产率 utilisation", "超出 above",
            ], styles: [.plain, .plain, .two, .two, .plain, .plain, .percent],
            rows: board.plants.map { row in
                [
                    .text(row.name), .text(row.district), .number(row.capacity), .number(row.observed),
                    .integer(Int(clamping: row.loads)), .integer(Int(clamping: row.unmeasured)),
                    .number(row.utilisation), .boolean(row.isAboveCapacity),
                ]
            })
    }

    var districts: WorkbookSheet {
        let board = self.overview.capacity
        let rows = board.districts.flatMap { row -> [[TableCell]] in
            let own: [TableCell] = [
                .text(row.name), .integer(row.plants), .number(row.capacity), .number(row.observed),
                .number(row.utilisation),
            ]
            return row.plans.isEmpty ? [own] : row.plans.map { own + Self.cells(of: $0) }
        }
        return WorkbookSheet(
            "区县供应 supply",
            lead: Self.lead("区县产能与规划", "capacity and plan by district"),
            columns: [
                "区县 district", "搅拌站 plants", "核定产能 m³/年 capacity", "观测 m³ observed", "达产率 utilisation",
                "规划年 year", "产品 product", "规划产能 capacity", "规划供应 supply", "单位 unit", "规划达产率 utilisation",
            ],
            styles: [.plain, .plain, .two, .two, .percent, .plain, .plain, .two, .two, .plain, .percent], rows: rows)
    }

    private static func cells(of plan: Plan) -> [TableCell] {
        [
            .integer(plan.year), .text(plan.product), .number(plan.capacity), .number(plan.supply), .text(plan.unit),
            .number(plan.utilisation),
        ]
    }

    /// What the figures mean, frozen with them.
    var card: WorkbookSheet {
        let card = self.overview.current.card
        var rows: [(String, String)] = [
            ("口径 definition", self.overview.current.definition), ("版本 version", String(card.version)),
            ("分子 numerator", card.numerator.rawValue),
            ("死亡期限 death_window_days", card.deathWindowDays > 0 ? String(card.deathWindowDays) : "—"),
            ("分母 denominator", card.denominator.rawValue), ("范围 scope", self.overview.current.scope.text),
            ("暴露量来源 exposure", card.exposureSource.rawValue),
            ("基准年 baseline", card.baselineYear.map { String($0) } ?? "—"),
            ("基准来源 source", card.source.isEmpty ? "—" : card.source), ("目标比值 target", FigureText.figure(card.target)),
            ("期间 period", "\(self.overview.current.periodFrom) – \(self.overview.current.periodTo)"),
            ("推导参数 parameters", self.overview.rulesVersion ?? "—"),
        ]
        if let entry = DefinitionRegister.entry(of: self.overview.current.definition) {
            rows.append(("文本指纹 fingerprint", entry.text.fingerprint))
            for clause in entry.clauses { rows.append((clause.part, clause.words.zh + " " + clause.words.en)) }
        }
        if let rolling = self.overview.rolling.rows.last?.definition, let entry = DefinitionRegister.entry(of: rolling)
        {
            rows += [("36 个月滚动率 rolling", rolling), ("文本指纹 fingerprint", entry.text.fingerprint)]
            for clause in entry.clauses { rows.append((clause.part, clause.words.zh + " " + clause.words.en)) }
        }
        return WorkbookSheet(
            "口径 definition", lead: Self.lead("口径", "Definition card"), columns: ["项 item", "值 value"],
            rows: rows.map { [.text($0.0), .text($0.1)] })
    }
}
