package import Chronology

/// Look-ups in a snapshot of the registers by id, plate or terminal, and by the time at which a row has to be valid.
///
/// Where several rows of one id are valid at a time — an import refuses that within one file — the one that began
/// last wins, so that the answer does not depend on the order of the rows.
package struct RegisterIndex: Sendable {
    private let plants: [String: [Plant]]
    private let sites: [String: [Site]]
    private let places: [String: Place]
    private let vehiclesByPlate: [String: [Vehicle]]
    /// By the terminal's name without leading zeros; both kinds of match are told apart when asked.
    private let vehiclesByTerminal: [String: [Vehicle]]

    package init(_ snapshot: RegisterSnapshot) {
        self.plants = Dictionary(grouping: snapshot.plants.sorted { $0.period.from < $1.period.from }, by: \.plantID)
        self.sites = Dictionary(grouping: snapshot.sites.sorted { $0.period.from < $1.period.from }, by: \.siteID)
        self.places = Dictionary(snapshot.places.map { ($0.placeID, $0) }, uniquingKeysWith: { first, _ in first })
        let vehicles = snapshot.vehicles.sorted {
            ($0.period.from, $0.plate, $0.terminal) < ($1.period.from, $1.plate, $1.terminal)
        }
        self.vehiclesByPlate = Dictionary(grouping: vehicles, by: \.plate)
        self.vehiclesByTerminal = Dictionary(grouping: vehicles) { TerminalNames.stripped($0.terminal) }
    }

    /// All rows of one plant, the earliest first.
    package func plants(_ id: String) -> [Plant] { self.plants[id] ?? [] }

    /// All rows of one site, the earliest first.
    package func sites(_ id: String) -> [Site] { self.sites[id] ?? [] }

    /// The plant's row that was valid at `instant`.
    package func plant(_ id: String, at instant: Instant) -> Plant? {
        self.plants(id).last { $0.period.contains(instant) }
    }

    /// The site's row that was valid at `instant`.
    package func site(_ id: String, at instant: Instant) -> Site? {
        self.sites(id).last { $0.period.contains(instant) }
    }

    package func place(_ id: String) -> Place? { self.places[id] }

    /// All rows of one plate, the earliest first.
    package func vehicles(plate: String) -> [Vehicle] { self.vehiclesByPlate[plate] ?? [] }

    /// The vehicle that bore this plate at `instant`.
    package func vehicle(plate: String, at instant: Instant) -> Vehicle? {
        self.vehiclesByPlate[plate]?.last { $0.period.contains(instant) }
    }

    /// The vehicle that carried this terminal at `instant`. Of the rows valid then, one with the very same name wins
    /// over one that is the same only without leading zeros.
    package func vehicle(terminal: String, at instant: Instant) -> Vehicle? {
        self.history(terminal: terminal).registered(at: instant)
    }

    /// The trucks that this terminal was on, at any time.
    package func history(terminal: String) -> TerminalHistory {
        TerminalHistory(terminal, rows: self.vehiclesByTerminal[TerminalNames.stripped(terminal)] ?? [])
    }

    /// Whether the vehicle that carried this terminal at one time is that of the other, or none did at either.
    package func isSameVehicle(terminal: String, at one: Instant, and other: Instant) -> Bool {
        guard let rows = self.vehiclesByTerminal[TerminalNames.stripped(terminal)],
            rows.contains(where: { $0.period.contains(one) != $0.period.contains(other) })
        else { return true }
        return self.vehicle(terminal: terminal, at: one)?.plate == self.vehicle(terminal: terminal, at: other)?.plate
    }

    /// The plates that have carried this terminal at any time, in their order.
    package func plates(terminal: String) -> [String] {
        Set((self.vehiclesByTerminal[TerminalNames.stripped(terminal)] ?? []).map(\.plate)).sorted()
    }

    /// The plates that carried this terminal at some time from `from` to `to`, in their order; at each time the one
    /// that `vehicle(terminal:at:)` has.
    package func plates(terminal: String, from: Instant, to: Instant) -> [String] {
        let rows = self.vehiclesByTerminal[TerminalNames.stripped(terminal)] ?? []
        let changes = rows.flatMap { [$0.period.from, $0.period.to ?? .distantFuture] }.filter { $0 > from && $0 <= to }
        return Set(([from] + changes).compactMap { self.vehicle(terminal: terminal, at: $0)?.plate }).sorted()
    }

    /// Whether any row, of whatever time, names this terminal.
    package func knows(terminal: String) -> Bool {
        self.vehiclesByTerminal[TerminalNames.stripped(terminal)] != nil
    }
}
