package import Chronology

/// One row of `camera-rates`: how many trucks have a camera, how many were heard of, and how much of the driving it was
/// known to work. Undefined is `nil`, not 0.
package struct CameraRate: Hashable, Sendable, Codable {
    package var scope: String
    package var periodFrom: CivilDate
    package var periodTo: CivilDate
    /// Trucks in the register, those of which it says whether they have a camera, those that have one, and those of
    /// them whose camera said anything.
    package var trucks: Int
    package var declared: Int
    package var installed: Int
    package var online: Int
    package var tally: CameraTally

    package init(
        scope: String, from: CivilDate, to: CivilDate, trucks: Int, declared: Int, installed: Int, online: Int,
        tally: CameraTally
    ) {
        self.scope = scope
        self.periodFrom = from
        self.periodTo = to
        self.trucks = trucks
        self.declared = declared
        self.installed = installed
        self.online = online
        self.tally = tally
    }

    /// 装机率: of the trucks of which the register says it; an empty field is no "no".
    package var installedRate: Double? { QualityShare(self.installed, of: self.declared)?.value }
    /// 在线率.
    package var onlineRate: Double? { QualityShare(self.online, of: self.installed)?.value }

    package static let columns = [
        "scope", "period_from", "period_to", "trucks", "installed", "installed_rate", "online", "online_rate",
        "moving_hours", "ok_hours", "lost_hours", "occluded_hours", "fault_hours", "unknown_hours", "effective_rate",
        "unknown_share", "right_turns", "right_turns_ok", "right_turns_unknown", "effective_turn_rate", "turn_coverage",
    ]

    /// In the order of `columns`.
    package var cells: [RateCell] {
        let moving = self.tally.movingMicroseconds
        let hours = [moving.total, moving.ok, moving.lost, moving.occluded, moving.fault, moving.unknown]
        return [
            .text(self.scope), .text(self.periodFrom.description), .text(self.periodTo.description),
            .integer(self.trucks), .integer(self.installed), .number(self.installedRate), .integer(self.online),
            .number(self.onlineRate),
        ] + hours.map { .number(Double($0) / 3.6e9) } + [
            .number(self.tally.effectiveRate), .number(self.tally.unknownShare),
            .integer(Int(self.tally.turns.total)), .integer(Int(self.tally.turns.ok)),
            .integer(Int(self.tally.turns.unknown)), .number(self.tally.effectiveTurnRate),
            .number(self.tally.turnCoverage),
        ]
    }

    /// The rate in words, with what it rests on.
    package var sentence: SafetyStatement {
        guard let effective = self.tally.effectiveRate, let unknown = self.tally.unknownShare else {
            return SafetyStatement(
                zh: "本期没有行驶记录，摄像头有效率无法计算（不是 0）。",
                en: "Nothing moved in this period: the effective rate is undefined (not 0).")
        }
        let (share, apart) = (FigureText.percent(effective), FigureText.percent(unknown))
        var sentence = SafetyStatement(
            zh: "行驶时间中右侧盲区摄像头确知有效的占 \(share)，状态未知 \(apart)（未知不算有效）",
            en:
                "The right blind-spot camera was known to work for \(share) of the moving time; unknown for \(apart) (not counted as "
                + "working)")
        let seen = self.tally.turnCoverage.map(FigureText.percent) ?? "?"
        if let turns = self.tally.effectiveTurnRate {
            let rate = FigureText.percent(turns)
            sentence.zh += "；观测到的 \(self.tally.turns.total) 次右转中 \(rate) 有效（上报密度足以看出右转的行驶时间占 \(seen)）"
            sentence.en +=
                "; of \(self.tally.turns.total) right turns seen, \(rate) had a working camera (\(seen) of the moving time was reported "
                + "closely enough to show turns)"
        } else {
            sentence.zh += "；没有观测到右转，不等于没有（上报密度足以看出右转的行驶时间占 \(seen)）"
            sentence.en +=
                "; no right turn was seen, which does not mean that there was none (\(seen) of the moving time was reported "
                + "closely enough to show turns)"
        }
        return SafetyStatement(zh: sentence.zh + "。", en: sentence.en + ".")
    }
}
