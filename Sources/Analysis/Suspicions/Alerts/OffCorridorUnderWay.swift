import Chronology
import Deliveries
import Geodesy
import Telemetry
import Tracks

/// How a truck under way lies to the ways that its load may take.
struct WayFacts: Sendable {
    var terminal: TerminalID
    var isLoaded: Bool
    /// `nil`: nobody knows.
    var place: Coordinate?
    /// `nil`: nothing is known of where the load may be going.
    var ways: ExpectedWays?
    var reading: ExpectedWays.Reading?
    /// At a known place: who weighs or refuels has left the way for it.
    var isAtPlace: Bool
    /// Since when every report has been off them all.
    var since: Instant?
    var time: Instant

    /// Off every way, and at no known place.
    var isOff: Bool {
        if case .off = self.reading { self.isLoaded && self.place != nil && !self.isAtPlace } else { false }
    }
}

/// 偏离常规路线 while it happens: loaded, and off every way that the load may take, for long enough. The delivery is
/// judged again when it ends, by the site that it went to.
struct OffCorridorUnderWay: StreamRule {
    let rule = VehicleAlert.Rule.offCorridor
    let severity = 2

    func parameters(_ all: AnalysisParameters) -> [String: Double] {
        let ways = all.corridors
        return ["distance_m": ways.distance, "duration_s": ways.seconds, "trips": Double(ways.trips)]
    }

    func criterion(_ all: AnalysisParameters) -> Statement {
        let ways = all.corridors
        let (metres, time) = (Wording.metres(ways.distance), Wording.minutes(ways.seconds))
        return .criterion(
            zh: "离所有已知路线超过 \(metres.zh)、持续超过 \(time) 分钟，至少已知 \(ways.trips) 趟",
            en:
                "more than \(metres.en) off every known way for more than \(time) min, with at least \(ways.trips) trips known"
        )
    }

    func judge(_ facts: WayFacts, in world: World) -> StreamAnswer {
        guard facts.isLoaded else { return .no(zh: "没有载料。", en: "It carries no load.") }
        guard let place = facts.place else {
            return .insufficient(zh: "当时没有可用定位。", en: "Where it was is not known.")
        }
        guard let ways = facts.ways, let reading = facts.reading, reading != .insufficient else {
            return .insufficient(
                zh: "去向未知，或到可能的工地已知趟数不足。",
                en: "Where it is bound for is not known, or too few trips are known to a site that it may be bound for."
            )
        }
        guard case .off(let metres) = reading else {
            return .no(zh: "在已知路线上。", en: "It keeps to a known way.")
        }
        guard !facts.isAtPlace else { return .no(zh: "在已知场所内。", en: "It is at a known place.") }
        guard let since = facts.since, facts.time.seconds(since: since) > world.parameters.corridors.seconds else {
            return .no(zh: "偏离时间不足。", en: "It has not been off them for long enough.")
        }
        return .hit(
            Self.fact(facts, ways, place, metres, since),
            against: Statement(
                zh: "可能的合理原因：封路、绕行、拥堵、限行时段改道。",
                en: "A road may have been closed or jammed, or restricted at that hour."))
    }

    private static func fact(
        _ facts: WayFacts, _ ways: ExpectedWays, _ place: Coordinate, _ metres: Double, _ since: Instant
    ) -> Statement {
        let (away, spot, begin) = (Wording.metres(metres), Wording.coordinate(place), Wording.time(since))
        let site = ways.sites.count == 1 ? ways.sites[0] : nil
        return Statement(
            zh:
                "\(facts.terminal) 载料，自 \(begin) 起偏离 \(ways.plantID) 至\(site.map { " " + $0 + " " } ?? "任何登记工地")的常规路线，现距最近的已知路线 \(away.zh)，位于 \(spot)。",
            en:
                "\(facts.terminal), loaded, has been off the usual ways from \(ways.plantID) to \(site ?? "any registered site") since "
                + "\(begin); it is \(away.en) off the nearest known way, at \(spot).")
    }
}

extension VehicleAlerts {
    mutating func offCorridor(
        _ time: Instant, _ place: Coordinate?, _ surroundings: AlertSurroundings
    ) -> [VehicleAlert.Change] {
        let world = surroundings.world
        var facts = WayFacts(
            terminal: self.terminal, isLoaded: surroundings.isLoaded, place: place, ways: surroundings.ways,
            isAtPlace: false, time: time)
        if facts.isLoaded, let place {
            facts.reading = surroundings.ways?.reading(of: place)
            facts.isAtPlace =
                facts.isOff && world.places(containing: place, at: time).contains { $0.kind == .place }
        }
        // A report without a fix says nothing, a truck without a load goes where it likes.
        let isUnseen = facts.isLoaded && place == nil
        if !isUnseen { facts.since = self.held(.offCorridor, facts.isOff, at: time) }
        return self.tell(
            OffCorridorUnderWay(), facts, since: facts.since, at: time, place, in: world, keepsUnlessHit: isUnseen)
    }
}
