package import Chronology
import Deliveries
package import Geodesy
package import Telemetry
package import Tracks

/// Where and when a terminal was seen.
package struct Sighting: Codable, Hashable, Sendable {
    package var terminal: TerminalID
    package var time: Instant
    package var coordinate: Coordinate

    package init(terminal: TerminalID, time: Instant, coordinate: Coordinate) {
        self.terminal = terminal
        self.time = time
        self.coordinate = coordinate
    }
}

/// What may show that two vehicles bear one identity.
package enum IdentityFacts: Hashable, Sendable {
    /// The positions of one terminal; `nil`: all of them can be one vehicle's.
    case stream(TerminalID, StreamSplit?)
    /// Two terminals of one plate, and how many reports in a row have been too far from the other.
    case plate(String, Sighting, Sighting, conflicts: Int)
}

/// 一机两地、套牌: one terminal, or one plate, in two places at once.
struct ClonedIdentity: StreamRule {
    let rule = VehicleAlert.Rule.clonedIdentity
    let severity = 4

    func parameters(_ all: AnalysisParameters) -> [String: Double] {
        let rules = all.integrity
        return [
            "distance_m": rules.cloneMetres, "within_s": rules.cloneSeconds, "switches": Double(rules.cloneSwitches),
            "places": Double(rules.clonePlaces),
        ]
    }

    func criterion(_ all: AnalysisParameters) -> Statement {
        let rules = all.integrity
        let (metres, time) = (Wording.metres(rules.cloneMetres), Wording.minutes(rules.cloneSeconds))
        return .criterion(
            zh: "\(time) 分钟内相距 \(metres.zh) 以上，往返至少 \(rules.cloneSwitches) 次，或两终端多次相距过远",
            en:
                "at least \(metres.en) apart within \(time) min, to and fro at least \(rules.cloneSwitches) times, or two terminals "
                + "too far apart again and again")
    }

    func judge(_ facts: IdentityFacts, in world: World) -> StreamAnswer {
        switch facts {
        case .stream(let terminal, let split): self.judge(terminal, split, in: world)
        case .plate(let plate, let one, let other, let conflicts):
            self.judge(plate, one, other, conflicts, in: world)
        }
    }

    private func judge(_ terminal: TerminalID, _ split: StreamSplit?, in world: World) -> StreamAnswer {
        let rules = world.parameters.integrity
        guard let split, split.switches >= rules.cloneSwitches, split.metres >= rules.cloneMetres else {
            return .no(
                zh: "\(terminal) 的位置可以是同一辆车。",
                en: "The positions of \(terminal) can be those of one vehicle.")
        }
        guard split.places >= rules.clonePlaces else {
            return .insufficient(
                zh: "\(terminal) 的另一位置始终不变，可能是终端缓存的旧位置，无法判断。",
                en: "The other position of \(terminal) never changes; it may be one that the terminal has kept.")
        }
        return .hit(Self.fact(terminal, split), against: Self.counterfact)
    }

    private static func fact(_ terminal: TerminalID, _ split: StreamSplit) -> Statement {
        let (begin, end) = (Wording.time(split.start), Wording.time(split.end))
        let (one, other, away) = (
            Wording.coordinate(split.one), Wording.coordinate(split.other), Wording.metres(split.metres)
        )
        return Statement(
            zh:
                "\(begin) 至 \(end)，\(terminal) 的位置在两条轨迹之间来回 \(split.switches) 次：\(one) 与 \(other)，相距 \(away.zh)，不可能是同一辆车。",
            en:
                "From \(begin) to \(end) the positions of \(terminal) went to and fro \(split.switches) times between two "
                + "tracks, at \(one) and \(other), \(away.en) apart: no one vehicle can have driven that.")
    }

    private func judge(
        _ plate: String, _ one: Sighting, _ other: Sighting, _ conflicts: Int, in world: World
    ) -> StreamAnswer {
        let rules = world.parameters.integrity
        let seconds = one.time.seconds(since: other.time).magnitude
        guard seconds <= rules.cloneSeconds else {
            return .insufficient(
                zh: "\(plate) 的另一终端 \(other.terminal) 当时没有定位，无从比较。",
                en: "The other terminal of \(plate), \(other.terminal), gave no position at that time to compare with.")
        }
        let metres = one.coordinate.nearbyMetres(to: other.coordinate)
        let reach = seconds * world.parameters.cleaning.maximumSpeed / 3.6
        guard metres >= rules.cloneMetres, metres > reach, conflicts >= rules.clonePlaces else {
            return .no(
                zh: "\(plate) 的两个终端可以在同一辆车上。", en: "Both terminals of \(plate) can be in one vehicle.")
        }
        return .hit(Self.fact(plate, one, other, conflicts, metres), against: Self.counterfact)
    }

    private static func fact(
        _ plate: String, _ one: Sighting, _ other: Sighting, _ conflicts: Int, _ metres: Double
    ) -> Statement {
        let (here, there, away) = (
            Wording.coordinate(one.coordinate), Wording.coordinate(other.coordinate), Wording.metres(metres)
        )
        let (first, second) = (Wording.time(one.time), Wording.time(other.time))
        return Statement(
            zh:
                "\(plate) 同时在两地：终端 \(one.terminal) 于 \(first) 在 \(here)，终端 \(other.terminal) 于 \(second) 在 \(there)，相距 \(away.zh)，已连续 \(conflicts) 次。",
            en:
                "\(plate) is in two places at once: terminal \(one.terminal) at \(here) at \(first), terminal \(other.terminal) at "
                + "\(there) at \(second), \(away.en) apart, for \(conflicts) reports in a row.")
    }

    private static let counterfact = Statement(
        zh: "可能的合理原因：更换终端或 SIM 卡而登记未更新、两台终端误设同一编号、网关重复转发。",
        en:
            "The terminal or its SIM may have been moved and not registered anew, two may have been given one number by mistake, "
            + "or a gateway forwards twice.")
}
