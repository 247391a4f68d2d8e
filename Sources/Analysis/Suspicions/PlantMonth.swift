import Chronology
package import Deliveries
import Geodesy
import Registers
import Tracks

/// What a plant has sent out since the first of a month, up to and with one load.
package struct PlantMonth: Hashable, Sendable {
    package var plantID: String
    /// Cubic metres: the notes' volumes, and where there is none the drum's.
    package var volume: Double
    /// Loads that something beside halts shows.
    package var loads: Int
    /// Loads whose volume is that of the drum.
    package var estimatedLoads: Int
    /// Loads of which no volume is known; they count nothing.
    package var unknownLoads: Int
    /// Beside those, loads that halts alone show: they count nothing, as they accuse nobody.
    package var inferredLoads: Int

    package init(
        plantID: String, volume: Double, loads: Int, estimatedLoads: Int = 0, unknownLoads: Int = 0,
        inferredLoads: Int = 0
    ) {
        self.plantID = plantID
        self.volume = volume
        self.loads = loads
        self.estimatedLoads = estimatedLoads
        self.unknownLoads = unknownLoads
        self.inferredLoads = inferredLoads
    }

    /// Adds up the loads that left the delivery's plant in its month (by the clock in China) before it, and its own.
    /// `nil` for a load at no plant, and for one that was not seen.
    package init?(upTo delivery: Delivery, of deliveries: [Delivery], matching: TicketMatching?, in world: World) {
        guard delivery.origin.kind == .plant, let plant = delivery.origin.id, let loadEnd = delivery.loadEnd else {
            return nil
        }
        let day = loadEnd.date(at: .shanghai)
        self.init(plantID: plant, volume: 0, loads: 0)
        for load in CarriedLoad.loads(of: deliveries + [delivery]) {
            guard load.origin.kind == .plant, load.origin.id == plant, let end = load.loadEnd, end <= loadEnd else {
                continue
            }
            let date = end.date(at: .shanghai)
            guard date.year == day.year, date.month == day.month else { continue }
            let noted = matching?.match(of: load.first)?.cubicMetres
            guard noted != nil || !load.isInferred(in: world) else {
                self.inferredLoads += 1
                continue
            }
            self.loads += 1
            if let noted {
                self.volume += noted
            } else if let drum = world.vehicle(load.first.terminal, at: end)?.capacityCubicMetres {
                self.volume += drum
                self.estimatedLoads += 1
            } else {
                self.unknownLoads += 1
            }
        }
    }
}

/// Who unloaded at one place in the days before a delivery, and with it.
package struct PlaceTraffic: Hashable, Sendable {
    /// Tankers of the last 14 days, of the last 7 days, and mixers of those 7 days.
    package var tankers: Int
    package var tankersOfWeek: Int
    package var mixersOfWeek: Int

    package init(tankers: Int, tankersOfWeek: Int, mixersOfWeek: Int) {
        self.tankers = tankers
        self.tankersOfWeek = tankersOfWeek
        self.mixersOfWeek = mixersOfWeek
    }

    /// Counts the unloadings at the delivery's site, or within the spot's radius of where it was unloaded.
    package init(at delivery: Delivery, of deliveries: [Delivery], in world: World) {
        self.init(tankers: 0, tankersOfWeek: 0, mixersOfWeek: 0)
        let cement = world.parameters.cement
        var seen = Set<String>()
        for other in deliveries + [delivery] where seen.insert(other.deliveryID).inserted {
            let days = delivery.unloadEnd.seconds(since: other.unloadEnd) / 86_400
            guard days >= 0, days <= cement.countDays, Self.isSamePlace(other, delivery, world) else { continue }
            // A truck that no register knows is read as a mixer, here as everywhere.
            let kind = world.kind(of: other) ?? .mixer
            let isOfWeek = days <= cement.mixingDays
            switch kind {
            case .bulkCement:
                self.tankers += 1
                if isOfWeek { self.tankersOfWeek += 1 }
            case .mixer: if isOfWeek { self.mixersOfWeek += 1 }
            case .mortar: break
            }
        }
    }

    private static func isSamePlace(_ one: Delivery, _ other: Delivery, _ world: World) -> Bool {
        if let id = one.destination.id {
            return one.destination.kind == other.destination.kind && id == other.destination.id
        }
        guard other.destination.id == nil, let here = one.destination.coordinate,
            let there = other.destination.coordinate
        else { return false }
        return here.distanceMetres(to: there) <= world.parameters.cycles.spotRadius
    }
}
