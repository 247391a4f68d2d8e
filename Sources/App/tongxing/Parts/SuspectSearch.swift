import Chronology
import Deliveries
import FleetStore
import PostgresClient
import Suspicions
import Tracks

/// Looks for suspected plants in the halts that are stored.
struct SuspectSearch {
    let connection: PostgresConnection
    let world: World

    /// Seconds between two searches: a plant does not come up in a minute, and a search reads weeks of halts.
    private static let interval = 600.0

    /// What the halts say now, with what people decided. As of the newest halt, so that the same halts give the same.
    func found() throws -> [SuspectedPlant] {
        let store = StayStore(connection: self.connection)
        guard let newest = try store.newest() else { return [] }
        let since = newest.advanced(bySeconds: -self.world.parameters.suspects.days * 86_400)
        return SuspectedPlantSearch(world: self.world).run(
            try store.stays(since: since), known: try SuspectStore(connection: self.connection).suspects(),
            asOf: newest)
    }

    /// Searches where it is time to, and writes down what was found, and where vehicles have to be derived again for
    /// it; to be called in a transaction.
    func runIfDue() throws -> Bool {
        let store = SuspectStore(connection: self.connection)
        guard try store.isSearchDue(after: Self.interval) else { return false }
        try store.noteSearch()
        let known = try store.suspects()
        let found = try self.found()
        try store.replace(with: found)
        try AlertStore(connection: self.connection).store(try store.suspects())
        for change in PlaceChange.between(known, found) {
            try store.note(
                [change], by: "analysis", reason: "search for suspected plants: \(change.suspectedPlantID)")
        }
        return true
    }
}
