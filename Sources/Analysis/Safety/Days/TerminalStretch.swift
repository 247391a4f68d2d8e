package import Chronology
package import Geodesy

/// Sums over the days of one terminal.
package struct TerminalStretch: Hashable, Sendable {
    package var terminal: String
    /// First and last day that something is known of.
    package var from: CivilDate
    package var to: CivilDate
    package var sums: SafetyDay

    package init(terminal: String, from: CivilDate, to: CivilDate, sums: SafetyDay) {
        self.terminal = terminal
        self.from = from
        self.to = to
        self.sums = sums
    }
}

/// How often a terminal was loaded on a day, where, and what of it tickets say.
package struct LoadCount: Hashable, Sendable {
    /// Empty for a truck that whoever reads may not know.
    package var terminal: String
    package var date: CivilDate
    /// The licensed plant's id; `nil` where it was loaded elsewhere or nobody knows.
    package var plant: String?
    package var deliveries: Int64
    package var ticketedDeliveries: Int64
    package var loads: Int64
    /// Loads whose ticket names a volume, and that volume.
    package var ticketedLoads: Int64
    package var ticketLitres: Int64

    package init(
        terminal: String, date: CivilDate, plant: String?, deliveries: Int64, ticketedDeliveries: Int64, loads: Int64,
        ticketedLoads: Int64, ticketLitres: Int64
    ) {
        self.terminal = terminal
        self.date = date
        self.plant = plant
        self.deliveries = deliveries
        self.ticketedDeliveries = ticketedDeliveries
        self.loads = loads
        self.ticketedLoads = ticketedLoads
        self.ticketLitres = ticketLitres
    }
}

/// Right turns in one cell of the map.
package struct TurnCell: Hashable, Sendable {
    /// The middle of the cell.
    package var coordinate: Coordinate
    package var turns: Int64
    /// Without a camera known to be ok; of them, those whose camera nobody had heard of.
    package var blind: Int64
    package var unknown: Int64
    /// Faster than the limit.
    package var fast: Int64
    /// Blind-spot alarms (BSD) that were raised in it, of turns or not. A warning given is no fault of the driver's:
    /// many of them at one place say something of the place.
    package var alarms: Int64

    package init(
        coordinate: Coordinate, turns: Int64, blind: Int64, unknown: Int64, fast: Int64, alarms: Int64 = 0
    ) {
        self.coordinate = coordinate
        self.turns = turns
        self.blind = blind
        self.unknown = unknown
        self.fast = fast
        self.alarms = alarms
    }
}
