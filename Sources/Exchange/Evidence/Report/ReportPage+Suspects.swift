import Chronology
import Deliveries
import Exchange
import Geodesy
import Suspicions

/// The suspected plants that the delivery names, and why the origin counts for as much as it does.
extension ReportPage {
    mutating func suspects() {
        let why = self.evidence.severityOfOrigin
        guard why != nil || !self.evidence.suspects.isEmpty else { return }
        self.section("级别与疑似搅拌点 Severity and suspected plants")
        if let why { self.paragraph(why.zh, why.en) }
        for suspect in self.evidence.suspects { self.suspect(suspect) }
        guard !self.evidence.suspects.isEmpty else { return }
        self.paragraph(
            "疑似搅拌点由各车停留推断，是线索，不是认定；全文见 \(PackageLayout.suspects)。",
            "A suspected plant is inferred from where trucks halted: a lead, no finding. In full: \(PackageLayout.suspects)."
        )
    }

    private mutating func suspect(_ suspect: EvidenceSuspect) {
        let judgedAt = self.evidence.derivedAt
        self.body += "<h3>\(TextEscapes.xml("疑似搅拌点 Suspected plant \(suspect.suspectedPlantID)"))</h3>\n"
        let note = suspect.wording(judgedAt: judgedAt)
        self.paragraph(note.zh, note.en)
        let status = suspect.status(at: judgedAt).wording
        guard let card = suspect.card else {
            self.table(["项目 item", "内容 value"], [["判定时状态 status then", "\(status.zh) \(status.en)"]])
            return self.decisions(of: suspect)
        }
        let counts = card.evidence
        let hours = counts.hours.enumerated().filter { $0.element > 0 }.map { "\($0.offset):00 × \($0.element)" }
        self.table(
            ["项目 item", "内容 value"],
            [
                ["判定时状态 status then", "\(status.zh) \(status.en)"],
                ["评分 score (0–100)", NumberText.shortest(card.score)],
                [
                    "位置 place",
                    "\(card.coordinate.latitude), \(card.coordinate.longitude); \(Int(card.radiusMetres.rounded())) m",
                ],
                ["停留 visits", "\(counts.visits)；车 trucks \(counts.trucks)，车日 truck-days \(counts.truckDays)"],
                ["疑似装料 likely loads", "\(counts.loads)；确凿 certain \(counts.certainLoads)"],
                ["供应地点 places supplied", "\(counts.sites)；登记工地 registered sites \(counts.registeredSites)"],
                [
                    "反面 against",
                    "到达时已有料 came loaded \(counts.arrivedLoaded)，随后去站点 went to a plant \(counts.wentToPlant)，"
                        + "无前后 aimless \(counts.aimless)，长停 long halts \(counts.longVisits)",
                ],
                [
                    "传感器 sensors",
                    "可判断 heard \(counts.heard)，进料 loads \(counts.heardLoads)，卸料 discharges \(counts.heardDischarges)，"
                        + "均无 neither, of trucks whose sensors show loads \(counts.heardNothing ?? 0)",
                ],
                ["水泥罐车 cement tankers", "\(counts.tankerVisits)；车 trucks \(counts.tankers)"],
                ["装料时段 hours of loads", hours.isEmpty ? nil : hours.joined(separator: ", ")],
                [
                    "最近登记站点 nearest plant",
                    counts.nearestPlant.map { "\($0.name) (\($0.plantID)), \(Int($0.metres.rounded())) m" },
                ],
            ])
        self.table(
            ["理由 reason", "分值 points"],
            card.reasons.sorted { ($1.points, $0.name) < ($0.points, $1.name) }.map {
                ["\($0.statement.zh) \($0.statement.en)", NumberText.shortest($0.points)]
            })
        self.decisions(of: suspect)
    }

    private mutating func decisions(of suspect: EvidenceSuspect) {
        guard !suspect.decisions.isEmpty else {
            return self.paragraph("尚无人员处置。", "Nobody has decided about it.")
        }
        self.table(
            ["人员处置 decision", "时间 time", "人员 by", "理由 reason", "判定时已有 known when judged"],
            suspect.decisions.map { decision in
                let isKnown = decision.at <= self.evidence.derivedAt
                return [
                    "\(decision.status.wording.zh) \(decision.status.wording.en)", ChinaTime.text(decision.at),
                    decision.by,
                    decision.reason, isKnown ? "是 yes" : "否 no",
                ]
            })
    }
}
