import Chronology
import Deliveries
import FleetStore
import PostgresClient
import Registers
import Suspicions
import Telemetry
import Tracks

/// The ways that the loads now under way may take, each read once when the load leaves its plant.
struct WaysUnderWay {
    private let corridors: CorridorStore
    private let judging: JudgingStore
    private var known: [Int32: Load] = [:]

    /// What was read for a truck's load.
    private struct Load {
        var key: Instant
        /// By the clock that never jumps, in milliseconds.
        var readAt: Int
        var hasNote: Bool
        var ways: ExpectedWays?
    }

    /// Milliseconds after which a note is looked for again: a recording is not asked about at each of its reports.
    private static let again = 30_000

    init(connection: PostgresConnection) {
        self.corridors = CorridorStore(connection: connection)
        self.judging = JudgingStore(connection: connection)
    }

    /// The ways of what a truck carries; `nil`: it comes from no plant, or where it goes is not known well enough.
    mutating func ways(
        of cargo: Cargo, terminal: Int32, named name: TerminalID, at time: Instant, in world: World
    ) throws -> ExpectedWays? {
        if let known = self.known[terminal], known.key == cargo.key,
            known.hasNote || Clocks.monotonicMilliseconds() - known.readAt < Self.again
        {
            return known.ways
        }
        guard let plant = cargo.plantID, let loadedAt = cargo.loadedAt else { return nil }
        let noted = try self.notedSites(of: plant, for: name, since: min(cargo.key, loadedAt), loadedAt, world)
        let sites = noted.isEmpty ? Self.openSites(at: time, in: world) : noted
        var ways: ExpectedWays?
        if !sites.isEmpty {
            ways = ExpectedWays(
                plantID: plant, sites: sites,
                corridors: try self.corridors.corridors(
                    plant: plant, sites: sites, before: loadedAt, world.parameters))
        }
        self.known[terminal] = Load(
            key: cargo.key, readAt: Clocks.monotonicMilliseconds(), hasNote: !noted.isEmpty, ways: ways)
        return ways
    }

    /// The truck is empty.
    mutating func forget(_ terminal: Int32) { self.known[terminal] = nil }

    mutating func forgetAll() { self.known.removeAll() }

    /// The sites on the plant's notes for this truck from about the time in which it stood there.
    private func notedSites(
        of plant: String, for name: TerminalID, since arrived: Instant, _ loadedAt: Instant, _ world: World
    ) throws -> [String] {
        let window = world.parameters.tickets.window
        let (from, to) = (arrived.advanced(bySeconds: -window), loadedAt.advanced(bySeconds: window))
        let plates = world.plates(name, from: from, to: to)
        guard !plates.isEmpty else { return [] }
        let notes = try self.judging.tickets(plants: [], plates: plates, from: from, to: to)
        return Set(notes.filter { $0.plantID == plant }.map(\.siteID)).sorted()
    }

    /// Without a note the load may be bound for any site that builds; none, where those are too many to tell.
    private static func openSites(at time: Instant, in world: World) -> [String] {
        var found = Set<String>()
        for site in world.registers.sites where site.status == .active && site.period.contains(time) {
            found.insert(site.siteID)
            if found.count > world.parameters.corridors.destinationLimit { return [] }
        }
        return found.sorted()
    }
}
