import Chronology
import Deliveries
import Exchange
import Geodesy
import Registers
import Suspicions
import Telemetry
import Tracks

/// The report that is read in a hearing: one page of HTML without scripts or foreign parts, printing to A4.
struct ReportPage {
    let evidence: EvidenceCase
    private let figures: PackageFigures
    var body = ""

    /// What the package holds, in numbers.
    struct PackageFigures {
        var messages: Int
        var positions: Int
        var drawn: Int
        var refusals: Int
        /// Messages whose decoded reports are not those of the log.
        var differing: Int
        var fingerprint: String
    }

    static func write(
        _ evidence: EvidenceCase, _ figures: PackageFigures, map: String, timeline: String
    ) -> String {
        var page = ReportPage(evidence: evidence, figures: figures)
        page.heading()
        page.supersession()
        page.delivery()
        page.body += "<section><h2>轨迹 Map</h2><figure>\(map)</figure></section>\n"
        page.body += "<section><h2>时间线 Timeline</h2><figure>\(timeline)</figure></section>\n"
        page.judgements()
        page.suspects()
        page.registers()
        page.method()
        page.originals()
        page.custody()
        return page.document
    }

    private init(evidence: EvidenceCase, figures: PackageFigures) {
        self.evidence = evidence
        self.figures = figures
    }

    private var document: String {
        let title = TextEscapes.xml("证据包 Evidence \(self.evidence.judged.delivery.deliveryID)")
        return "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>\(title)</title>\n"
            + "<style>\(Self.style)</style></head><body>\n" + self.body + "</body></html>\n"
    }

    private static let style = """
        @page { size: A4; margin: 16mm 14mm; }
        body { font: 10.5pt/1.5 "Noto Sans CJK SC", "WenQuanYi Zen Hei", "Microsoft YaHei", sans-serif; color: #222;
          max-width: 182mm; margin: 0 auto; }
        h1 { font-size: 18pt; margin: 0 0 4mm; }
        h2 { font-size: 13pt; border-bottom: 1px solid #888; margin: 8mm 0 3mm; }
        h3 { font-size: 11pt; margin: 4mm 0 1mm; } p { margin: 1mm 0; } ul { margin: 1mm 0; padding-left: 5mm; }
        .lead { border: 1px solid #888; padding: 2mm 3mm; background: #f6f6f6; }
        .en { color: #555; font-size: 9pt; } .hit { color: #b71c1c; } figure { margin: 0; break-inside: avoid; }
        figure svg { width: 100%; height: auto; border: 1px solid #ccc; }
        table { border-collapse: collapse; width: 100%; font-size: 9pt; } tr { break-inside: avoid; }
        th, td { border: 1px solid #bbb; padding: 0.8mm 1.5mm; text-align: left; vertical-align: top;
          overflow-wrap: anywhere; }
        th { background: #f0f0f0; } .judgement { break-inside: avoid; } code { font-size: 7.5pt; }
        """

    mutating func paragraph(_ zh: String, _ en: String, _ kind: String = "") {
        self.body += "<p\(kind.isEmpty ? "" : " class=\"\(kind)\"")>\(TextEscapes.xml(zh))"
        self.body += "<br><span class=\"en\" lang=\"en\">\(TextEscapes.xml(en))</span></p>\n"
    }

    /// Cells are text; the first row is the head.
    mutating func table(_ head: [String], _ rows: [[String?]]) {
        func cells(_ row: [String?], _ tag: String) -> String {
            row.map { "<\(tag)>\(TextEscapes.xml($0 ?? "—"))</\(tag)>" }.joined()
        }
        self.body += "<table><thead><tr>\(cells(head, "th"))</tr></thead><tbody>\n"
        for row in rows { self.body += "<tr>\(cells(row, "td"))</tr>\n" }
        self.body += "</tbody></table>\n"
    }

    mutating func section(_ title: String) { self.body += "<h2>\(TextEscapes.xml(title))</h2>\n" }

    private mutating func heading() {
        self.body += "<h1>砼行电子证据包 Evidence package</h1>\n"
        self.paragraph(
            "本包是供人工核查的线索及其原始依据，不是违法认定；须经法制和技术审核，并听取当事人意见。",
            "A lead for people to check, with its originals. It is no finding of guilt; it has to be reviewed and the "
                + "party heard.", "lead")
        let export = self.evidence.export
        self.table(
            ["项目 item", "内容 value"],
            [
                ["导出人 exported by", "\(export.by)（\(export.interface)）"],
                ["导出时间 exported at", "\(ChinaTime.text(export.at)) 北京时间 Beijing (\(export.at))"],
                ["目的 purpose", export.purpose], ["程序 program", export.program],
                ["签名公钥指纹 key fingerprint (SHA-256)", self.figures.fingerprint],
                ["覆盖时段 period", "\(ChinaTime.text(self.evidence.from)) – \(ChinaTime.text(self.evidence.to))"],
            ])
    }

    private mutating func delivery() {
        let judged = self.evidence.judged
        let delivery = judged.delivery
        self.section("运输趟次 Delivery")
        func end(_ end: DeliveryEnd, at time: Instant?) -> String {
            let place = end.coordinate.map { "(\($0.latitude), \($0.longitude))" }
            return [Self.kind(end.kind), self.name(of: end, at: time), end.id, place].compactMap { $0 }
                .joined(separator: " ")
        }
        self.table(
            ["项目 item", "内容 value"],
            [
                ["编号 delivery", delivery.deliveryID], ["装载 load", delivery.loadID],
                ["车牌 plate", delivery.plate], ["终端 terminal", delivery.terminal.text],
                ["装料地 origin", end(delivery.origin, at: delivery.loadEnd)],
                ["装料 load", "\(ChinaTime.text(delivery.loadStart)) – \(ChinaTime.text(delivery.loadEnd))"],
                ["卸料地 destination", end(delivery.destination, at: delivery.unloadStart)],
                ["卸料 unload", "\(ChinaTime.text(delivery.unloadStart)) – \(ChinaTime.text(delivery.unloadEnd))"],
                [
                    "里程 distance",
                    delivery.distanceKilometres.map { "\(NumberText.shortest(($0 * 100).rounded() / 100)) km" },
                ],
                ["发货单 ticket", delivery.ticketIDs.isEmpty ? nil : delivery.ticketIDs.joined(separator: ", ")],
                ["数据覆盖率 coverage", NumberText.shortest((delivery.coverage * 1000).rounded() / 10) + " %"],
                ["结论 verdict", Self.verdict(judged.verdict)],
                ["分值 score", NumberText.shortest(judged.score)],
            ])
    }

    /// Before anything else is read: that it is so no more, since when, why, and what it is now.
    private mutating func supersession() {
        guard let at = self.evidence.supersededAt else { return }
        let why = self.evidence.earlierForms.last?.statement ?? Statement(zh: "原因未记", en: "for a reason not noted")
        self.paragraph(
            "本包所述运单已被取代：\(ChinaTime.text(at)) 起不再成立，原因：\(why.zh)。以下为其被取代前的最后结论。",
            "This delivery was superseded at \(at): \(why.en). What follows is how it last stood.", "lead")
        guard !self.evidence.successors.isEmpty else {
            return self.paragraph(
                "该车该时段现无运单。", "Nothing is derived now of this truck in that time.", "lead")
        }
        self.table(
            ["该车该时段现有运单 derived now of this truck in that time", "卸料 unload", "结论 verdict", "命中规则 rules"],
            self.evidence.successors.map {
                [
                    $0.delivery.deliveryID, ChinaTime.text($0.delivery.unloadStart), Self.verdict($0.verdict),
                    $0.suspicions.map { "\(RuleTitle.zh($0)) \($0)" }.joined(separator: "；"),
                ]
            })
    }

    private static func kind(_ kind: DeliveryEnd.Kind) -> String {
        switch kind {
        case .plant: "站点 plant"
        case .site: "工地 site"
        case .place: "已知地点 place"
        case .suspectedPlant: "疑似搅拌点 suspected plant"
        case .unknown: "未登记地点 unknown place"
        }
    }

    /// What the registers called a place when the delivery was judged, by the row that held at that time.
    private func name(of end: DeliveryEnd, at time: Instant?) -> String? {
        let kinds: [DeliveryEnd.Kind: RegisterKind] = [.plant: .plants, .site: .sites, .place: .places]
        guard let kind = kinds[end.kind], let id = end.id else { return nil }
        let rows = self.evidence.registers.filter {
            $0.wasKnown(at: self.evidence.derivedAt) && $0.record.kind == kind && $0.record.key == id
        }
        let row = rows.last { row in time.map { row.record.period.contains($0) } ?? true } ?? rows.last
        return row.flatMap { Self.words($0.record).name }
    }

    private static func verdict(_ verdict: Verdict) -> String {
        switch verdict {
        case .clear: "未见可疑 clear"
        case .suspicious: "可疑（线索） suspicious (a lead)"
        case .insufficientData: "数据不足 insufficient data"
        }
    }

    private mutating func judgements() {
        self.section("规则、事实与反证 Rules, facts and counter-facts")
        let order: [Judgement.Outcome: Int] = [.hit: 0, .insufficient: 1, .no: 2]
        let sorted = self.evidence.judged.judgements.enumerated().sorted {
            (order[$0.element.outcome] ?? 3, $0.offset) < (order[$1.element.outcome] ?? 3, $1.offset)
        }.map(\.element)
        for judgement in sorted where judgement.outcome != .no { self.judgement(judgement) }
        let passed = sorted.filter { $0.outcome == .no }
        guard !passed.isEmpty else { return }
        self.body += "<h3>未命中 Not met</h3>\n"
        self.table(
            ["规则 rule", "事实 facts"],
            passed.map {
                [
                    "\(RuleTitle.zh($0.rule)) \($0.rule)", $0.facts.map { $0.zh }.joined(separator: " "),
                ]
            })
    }

    private mutating func judgement(_ judgement: Judgement) {
        let isHit = judgement.outcome == .hit
        self.body += "<div class=\"judgement\"><h3\(isHit ? " class=\"hit\"" : "")>"
        let outcome = isHit ? "命中 hit，级别 severity \(judgement.severity)" : "无法判断 insufficient"
        self.body += TextEscapes.xml("\(RuleTitle.zh(judgement.rule)) \(judgement.rule) — \(outcome)") + "</h3>\n"
        self.statements("事实 Facts", judgement.facts)
        self.statements("反证与限制 Counter-facts", judgement.counterfacts)
        let parameters = judgement.parameters.sorted { $0.key < $1.key }
            .map { "\($0.key) = \(NumberText.shortest($0.value))" }
        let list = parameters.joined(separator: "；")
        self.paragraph(
            (parameters.isEmpty ? "" : "参数：\(list)；") + "登记库版本 \(judgement.registerRevision)",
            (parameters.isEmpty ? "Revision" : "Parameters as above; revision")
                + " of the registers \(judgement.registerRevision)")
        self.body += "</div>\n"
    }

    private mutating func statements(_ title: String, _ statements: [Statement]) {
        guard !statements.isEmpty else { return }
        self.body += "<p><b>\(title)</b></p><ul>\n"
        for statement in statements {
            self.body += "<li>\(TextEscapes.xml(statement.zh))"
            self.body += "<br><span class=\"en\" lang=\"en\">\(TextEscapes.xml(statement.en))</span></li>\n"
        }
        self.body += "</ul>\n"
    }

    /// Rows of registers that are printed; the package has all.
    private static let registerRows = 80

    private mutating func registers() {
        self.section("登记与资质（判定时所知） Registers as known when it was judged")
        let known = self.evidence.registers.filter { $0.wasKnown(at: self.evidence.derivedAt) }
        let later = self.evidence.registers.count - known.count
        let delivery = self.evidence.judged.delivery
        let ends = [delivery.origin.id, delivery.destination.id].compactMap { $0 }
        // The other plants and sites last: they are many, and stand here for there being no further one.
        func isOther(_ row: EvidenceRegisterRow) -> Bool {
            [.plants, .sites].contains(row.record.kind) && !ends.contains(row.record.key)
        }
        let listed = known.filter { $0.record.kind != .terminals && !isOther($0) } + known.filter(isOther)
        let shown = listed.prefix(Self.registerRows)
        self.table(
            ["登记表 register", "编号 id", "名称 name", "状态 status", "有效期 valid", "获知时间 known from", "来源 source"],
            shown.map { row in
                let (name, status) = Self.words(row.record)
                let period = row.record.period
                let valid =
                    period == .always
                    ? "—"
                    : "\(RegisterTable.firstDay(period.from) ?? "…") – \(RegisterTable.lastDay(period.to) ?? "…")"
                return [
                    row.record.kind.title.zh + " " + row.record.kind.rawValue,
                    row.record.key.split(separator: "\t").prefix(2).joined(separator: " "), name, status, valid,
                    ChinaTime.text(row.knownFrom), "\(row.source) (\(row.importedBy))",
                ]
            })
        if shown.count < listed.count {
            self.paragraph(
                "另有 \(listed.count - shown.count) 行，见 registers/。",
                "\(listed.count - shown.count) more rows are in registers/.")
        }
        if later > 0 {
            self.paragraph(
                "另有 \(later) 行在判定之后才获知或已被更正，见 registers/ 中 known_when_judged 为 false 的行。",
                "\(later) more rows became known or were corrected later: in registers/, known_when_judged is false.")
        }
    }

    private static func words(_ record: RegisterRecord) -> (name: String?, status: String?) {
        switch record {
        case .plant(let row):
            (row.name, "\(row.status.rawValue), \(row.licenceKind.rawValue) \(row.licenceNumber ?? "")")
        case .site(let row): (row.name, row.status.rawValue)
        case .place(let row): (row.name, row.kind.rawValue)
        case .vehicle(let row): (row.terminal, row.kind.rawValue)
        case .ticket(let row): ("\(row.plantID) → \(row.siteID), \(row.plate)", ChinaTime.text(row.issuedAt))
        case .zone(let row): (row.name, row.rule)
        default: (nil, nil)
        }
    }

    private mutating func method() {
        self.section("方法 Method")
        let current = self.evidence.parameters.versionName
        self.table(
            ["项目 item", "内容 value"],
            [
                ["判定时间 judged at", ChinaTime.text(self.evidence.derivedAt)],
                ["判定依据 judged by", self.evidence.world],
                [
                    "参数 parameters",
                    self.evidence.world.contains(current)
                        ? "\(current)：全文见 analysis/parameters.csv"
                        : "判定时的版本见上；analysis/parameters.csv 为导出时的 \(current) as of the export",
                ],
                ["坐标系 coordinates", "WGS-84"],
                ["此前结论 earlier forms", String(self.evidence.earlierForms.count) + "（analysis/earlier.json）"],
            ])
    }

    private mutating func originals() {
        self.section("原始报文 Originals")
        self.paragraph(
            "共 \(self.figures.messages) 条原始报文，解码为 \(self.figures.positions) 条定位（绘出 \(self.figures.drawn) 条）"
                + "，拒收 \(self.figures.refusals) 条；原文已按期清除的定位 \(self.evidence.lostOriginals) 条；与库中记录不一致的报文 "
                + "\(self.figures.differing) 条。",
            "\(self.figures.messages) raw messages, decoded into \(self.figures.positions) positions "
                + "(\(self.figures.drawn) drawn), \(self.figures.refusals) refused; originals dropped by retention: "
                + "\(self.evidence.lostOriginals); messages that decode otherwise than the log has it: "
                + "\(self.figures.differing).")
        self.paragraph(
            "每批哈希 = SHA-256（前一批哈希 ‖ 本批原文）。批内含同时到达的其他车辆报文，缺之则无法复算，须按敏感信息保管。",
            "A batch's hash is SHA-256 over the previous batch's hash and its string. A batch holds other vehicles' "
                + "messages of the same moment too; without them it cannot be recomputed. Keep it as sensitive data.")
        let shown = 60
        self.table(
            ["通道 lane", "批 batch", "报文数 messages", "SHA-256", "前一批 previous"],
            self.evidence.batches.prefix(shown).map { entry in
                [
                    entry.laneName, String(entry.batch.number), String(entry.batch.messageCount),
                    Hex.text(entry.batch.hash), entry.batch.previousHash.map { Hex.text($0) },
                ]
            })
        if self.evidence.batches.count > shown {
            self.paragraph(
                "其余 \(self.evidence.batches.count - shown) 批见 raw/batches.csv。",
                "\(self.evidence.batches.count - shown) more batches: raw/batches.csv.")
        }
    }

    private mutating func custody() {
        self.section("核验与保管 Verification and custody")
        self.paragraph(
            "离线核验：tongxing evidence verify 本文件夹 --public-key 公钥文件；或 sha256sum -c MANIFEST.sha256，再用 openssl 验签（见 README.txt）。",
            "Offline: tongxing evidence verify this folder --public-key FILE; or sha256sum -c MANIFEST.sha256 and openssl "
                + "for the signature (README.txt).")
        self.table(
            ["交接 hand-over", "姓名 name", "时间 time", "签名 signature"],
            [["移交 from", " ", " ", " "], ["接收 to", " ", " ", " "], ["审核 reviewed", " ", " ", " "]])
    }
}
