import Chronology
import Deliveries
package import Telemetry
package import Tracks

/// The other trucks around a place for a while.
package struct Neighbours: Hashable, Sendable {
    /// Terminals that had a fix there, and those that reported and had none.
    package var fixed: Int
    package var dark: Int

    package init(fixed: Int, dark: Int) {
        self.fixed = fixed
        self.dark = dark
    }
}

/// A truck that sees no satellite, and the others around it; `nil`: nobody has asked.
package struct JammingFacts: Hashable, Sendable {
    package var terminal: TerminalID
    package var spell: DarkSpell
    package var neighbours: Neighbours?

    package init(terminal: TerminalID, spell: DarkSpell, neighbours: Neighbours?) {
        self.terminal = terminal
        self.spell = spell
        self.neighbours = neighbours
    }
}

/// 疑似屏蔽: no satellite while the truck drives and others at the same place see theirs.
struct Jamming: StreamRule {
    let rule = VehicleAlert.Rule.jamming
    let severity = 4

    func parameters(_ all: AnalysisParameters) -> [String: Double] {
        let rules = all.integrity
        return [
            "duration_s": rules.jamSeconds, "radius_m": rules.jamRadius, "neighbours": Double(rules.jamNeighbours),
            "moved_m": rules.jamMetres, "moving_reports": Double(rules.jamMovingReports),
            "sudden_s": rules.jamSuddenSeconds,
        ]
    }

    func criterion(_ all: AnalysisParameters) -> Statement {
        let rules = all.integrity
        let (time, metres) = (Wording.minutes(rules.jamSeconds), Wording.metres(rules.jamRadius))
        return .criterion(
            zh: "行驶中至少 \(time) 分钟没有卫星，\(metres.zh) 内至少 \(rules.jamNeighbours) 台其他车辆有定位",
            en: "no satellite for at least \(time) min of driving, while at least \(rules.jamNeighbours) others within "
                + "\(metres.en) had a fix")
    }

    func judge(_ facts: JammingFacts, in world: World) -> StreamAnswer {
        let (rules, spell, truck) = (world.parameters.integrity, facts.spell, facts.terminal)
        guard spell.seconds >= rules.jamSeconds else {
            return .no(
                zh: "\(truck) 没有卫星的时间不足 \(Wording.minutes(rules.jamSeconds)) 分钟。",
                en: "\(truck) was without satellites for less than \(Wording.minutes(rules.jamSeconds)) min.")
        }
        guard spell.unnamed == 0 else {
            return .insufficient(
                zh: "\(truck) 不上报卫星数，无法区分没有卫星与没有定位。",
                en: "\(truck) does not report its satellites, so none in view and no fix cannot be told apart.")
        }
        guard spell.isMotionKnown else {
            return .insufficient(
                zh: "\(truck) 没有速度和里程，不知是否在室内停放。",
                en: "\(truck) reports neither speed nor odometer, so it may stand under a roof.")
        }
        guard spell.metres >= rules.jamMetres || spell.movingReports >= rules.jamMovingReports else {
            return .no(zh: "\(truck) 当时没有行驶，可能在室内。", en: "\(truck) did not drive; it may be under a roof.")
        }
        guard spell.start.seconds(since: spell.seenAt) <= rules.jamSuddenSeconds else {
            return .insufficient(
                zh: "\(truck) 失去卫星前的位置未知，没有可比的同行车辆。",
                en: "Where \(truck) lost its satellites is not known, so there are no others to compare with.")
        }
        guard let others = facts.neighbours, others.fixed + others.dark >= rules.jamNeighbours else {
            return .insufficient(
                zh: "附近 \(Wording.metres(rules.jamRadius).zh) 内其他车辆不足 \(rules.jamNeighbours) 辆，无从比较。",
                en:
                    "Fewer than \(rules.jamNeighbours) other trucks were within \(Wording.metres(rules.jamRadius).en) to compare with."
            )
        }
        guard others.fixed >= rules.jamNeighbours, others.fixed > others.dark else {
            return .no(
                zh: "附近 \(others.dark) 辆车同样没有定位（有定位 \(others.fixed) 辆），应为当地遮挡或干扰。",
                en:
                    "\(others.dark) trucks near by had no fix either (\(others.fixed) had one): the place is covered or disturbed."
            )
        }
        return .hit(
            Self.fact(truck, spell, others),
            against: Statement(
                zh: "可能的合理原因：天线脱落或损坏、长隧道、地下作业面。",
                en: "The antenna may be loose or broken, or the truck in a long tunnel or working underground."))
    }

    private static func fact(_ truck: TerminalID, _ spell: DarkSpell, _ others: Neighbours) -> Statement {
        let (begin, minutes) = (Wording.time(spell.start), Wording.minutes(spell.seconds))
        let (driven, spot) = (Int(min(spell.metres, 1e9)), Wording.coordinate(spell.coordinate))
        return Statement(
            zh:
                "\(truck) 自 \(begin) 起 \(minutes) 分钟卫星数为零，其间仍在行驶（有速度 \(spell.movingReports) 次，里程增加 \(driven) 米）；"
                + "同一时间、同一地点（\(spot)）\(others.fixed) 辆其他车辆定位正常。",
            en:
                "\(truck) saw no satellite for \(minutes) min from \(begin) on while it drove (\(spell.movingReports) reports with a "
                + "speed, \(driven) m by the odometer); at the same time and place "
                + "(\(spot)) \(others.fixed) other trucks had a fix.")
    }
}
