import Chronology
import Deliveries
import FleetStore
import Telemetry
import Tracks

/// Learns where trucks drive from the reports that analysis takes in.
///
/// What is remembered here only saves writing: it is thrown away at its limit, and after a step that failed.
struct RoadLearning {
    private let roads: UsualRoads
    /// By day the cells that are known, with the first truck; nobody's where another one drove there, too.
    private var known: [Int32: [Int64: Int32]] = [:]
    private var count = 0
    /// What has not been written yet.
    private var fresh: [Key: RoadStore.Pass] = [:]

    /// A cell on a day.
    private struct Key: Hashable {
        var cell: Int64
        var day: Int32
    }

    private static let shared: Int32 = -1
    /// Cells that are remembered: about a week of a city.
    private static let limit = 1_000_000

    init(_ parameters: AnalysisParameters) {
        self.roads = UsualRoads(parameters.roads)
    }

    /// Takes a report of a truck; one that does not drive shows no road.
    mutating func take(_ report: PositionReport, of terminal: Int32) {
        guard let cell = self.roads.cell(drivenThroughBy: report) else { return }
        let seconds = Int64((Double(report.recordedAt.microseconds) / 1e6).rounded(.down)) + 8 * 3600
        let day = Int32(clamping: Int64((Double(seconds) / 86_400).rounded(.down)))
        let first = self.known[day]?[cell]
        guard first != Self.shared, first != terminal else { return }
        if first == nil { self.count += 1 }
        self.known[day, default: [:]][cell] = first == nil ? terminal : Self.shared
        let pass = RoadStore.Pass(cell: cell, day: day, terminal: terminal, isShared: first != nil)
        self.fresh[Key(cell: cell, day: day)] = pass
    }

    /// Writes down what is new; to be called in the transaction of the reports.
    mutating func write(to store: RoadStore) throws {
        try store.store(Array(self.fresh.values))
        self.fresh.removeAll(keepingCapacity: true)
        if self.count > Self.limit { self.forget() }
    }

    /// What is in memory may be ahead of what was stored.
    mutating func forget() {
        self.known.removeAll()
        self.fresh.removeAll()
        self.count = 0
    }
}
