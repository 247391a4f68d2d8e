import Chronology
import Deliveries
import Geodesy
import Registers

/// The plant or the site of the registers that is nearest to a point.
struct NearestRow {
    var id: String
    var name: String
    /// To the fence, 0 inside.
    var metres: Double

    /// Among the plants that may supply at `instant`.
    static func licensedPlant(to point: Coordinate, at instant: Instant, in world: World) -> NearestRow? {
        Self.nearest(
            world.registers.plants.lazy.filter { $0.status.maySupply && $0.period.contains(instant) }
                .map { NearestRow(id: $0.plantID, name: $0.name, metres: $0.fence.distanceMetres(to: point)) })
    }

    /// Among the plants where they stood at `instant`, whatever their licence.
    static func plant(to point: Coordinate, at instant: Instant, in world: World) -> NearestRow? {
        Self.nearest(
            world.registers.plants.lazy.filter { world.stands($0, at: instant) }
                .map { NearestRow(id: $0.plantID, name: $0.name, metres: $0.fence.distanceMetres(to: point)) })
    }

    /// Among the yards where a plant stood before `instant`, or stands later, and not then.
    static func otherYard(to point: Coordinate, at instant: Instant, in world: World) -> NearestRow? {
        Self.nearest(
            world.registers.plants.lazy.filter { !world.stands($0, at: instant) }
                .map { NearestRow(id: $0.plantID, name: $0.name, metres: $0.fence.distanceMetres(to: point)) })
    }

    /// Among the sites registered at `instant`.
    static func site(to point: Coordinate, at instant: Instant, in world: World) -> NearestRow? {
        Self.nearest(
            world.registers.sites.lazy.filter { $0.period.contains(instant) }
                .map { NearestRow(id: $0.siteID, name: $0.name, metres: $0.fence.distanceMetres(to: point)) })
    }

    private static func nearest(_ rows: some Sequence<NearestRow>) -> NearestRow? {
        rows.min { ($0.metres, $0.id) < ($1.metres, $1.id) }
    }

    var wording: (zh: String, en: String) {
        let distance = Wording.metres(self.metres)
        return ("\(self.name)（\(self.id)），相距 \(distance.zh)", "\(self.name) (\(self.id)), \(distance.en) away")
    }
}
