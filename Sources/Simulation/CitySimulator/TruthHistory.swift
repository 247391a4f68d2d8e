import Chronology
import Geodesy

/// Rules that look at what else happened: a plant's month, a site's week, the ways of other trips, faults.
struct TruthHistory {
    private var drops: [TruthDelivery]

    /// - Parameters:
    ///   - days: of all trucks since the first day.
    ///   - volumes: cubic metres by load.
    init(_ days: [TruckDay], volumes: [String: Double], in city: City) {
        self.drops = days.flatMap(\.drops)
        self.expectOverCapacity(volumes, in: city)
        self.expectMixing(in: city)
        self.expectUnusualWays(days, in: city)
        self.expectSilences(days, in: city)
    }

    /// In the order of unloading.
    var told: [TruthDelivery] {
        self.drops.sorted { ($0.unloadStart, $0.truthID) < ($1.unloadStart, $1.truthID) }
    }

    /// A plant and a month.
    private struct Month: Hashable {
        var plant: String
        var year: Int
        var month: Int
    }

    private mutating func expectOverCapacity(_ volumes: [String: Double], in city: City) {
        let capacity = Dictionary(
            uniqueKeysWithValues: city.facilities(.concretePlant).map {
                (city.facilities[$0].id, city.facilities[$0].yearlyCapacity)
            })
        var sums: [Month: Double] = [:]
        var counted = Set<String>()
        var isOver = Set<String>()
        // By the terminals' clocks, which is all that anybody can count by.
        for drop in self.drops.map(\.asRecorded).sorted(by: { ($0.loadEnd, $0.loadID) < ($1.loadEnd, $1.loadID) })
        where drop.originKind == .plant && counted.insert(drop.loadID).inserted {
            guard let yearly = capacity[drop.originID] else { continue }
            let date = drop.loadEnd.date(at: .shanghai)
            let month = Month(plant: drop.originID, year: date.year, month: date.month)
            sums[month, default: 0] += volumes[drop.loadID] ?? 0
            if sums[month, default: 0] > yearly / 12 { isOver.insert(drop.loadID) }
        }
        for index in self.drops.indices where isOver.contains(self.drops[index].loadID) {
            self.drops[index].expect("over-capacity")
        }
    }

    private mutating func expectMixing(in city: City) {
        let sites = Set(city.facilities.filter(\.mixesItsOwn).map(\.id))
        let there = self.drops.indices.filter { sites.contains(self.drops[$0].destinationID) }
        for index in there {
            let end = self.drops[index].unloadEnd
            let week = there.count { other in
                let drop = self.drops[other]
                return drop.destinationID == self.drops[index].destinationID
                    && (0...7 * 86_400).contains(end.seconds(since: drop.unloadEnd))
            }
            if week >= 3 { self.drops[index].expect("on-site-mixing") }
        }
    }

    private mutating func expectUnusualWays(_ days: [TruckDay], in city: City) {
        let unusual = TruthWays(self.drops, days: days, in: city).unusual
        for index in self.drops.indices where unusual.contains(self.drops[index].truthID) {
            self.drops[index].expect("off-corridor")
        }
    }

    /// A terminal that fails by itself on the way leaves the same gap as one that is switched off.
    private mutating func expectSilences(_ days: [TruckDay], in city: City) {
        let indices = Dictionary(uniqueKeysWithValues: self.drops.indices.map { (self.drops[$0].truthID, $0) })
        for day in days where !day.drops.isEmpty {
            let truck = city.trucks[day.truck]
            let silences = TerminalFaults(truck: truck, day: day.day, plan: city.plan).silences
            // The reports before and after it are a minute apart from it at the most.
            guard (silences + day.darkness).contains(where: { $0.count > Self.staySeconds - 120 }) else { continue }
            let start = city.plan.start(ofDay: day.day)
            let fixes = Recorder.record(day, of: truck, plan: city.plan, odometer: 0).filter(\.hasFix).map {
                Int($0.second)
            }
            for drop in day.drops {
                guard let index = indices[drop.truthID] else { continue }
                let haul = Int(drop.loadEnd.seconds(since: start))...Int(drop.unloadStart.seconds(since: start))
                let isDark = zip(fixes, fixes.dropFirst()).contains { from, to in
                    // It may have been heard last under the loader, or first at the site.
                    let (start, end) = (max(from, haul.lowerBound), min(to, haul.upperBound))
                    return end - start > Self.darkSeconds && silences.contains { $0.overlaps(start..<end) }
                        && Self.metres(of: truck, on: day, from: from, to: to) > Self.darkMetres
                }
                if isDark { self.drops[index].expect("gap-in-haul") }
                let since = Self.seenEmpty(before: drop, on: day, from: start)
                let hidden = silences + day.darkness
                let isStay = zip(fixes, fixes.dropFirst()).contains { from, to in
                    from < haul.upperBound && to > since && to - from >= Self.staySeconds
                        && hidden.contains { $0.overlaps(from..<to) }
                        && Self.isStay(on: day, from: from, to: to, in: city)
                }
                if isStay { self.drops[index].expect("dark-stay") }
            }
        }
    }

    /// From when on the truck may have taken the load: the end of the load, and of one in the dark that of the drop
    /// before it.
    private static func seenEmpty(before drop: TruthDelivery, on day: TruckDay, from start: Instant) -> Int {
        let load = Int(drop.loadStart.seconds(since: start))..<Int(drop.loadEnd.seconds(since: start))
        guard day.darkness.contains(where: { $0.overlaps(load) }) else { return load.upperBound }
        let before = day.drops.filter { $0.unloadEnd <= drop.loadStart }.map(\.unloadEnd).max()
        return before.map { Int($0.seconds(since: start)) } ?? 0
    }

    /// Back near where it went dark, with time enough to load or unload beside the drive, and no known place near that
    /// would explain it.
    private static func isStay(on day: TruckDay, from: Int, to: Int, in city: City) -> Bool {
        let (before, after) = (day.state(at: from).point, day.state(at: to).point)
        let metres = before.distance(to: after)
        // The drive as the rules reckon it: a third more than the straight line at 32 km/h, and half a minute to start.
        let stay = Double(to - from) - metres * 1.35 / (32 / 3.6) - 30
        guard metres <= Self.stayMetres, stay >= Double(Self.staySeconds) else { return false }
        return !city.facilities.contains { facility in
            facility.kind.isRegistered
                && [before, after].contains {
                    facility.yard.fence.distanceMetres(to: Plane.coordinate($0)) <= Self.explainingMetres
                }
        }
    }

    /// What the catalogue calls near by, and long enough to load or unload; a place this near explains a silence.
    private static let staySeconds = 480
    private static let stayMetres = 2000.0
    private static let explainingMetres = 300.0

    /// What the catalogue calls a gap in the haul.
    private static let darkSeconds = 600
    private static let darkMetres = 2000.0

    /// As far as its terminal can tell: by the odometer, or else as the crow flies.
    private static func metres(of truck: Truck, on day: TruckDay, from: Int, to: Int) -> Double {
        let (before, after) = (day.state(at: from), day.state(at: to))
        return truck.habits.hasOdometer
            ? after.metresDriven - before.metresDriven : before.point.distance(to: after.point)
    }
}
