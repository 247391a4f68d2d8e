import Chronology
import Deliveries
import FleetStore
import Geodesy
import PostgresClient
import Registers
import Suspicions
import Tracks

/// Looks for suspected plants in the halts that are stored.
struct SuspectSearch {
    let connection: PostgresConnection
    let world: World

    /// Seconds between two searches: a plant does not come up in a minute, and a search reads weeks of halts.
    private static let interval = 600.0

    /// What the halts say now, with what people decided. As of the newest halt, so that the same halts give the same.
    ///
    /// Where a plant, a site or another place would stand if its coordinates, which are in question, were read
    /// otherwise, none is suspected.
    func found() throws -> [SuspectedPlant] {
        let store = StayStore(connection: self.connection)
        guard let newest = try store.newest() else { return [] }
        let suspects = SuspectStore(connection: self.connection)
        let since = newest.advanced(bySeconds: -self.world.parameters.suspects.days * 86_400)
        let found = try SuspectedPlantSearch(world: self.world).run(
            try store.stays(since: since), known: try suspects.suspects(), asOf: newest, notes: suspects.notes)
        return found.filter { !$0.decisions.isEmpty || !$0.isQuestioned(in: self.world) }
    }

    /// Names what is searched by.
    private var worldKey: String { WorldKey.current(self.world.registers.revision, self.world.parameters) }

    func isDue() throws -> Bool {
        try SuspectStore(connection: self.connection).isSearchDue(after: Self.interval, world: self.worldKey)
    }

    /// Raises and closes the alerts of the suspects that are stored; to be called in a transaction.
    static func alert(_ connection: PostgresConnection, in world: World) throws {
        let suspects = try SuspectStore(connection: connection).suspects()
        try AlertStore(connection: connection).store(suspects.filter { !$0.isRegistered(in: world) })
    }

    /// Searches where it is time to, and writes down what was found, and where vehicles have to be derived again for
    /// it; to be called in a transaction.
    func runIfDue() throws -> Bool {
        let store = SuspectStore(connection: self.connection)
        guard try self.isDue() else { return false }
        try store.noteSearch(world: self.worldKey)
        let known = try store.suspects()
        let found = try self.found()
        try store.replace(with: found)
        try Self.alert(self.connection, in: self.world)
        for change in PlaceChange.between(known, found) {
            try store.note(
                [change], by: "analysis", reason: "search for suspected plants: \(change.suspectedPlantID)",
                isOfSearch: true)
        }
        return true
    }
}
