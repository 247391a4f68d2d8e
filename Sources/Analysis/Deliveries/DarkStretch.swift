package import Chronology
package import Geodesy
package import Telemetry
import Tracks

/// A stretch of which nothing was seen of a terminal, and in which a load or a drop may lie, as it is written down: by
/// these rows it is known which trucks may have been at a place that comes, goes or moves, though none of their halts
/// was seen there.
///
/// Like a halt (`StayRecord`) it follows from the terminal's reports and from the parameters alone, never from a
/// register. Its key is terminal and start. When a stretch of a terminal is derived again, its rows from there on are
/// replaced.
package struct DarkStretch: Hashable, Sendable {
    package var terminal: TerminalID
    package var start: Instant
    package var end: Instant
    /// Where the truck went dark, and where it came back.
    package var from: Coordinate
    package var to: Coordinate
    /// Meets the box of every fence at which it can have been meanwhile for as long as a load or a drop takes.
    package var reach: BoundingBox

    package init(
        terminal: TerminalID, start: Instant, end: Instant, from: Coordinate, to: Coordinate, reach: BoundingBox
    ) {
        self.terminal = terminal
        self.start = start
        self.end = end
        self.from = from
        self.to = to
        self.reach = reach
    }

    /// The stretch as the cycle reads it (`CycleReader.darkLoad`, `darkDrop`); `nil` where it was too short for either.
    init?(_ gap: Haul.Gap, of terminal: TerminalID, _ parameters: AnalysisParameters) {
        let shortest = min(parameters.cycles.loadSeconds, parameters.cycles.dropSeconds)
        let metres = gap.reach(stopping: shortest, parameters)
        guard metres >= 0, let ends = BoundingBox(around: [gap.from, gap.to]) else { return nil }
        // Of the way there and the way back one is no longer than half of both.
        self.init(
            terminal: terminal, start: gap.start, end: gap.end, from: gap.from, to: gap.to,
            reach: ends.expanded(byMetres: metres / 2))
    }
}

extension Haul.Gap {
    /// Metres to a place and back from it that the truck can have driven, as the crow flies, if it stood there for so
    /// many seconds; below 0: there was no time for that.
    func reach(stopping seconds: Double, _ parameters: AnalysisParameters) -> Double {
        let timely = (self.seconds - seconds) * (parameters.cycles.darkSpeed / 3.6) / parameters.standing.detour
        // What the odometer says that it drove leads there and back, or it was not there. Less than a metre more than
        // the straight line is the straight line, and what rounding makes of it.
        let hasOdometer = self.metres > self.displacement + 1
        return hasOdometer ? min(timely, self.metres + parameters.hauls.queueDistance) : timely
    }
}
