package import Chronology
package import Geodesy

/// Something wrong with a terminal that its own reports show. Rules make suspicions of it; here are the facts.
package struct TerminalFault: Codable, Hashable, Sendable {
    /// What is wrong.
    package enum Kind: String, Codable, Sendable, CaseIterable {
        /// Too many impossible jumps on one day.
        case teleports
        /// The position stands still while the recorder or the odometer moves.
        case frozenPosition = "frozen_position"
        /// The clock is ahead of the server's.
        case clockAhead = "clock_ahead"
        /// The clock is a steady 8 hours off: local time sent as UTC, or the other way round.
        case clockOffset = "clock_offset"
        /// The clock is off by whole eras of 1024 weeks: the receiver's week number has rolled over.
        case weekRollover = "week_rollover"
    }

    package var kind: Kind
    /// First and last report that show it, by the terminal's clock.
    package var start: Instant
    package var end: Instant
    package var coordinate: Coordinate
    /// Jumps; reports with speed at a frozen position; reports with the wrong time.
    package var count: Int
    /// Metres of the longest jump, or by the odometer at a frozen position; seconds by which the clock is off
    /// (positive: ahead of the server).
    package var amount: Double

    package init(kind: Kind, start: Instant, end: Instant, coordinate: Coordinate, count: Int, amount: Double) {
        self.kind = kind
        self.start = start
        self.end = end
        self.coordinate = coordinate
        self.count = count
        self.amount = amount
    }
}
