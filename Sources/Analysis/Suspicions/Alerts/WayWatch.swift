import Chronology
import Deliveries
import Geodesy
import Telemetry
import Tracks

/// 偏离常规路线 while it happens. The delivery is judged again when it ends, by the site that it went to.
extension VehicleAlerts {
    /// Off every way that the load may take, for long enough.
    mutating func offCorridor(
        _ time: Instant, _ place: Coordinate?, _ surroundings: AlertSurroundings
    ) -> [VehicleAlert.Change] {
        let world = surroundings.world
        let rule = world.parameters.corridors
        // A report without a fix says nothing, a truck without a load goes where it likes.
        if surroundings.isLoaded, place == nil { return [] }
        guard surroundings.isLoaded, let place, let ways = surroundings.ways,
            case .off(let metres) = ways.reading(of: place),
            // Who weighs or refuels has left the way for it.
            !world.places(containing: place, at: time).contains(where: { $0.kind == .place })
        else { return self.end(.offCorridor, at: time) }
        guard let since = self.held(.offCorridor, since: time, for: rule.seconds.nextUp, at: time) else { return [] }
        let (away, spot, begin) = (Wording.metres(metres), Wording.coordinate(place), Wording.time(since))
        let site = ways.sites.count == 1 ? ways.sites[0] : nil
        return self.raise(
            .offCorridor, since: since, at: time, place,
            Statement(
                zh:
                    "\(self.terminal) 载料，自 \(begin) 起偏离 \(ways.plantID) 至\(site.map { " " + $0 + " " } ?? "任何登记工地")的常规路线，现距最近的已知路线 \(away.zh)，位于 \(spot)。",
                en:
                    "\(self.terminal), loaded, has been off the usual ways from \(ways.plantID) to \(site ?? "any registered site") since "
                    + "\(begin); it is \(away.en) off the nearest known way, at \(spot)."),
            against: Statement(
                zh: "可能的合理原因：封路、绕行、拥堵、限行时段改道。",
                en: "A road may have been closed or jammed, or restricted at that hour."), in: world)
    }
}
