import Chronology
import Deliveries
import Geodesy
package import Telemetry
package import Tracks

/// A stretch of a terminal's track, and one of an earlier day of which a print is the same.
package struct ReplayFacts: Hashable, Sendable {
    package var terminal: TerminalID
    package var track: [Fix]
    package var earlier: [Fix]

    package init(terminal: TerminalID, track: [Fix], earlier: [Fix]) {
        self.terminal = terminal
        self.track = track
        self.earlier = earlier
    }
}

/// 轨迹重放: the same positions in the same order as on another day, to the last digit.
///
/// The same road is driven every day; the receiver's noise never repeats itself.
struct ReplayedTrack: StreamRule {
    let rule = VehicleAlert.Rule.replayedTrack
    let severity = 4

    func parameters(_ all: AnalysisParameters) -> [String: Double] {
        let rules = all.integrity
        return [
            "points": Double(rules.replayPoints), "duration_s": rules.replaySeconds, "step_m": rules.replayStep,
            "grid_e7": Double(rules.replayGridE7),
        ]
    }

    func criterion(_ all: AnalysisParameters) -> Statement {
        let (points, time) = (all.integrity.replayPoints, Wording.minutes(all.integrity.replaySeconds))
        return .criterion(
            zh: "与往日连续相同的点至少 \(points) 个，历时至少 \(time) 分钟",
            en: "at least \(points) points in a row the same as on another day, over at least \(time) min")
    }

    func judge(_ facts: ReplayFacts, in world: World) -> StreamAnswer {
        let (rules, truck) = (world.parameters.integrity, facts.terminal)
        let (track, earlier) = (rules.moving(facts.track), rules.moving(facts.earlier))
        guard track.count >= rules.replayPoints, earlier.count >= rules.replayPoints else {
            return .insufficient(
                zh: "\(truck) 行驶中的定位点不足 \(rules.replayPoints) 个，无从比较。",
                en: "Fewer than \(rules.replayPoints) positions of \(truck) under way are at hand to compare.")
        }
        guard !rules.isCoarse(track.map(\.coordinate)) else {
            return .insufficient(
                zh: "\(truck) 的定位精度太粗，任何一趟都会重复。",
                en: "The positions of \(truck) lie on so wide a grid that any trip repeats another.")
        }
        let run = Self.longestRun(track, earlier)
        let seconds = run.map { track[$0.start + $0.count - 1].time.seconds(since: track[$0.start].time) } ?? 0
        guard let run, run.count >= rules.replayPoints, seconds >= rules.replaySeconds else {
            return .no(
                zh: "\(truck) 与先前的轨迹最多连续 \(run?.count ?? 0) 个点相同。",
                en: "At most \(run?.count ?? 0) positions in a row of \(truck) are the same as before.")
        }
        return .hit(
            Self.fact(truck, track, earlier, run),
            against: Statement(
                zh: "可能的合理原因：终端以新时间补发了缓存的旧数据、平台在做回放测试。",
                en:
                    "The terminal may have sent old reports from its memory with new times, or somebody tested a replay."
            ))
    }

    private static func fact(
        _ truck: TerminalID, _ track: [Fix], _ earlier: [Fix], _ run: (start: Int, source: Int, count: Int)
    ) -> Statement {
        let (begin, end) = (Wording.time(track[run.start].time), Wording.time(track[run.start + run.count - 1].time))
        let source = Wording.time(earlier[run.source].time)
        return Statement(
            zh:
                "\(truck) 于 \(begin) 至 \(end) 连续 \(run.count) 个行驶中的定位点与 \(source) 起的轨迹逐点完全相同，连定位误差也相同。",
            en:
                "\(run.count) positions of \(truck) in a row while it drove, from \(begin) to \(end), are the very same as those "
                + "from \(source) on, noise and all.")
    }

    /// The longest stretch of the same positions in both, and where it begins in each.
    private static func longestRun(_ track: [Fix], _ earlier: [Fix]) -> (start: Int, source: Int, count: Int)? {
        var best: (start: Int, source: Int, count: Int)?
        var previous = [Int](repeating: 0, count: earlier.count + 1)
        for (row, fix) in track.enumerated() {
            var current = [Int](repeating: 0, count: earlier.count + 1)
            for (column, other) in earlier.enumerated() where other.coordinate == fix.coordinate {
                let count = previous[column] + 1
                current[column + 1] = count
                if count > best?.count ?? 0 { best = (row - count + 1, column - count + 1, count) }
            }
            previous = current
        }
        return best
    }
}

extension AnalysisParameters.Integrity {
    /// Positions far enough from the one before, no more than are looked at.
    fileprivate func moving(_ fixes: [Fix]) -> [Fix] {
        var found: [Fix] = []
        for fix in fixes.prefix(Self.longestComparison) {
            if let last = found.last, last.coordinate.nearbyMetres(to: fix.coordinate) < self.replayStep { continue }
            found.append(fix)
        }
        return found
    }

    private static var longestComparison: Int { 4000 }
}
