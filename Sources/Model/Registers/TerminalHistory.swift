package import Chronology

/// The trucks that one terminal was on, by the register of vehicles.
///
/// Reports do not end with a row, and what is on a truck does not change with it. Where no row holds, the terminal is
/// still on the truck whose row ended last, or else on the first one to come.
package struct TerminalHistory: Sendable {
    private let terminal: String
    /// By the beginning of their periods.
    private let rows: [Vehicle]
    /// What every row says; `nil`: they differ, or there is none.
    private let onlyKind: Vehicle.Kind?

    init(_ terminal: String, rows: [Vehicle]) {
        self.terminal = terminal
        self.rows = rows
        let first = rows.first?.kind
        self.onlyKind = rows.allSatisfy { $0.kind == first } ? first : nil
    }

    /// Whether it was on one truck at most, of which one row tells.
    package var isSteady: Bool { self.rows.count <= 1 }

    /// The truck of the row that holds at `instant`. Of several, one with the very same name of the terminal wins over
    /// one that is the same only without leading zeros, and then the one that began last.
    package func registered(at instant: Instant) -> Vehicle? {
        let valid = self.rows.filter { $0.period.contains(instant) }
        return valid.last { $0.terminal == self.terminal } ?? valid.last
    }

    /// The truck of the row that holds at `instant`, or else of the nearest one before, or else after it; `nil` where
    /// no row names the terminal.
    package func vehicle(at instant: Instant) -> Vehicle? {
        if self.isSteady { return self.rows.first }
        if let registered = self.registered(at: instant) { return registered }
        let over = self.rows.filter { $0.period.standing(at: instant) == .expired }
        return over.reversed().max { ($0.period.to ?? .distantFuture) < ($1.period.to ?? .distantFuture) }
            ?? self.rows.first
    }

    /// What that truck is built to carry.
    package func kind(at instant: Instant) -> Vehicle.Kind? { self.onlyKind ?? self.vehicle(at: instant)?.kind }

    /// When, later than `start` and no later than `end`, the terminal came to another truck of another kind. Where only
    /// the plate is another, or only the kind, it may be the same one, with what is on it.
    package func changes(after start: Instant, through end: Instant) -> [Instant] {
        guard self.onlyKind == nil, !self.rows.isEmpty else { return [] }
        let bounds = Set(self.rows.flatMap { [$0.period.from, $0.period.to ?? .distantFuture] })
        var last = self.vehicle(at: start)
        return bounds.filter { start < $0 && $0 <= end }.sorted().filter { bound in
            let next = self.vehicle(at: bound)
            defer { last = next }
            return next?.plate != last?.plate && next?.kind != last?.kind
        }
    }
}
