import Chronology
package import Deliveries
package import Geodesy
import Registers
import Tracks

/// Other loads that went to the place, outside every register, at which a delivery is read to have ended. One halt may
/// have been a meal or a breakdown, and where trucks eat many do, so that of mixers those count that a sensor shows to
/// have discharged there. Cement is blown into a silo, which no sensor shows; it is no tanker's habit to be emptied
/// twice where nobody takes cement.
package struct PlaceDrops: Hashable, Sendable {
    /// Such loads of other trucks, and of this one on that day.
    package var otherLoads: Int

    package init(otherLoads: Int) {
        self.otherLoads = otherLoads
    }

    /// Counts among `deliveries`, which may hold the delivery itself and any others; `nil` where the delivery ended at
    /// a place of the registers or of the search for suspected plants, or where is not known.
    package init?(at delivery: Delivery, of deliveries: [Delivery], in world: World) {
        guard let here = delivery.unregisteredDrop else { return nil }
        let (rules, radius) = (world.parameters.rules, world.parameters.cycles.spotRadius)
        func isTanker(_ delivery: Delivery) -> Bool { world.kind(of: delivery) == .bulkCement }
        let isCement = isTanker(delivery)
        let others = deliveries.filter { other in
            guard other.loadID != delivery.loadID, let there = other.unregisteredDrop,
                isCement ? isTanker(other) : other.isDischargeShown
            else { return false }
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
