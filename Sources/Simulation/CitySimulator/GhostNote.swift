import Chronology
import Registers

/// A delivery note without a delivery: the plant wrote it for a truck that was elsewhere all the time.
enum GhostNote {
    /// How often a crooked truck's plate is lent to one on a day.
    private static let chance = 0.4
    /// Seconds before and after the note in which the truck keeps away from the plant, and from any other load.
    private static let away = 3000
    private static let apart = 5400

    static func note(for day: TruckDay, of truck: Truck, in city: City) -> Ticket? {
        var random = SplitMix64(seed: city.plan.seed, for: .papers, truck: truck.number, day: day.day)
        guard city.plan.hasCheats, truck.isCrooked, truck.kind == .mixer, truck.habits.clockOffset == 0,
            random.chance(Self.chance)
        else { return nil }
        let plants = city.facilities(.concretePlant).filter { city.facilities[$0].licence == .valid }
        guard let plant = random.pick(plants).map({ city.facilities[$0] }) else { return nil }
        let sites = city.pouringSites.map { city.facilities[$0] }.filter {
            $0.approvedPlants.isEmpty || $0.approvedPlants.contains(plant.id)
        }
        let seconds = stride(from: 2 * 3600, through: 18 * 3600, by: 600).filter {
            Self.isElsewhere(day, at: $0, from: plant)
        }
        guard let site = random.pick(sites), let second = random.pick(seconds) else { return nil }
        let date = city.plan.start(ofDay: day.day).date(at: .shanghai).description.filter { $0 != "-" }
        return Ticket(
            ticketID: "T-\(date)-\(truck.terminal)-G", plantID: plant.id, siteID: site.id, plate: truck.plate,
            product: "C30", volumeCubicMetres: truck.capacity,
            issuedAt: city.plan.start(ofDay: day.day).advanced(bySeconds: Double(second)))
    }

    /// Whether the truck's terminal is heard for nine tenths of the time around the note, which is what the rule asks
    /// for: one that sleeps while the truck stands cannot tell that it stood there all the time.
    static func isHeard(_ day: TruckDay, of truck: Truck, at second: Int) -> Bool {
        let window = second - Self.away..<second + Self.away
        let asleep = day.segments.filter { segment in
            switch truck.habits.parked {
            case .reports, .signsOfLife: false
            case .sleepsWhenOff: segment.drive == nil && !segment.activity.isIgnitionOn
            case .sleepsWhenStill: segment.drive == nil
            }
        }
        let seconds = asleep.map { ($0.start..<$0.end).clamped(to: window).count }.reduce(0, +)
        return seconds * 10 <= window.count
    }

    private static func isElsewhere(_ day: TruckDay, at second: Int, from plant: Facility) -> Bool {
        let loads = day.segments.filter { $0.activity == .loading }
        guard loads.allSatisfy({ second + Self.apart < $0.start || $0.end + Self.apart < second }),
            !day.darkness.contains(where: { $0.overlaps(second - Self.away..<second + Self.away) })
        else { return false }
        return stride(from: second - Self.away, through: second + Self.away, by: 120).allSatisfy {
            day.state(at: $0).point.distance(to: plant.yard.centre) > plant.yard.radius + 1000
        }
    }
}
