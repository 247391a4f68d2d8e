import Registers

/// Who does what chance alone would leave out of a small city: in every two days each scheme once, and each of the
/// rarest edge cases, as far as there are trucks for it. It follows from the seed and the trucks, not from how long the
/// city lives.
enum Roster {
    /// Trips of one truck on one day, one after the other: the rarest first, and a note that is used again after one of
    /// the same plant.
    static let bundles: [[Trip.Scheme]] = [
        [.partlyDiverted, .astray], [.overloaded, .noteUsedBefore], [.hiddenToSite, .hiddenToUnregistered],
        [.lentName, .withoutNote], [.invalidPlant, .diverted], [.wrongScope, .noteOfOtherTruck],
        [.noteOfOtherTime, .watered], [.hiddenInTheDark, .noteOfTooMuch], [.tooOld, .dark],
    ]

    /// Trucks that are asked: enough for any city.
    private static let most = 24

    /// A truck at work on a day.
    private struct Slot {
        var truck: Truck
        var day: Int
        var shift: DayBuilder.Shift
        /// Decides between equals.
        var roll: Double
    }

    /// What the first trips of a truck's day are to be; none where chance alone decides.
    static func schemes(of truck: Truck, day: Int, in city: City) -> [Trip.Scheme] {
        guard city.plan.hasCheats, city.plan.cheats == .all, truck.isCrooked, truck.kind == .mixer else { return [] }
        let slots = Self.slots(of: day, areCrooked: true, in: city)
        // A whole day has time for four trips.
        let whole = slots.filter { $0.shift == .day }
        var free = whole + whole + slots.filter { $0.shift != .day }
        var schemes: [Trip.Scheme] = []
        for bundle in Self.bundles {
            guard let index = free.firstIndex(where: { Self.suits($0.truck, bundle) }) else { continue }
            let slot = free.remove(at: index)
            if slot.truck.number == truck.number, slot.day == day { schemes += bundle }
        }
        return schemes
    }

    /// The edge case that an honest truck is to have on a day.
    static func rarity(of truck: Truck, day: Int, in city: City) -> EdgeCase? {
        guard truck.kind == .mixer, !truck.isCrooked else { return nil }
        let slots = Self.slots(of: day, areCrooked: false, in: city)
        for (slot, edgeCase) in zip(slots, [EdgeCase.returnedConcrete, .overnightLoad])
        where slot.truck.number == truck.number && slot.day == day {
            return edgeCase
        }
        return nil
    }

    /// The mixers at work on a day and the one that belongs to it, those with a whole day before them first.
    private static func slots(of day: Int, areCrooked: Bool, in city: City) -> [Slot] {
        guard city.plan.hasEveryCase else { return [] }
        let first = day - day % 2
        let trucks = city.trucks.lazy.filter { $0.kind == .mixer && !$0.isPump && $0.isCrooked == areCrooked }.prefix(
            Self.most)
        let slots = trucks.flatMap { truck in
            [first, first + 1].map { day in
                var random = SplitMix64(seed: city.plan.seed, for: .roster, truck: truck.number, day: day)
                let shift = DayBuilder.shift(of: truck, on: day, in: city.plan)
                return Slot(truck: truck, day: day, shift: shift, roll: random.unit())
            }
        }
        return slots.filter { $0.shift != .off }.sorted {
            ($0.shift.rawValue, $0.roll, $0.truck.number) < ($1.shift.rawValue, $1.roll, $1.truck.number)
        }
    }

    private static func suits(_ truck: Truck, _ bundle: [Trip.Scheme]) -> Bool {
        bundle.allSatisfy { scheme in
            switch scheme {
            case .partlyDiverted: truck.habits.showsDischarge
            // A full drum of eight cubic metres may be light enough.
            case .overloaded: truck.capacity >= 9
            default: true
            }
        }
    }
}
