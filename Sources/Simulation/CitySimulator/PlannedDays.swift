import Synchronization

/// The days planned last. Who asks for a truck's day asks again soon: its traffic, its truth, its notes, and those who
/// look for witnesses. A plan follows from the city alone, so it does not matter which are kept.
final class PlannedDays: Sendable {
    /// A day is planned second by second, so not all of them are kept.
    private static let limit = 128

    /// A truck by number, and a day.
    private struct Key: Hashable {
        var truck: Int
        var day: Int
    }

    /// The oldest goes when there are too many.
    private struct Kept {
        var days: [Key: TruckDay] = [:]
        var order: [Key] = []
        var next = 0
    }

    private let kept = Mutex(Kept())

    /// The day, from here or from `plan`.
    func day(_ day: Int, ofTruck truck: Int, plan: () -> TruckDay) -> TruckDay {
        let key = Key(truck: truck, day: day)
        if let known = self.kept.withLock({ $0.days[key] }) { return known }
        let planned = plan()
        self.kept.withLock { kept in
            guard kept.days.updateValue(planned, forKey: key) == nil else { return }
            if kept.order.count < Self.limit {
                kept.order.append(key)
            } else {
                kept.days[kept.order[kept.next]] = nil
                kept.order[kept.next] = key
                kept.next = (kept.next + 1) % Self.limit
            }
        }
        return planned
    }
}
