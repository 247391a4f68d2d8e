import Chronology
import Deliveries
import FleetStore
import PostgresClient
import Registers
import Suspicions
import Telemetry
import Tracks

/// The ways that the loads now under way may take, and the notes that show that there are such loads: each read once
/// when the load leaves its plant, and again while there is no note.
struct WaysUnderWay {
    private let corridors: CorridorStore
    private let judging: JudgingStore
    private var known: [Int32: Load] = [:]

    /// What was read for a truck's load.
    private struct Load {
        var key: Instant
        /// When it left its plant, as far as was known then.
        var loadedAt: Instant
        /// By the clock that never jumps, in milliseconds.
        var readAt: Int
        /// One that is not the last load's.
        var hasNote: Bool
        var ways: ExpectedWays?
        var notes = LoadNotes()
        /// Whether the plant's notes for others were asked for, too.
        var isSourceKnown = false
    }

    /// Milliseconds after which a note is looked for again: a recording is not asked about at each of its reports.
    private static let again = 30_000
    /// Seconds that a truck stood on at its plant after which a note is looked for again.
    private static let againStanding = 600.0

    init(connection: PostgresConnection) {
        self.corridors = CorridorStore(connection: connection)
        self.judging = JudgingStore(connection: connection)
    }

    /// The ways of what a truck carries; `nil`: it comes from no plant, or where it goes is not known well enough.
    mutating func ways(
        of cargo: Cargo, terminal: Int32, named name: TerminalID, at time: Instant, in world: World
    ) throws -> ExpectedWays? {
        guard let plant = cargo.plantID, let loadedAt = cargo.loadedAt else { return nil }
        if let known = self.known[terminal], known.key == cargo.key, self.isFresh(known, loadedAt) { return known.ways }
        let notes = try self.notes(of: plant, for: name, since: min(cargo.key, loadedAt), loadedAt, world)
        // Those of about the time in which it stood there; the span of its notes reaches farther where it stands still.
        let last = loadedAt.advanced(bySeconds: world.parameters.tickets.window)
        let noted = Set(notes.filter { $0.issuedAt <= last }.map(\.siteID)).sorted()
        let sites = noted.isEmpty ? Self.openSites(at: time, in: world) : noted
        var ways: ExpectedWays?
        if !sites.isEmpty {
            ways = ExpectedWays(
                plantID: plant, sites: sites,
                corridors: try self.corridors.corridors(
                    plant: plant, sites: sites, before: loadedAt, world.parameters))
        }
        self.known[terminal] = Load(
            key: cargo.key, loadedAt: loadedAt, readAt: Clocks.monotonicMilliseconds(),
            hasNote: notes.contains { $0.issuedAt >= LoadNotes.span(of: cargo, world.parameters).from }, ways: ways,
            notes: LoadNotes(own: notes.map(\.issuedAt)))
        return ways
    }

    /// What notes say of what a truck carries; to be called behind `ways`. Whether the plant's notes come in is asked
    /// only of a truck that has been away for as long as makes a long stop: others are asked about nothing by it.
    mutating func notes(of cargo: Cargo, terminal: Int32, at time: Instant, in world: World) throws -> LoadNotes {
        guard var known = self.known[terminal], known.key == cargo.key, let plant = cargo.plantID,
            let loadedAt = cargo.loadedAt
        else { return LoadNotes() }
        let driving = world.parameters.driving
        if !known.isSourceKnown, time.seconds(since: loadedAt) >= driving.longStopSeconds {
            let first = try self.judging.firstNote(
                of: plant, from: LoadNotes.sourceStart(of: cargo, world.parameters),
                to: loadedAt.advanced(bySeconds: world.parameters.cycles.loadedMaximum))
            known.notes.ofPlant = first.map { [$0] } ?? []
            known.isSourceKnown = true
            self.known[terminal] = known
        }
        return known.notes
    }

    /// Whether what was read still holds: a note was found, or was looked for just now. A truck that stood at its plant
    /// for longer since is asked about anew, by the clock of its reports: a recording runs faster than the other.
    private func isFresh(_ known: Load, _ loadedAt: Instant) -> Bool {
        if loadedAt.seconds(since: known.loadedAt) >= Self.againStanding { return false }
        return known.hasNote || Clocks.monotonicMilliseconds() - known.readAt < Self.again
    }

    /// The truck is empty.
    mutating func forget(_ terminal: Int32) { self.known[terminal] = nil }

    mutating func forgetAll() { self.known.removeAll() }

    /// The plant's notes for this truck from about the time in which it stood there, and as long after as it can stand
    /// on until they are asked for again.
    private func notes(
        of plant: String, for name: TerminalID, since arrived: Instant, _ loadedAt: Instant, _ world: World
    ) throws -> [Ticket] {
        let window = max(world.parameters.tickets.window, world.parameters.driving.noteLead)
        let from = arrived.advanced(bySeconds: -window)
        let to = loadedAt.advanced(bySeconds: window + Self.againStanding)
        let plates = world.plates(name, from: from, to: to)
        guard !plates.isEmpty else { return [] }
        return try self.judging.tickets(plants: [], plates: plates, from: from, to: to).filter { $0.plantID == plant }
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
