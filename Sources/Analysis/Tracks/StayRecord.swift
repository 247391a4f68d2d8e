package import Chronology
package import Geodesy
package import Telemetry

/// One halt of one terminal, as it is written down: what the search for suspected plants and the check of imported
/// coordinates are made from.
///
/// It follows from the terminal's reports and from the parameters of cleaning and standing alone, never from a
/// register: a change of the registers leaves every row as it is. Its key is terminal and start. When a stretch of a
/// terminal is derived again, its rows from the stretch's beginning on are replaced.
package struct StayRecord: Codable, Hashable, Sendable {
    package var terminal: TerminalID
    package var start: Instant
    package var end: Instant
    /// The median of the fixes.
    package var coordinate: Coordinate
    /// Seconds in which the drum's state is known; in which it discharged; in which it turned forward fast.
    package var drumSeconds: Int32
    package var dischargeSeconds: Int32
    package var loadingSeconds: Int32
    /// Kilograms gained or lost; `nil` without a load sensor.
    package var loadChange: Int32?

    package init(
        terminal: TerminalID, start: Instant, end: Instant, coordinate: Coordinate, drumSeconds: Int32 = 0,
        dischargeSeconds: Int32 = 0, loadingSeconds: Int32 = 0, loadChange: Int32? = nil
    ) {
        self.terminal = terminal
        self.start = start
        self.end = end
        self.coordinate = coordinate
        self.drumSeconds = drumSeconds
        self.dischargeSeconds = dischargeSeconds
        self.loadingSeconds = loadingSeconds
        self.loadChange = loadChange
    }

    package init(_ stay: Stay, of terminal: TerminalID) {
        self.init(
            terminal: terminal, start: stay.start, end: stay.end, coordinate: stay.coordinate,
            drumSeconds: Self.whole(stay.evidence.drumKnownSeconds),
            dischargeSeconds: Self.whole(stay.evidence.dischargeSeconds),
            loadingSeconds: Self.whole(stay.evidence.loadingSeconds),
            loadChange: stay.evidence.loadChange.map(Self.whole))
    }

    package var seconds: Double { self.end.seconds(since: self.start) }

    private static func whole(_ number: Double) -> Int32 {
        number.magnitude < 2e9 ? Int32(number.rounded()) : number < 0 ? .min : .max
    }
}
