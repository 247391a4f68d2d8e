import Chronology
import Telemetry

/// Names made from facts alone, so that the same facts give the same names.
enum DeliveryNames {
    /// `D-<terminal>-<yyyymmddThhmmss[.ffffff]Z>` of the unloading's start.
    static func delivery(_ terminal: TerminalID, _ unloadStart: Instant) -> String {
        "D-\(terminal.text)-\(Self.compact(unloadStart))"
    }

    /// The same with `L` and the loading's start; of an unseen load the start of its first drop.
    static func load(_ terminal: TerminalID, _ loadStart: Instant) -> String {
        "L-\(terminal.text)-\(Self.compact(loadStart))"
    }

    /// ISO 8601's basic format in UTC.
    private static func compact(_ instant: Instant) -> String {
        instant.description.filter { $0 != "-" && $0 != ":" }
    }
}
