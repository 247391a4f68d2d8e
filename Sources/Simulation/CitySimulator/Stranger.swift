/// A box that no register knows: it was moved from another truck, or never registered. It is tried out in a depot, half
/// an hour a day.
enum Stranger {
    /// One for every 24 trucks; towns with fewer than twelve have none.
    static func all(in city: City) -> [Truck] {
        guard city.plan.hasCheats else { return [] }
        return city.trucks.filter { $0.number % 24 == 11 }.enumerated().map { index, host in
            var stranger = host
            stranger.number = city.trucks.count + index
            stranger.terminal = "SIM-X" + String(index + 1)
            // Nobody knows on which truck it is.
            stranger.plate = stranger.terminal
            stranger.habits.parked = .reports
            stranger.habits.clockOffset = 0
            stranger.habits.cameras = []
            return stranger
        }
    }

    /// It stands, and is on for half an hour of the morning.
    static func day(_ day: Int, of stranger: Truck, in city: City) -> TruckDay {
        let on = Self.seconds(day, of: stranger, in: city)
        let standing = TruckDay.Segment(
            start: 0, end: TruckDay.length, activity: .waiting, point: stranger.parking,
            direction: city.facilities[stranger.depot].yard.inward, drive: nil, loadAtStart: 0, loadAtEnd: 0,
            metresBefore: 0)
        return TruckDay(
            truck: stranger.number, day: day, segments: [standing], drops: [], tickets: [], incidents: [],
            darkness: [0..<on.lowerBound, on.upperBound..<TruckDay.length], metres: 0, volumes: [:])
    }

    /// When it is on.
    static func seconds(_ day: Int, of stranger: Truck, in city: City) -> Range<Int> {
        var random = SplitMix64(seed: city.plan.seed, for: .strangers, truck: stranger.number, day: day)
        let start = random.integer(3 * 3600...9 * 3600)
        return start..<start + 1800
    }
}
