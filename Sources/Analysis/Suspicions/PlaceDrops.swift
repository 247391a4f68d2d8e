import Chronology
package import Deliveries
package import Geodesy
package import Tracks

/// Other loads that went to the place, outside every register, at which a delivery is read to have ended: one halt of
/// one truck may have been a meal or a breakdown, what several trucks do is a habit of the place.
package struct PlaceDrops: Hashable, Sendable {
    /// Loads of other trucks, and of this one on that day.
    package var otherLoads: Int

    package init(otherLoads: Int) {
        self.otherLoads = otherLoads
    }

    /// Counts among `deliveries`, which may hold the delivery itself and any others; `nil` where the delivery ended at
    /// a place of the registers or of the search for suspected plants, or where is not known.
    package init?(at delivery: Delivery, of deliveries: [Delivery], _ parameters: AnalysisParameters) {
        guard let here = delivery.unregisteredDrop else { return nil }
        let (rules, radius) = (parameters.rules, parameters.cycles.spotRadius)
        let others = deliveries.filter { other in
            guard other.loadID != delivery.loadID, let there = other.unregisteredDrop else { return false }
            let seconds = other.unloadStart.seconds(since: delivery.unloadStart).magnitude
            let longest =
                other.terminal == delivery.terminal ? rules.sameTruckDropSeconds : rules.repeatedDropDays * 86_400
            return seconds <= longest && here.distanceMetres(to: there) <= radius
        }
        self.init(otherLoads: Set(others.map(\.loadID)).count)
    }
}

extension Delivery {
    /// Where it was unloaded outside every register; `nil` at a known place, and where nobody knows.
    package var unregisteredDrop: Coordinate? {
        self.destination.kind == .unknown && self.destination.id == nil ? self.destination.coordinate : nil
    }
}
