import Chronology
import Deliveries
import FleetStore
import Geodesy
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
    ///
    /// Where a plant would stand if its coordinates, which are in question, were read otherwise, none is suspected.
    func found() throws -> [SuspectedPlant] {
        let store = StayStore(connection: self.connection)
        guard let newest = try store.newest() else { return [] }
        let since = newest.advanced(bySeconds: -self.world.parameters.suspects.days * 86_400)
        let found = SuspectedPlantSearch(world: self.world).run(
            try store.stays(since: since), known: try SuspectStore(connection: self.connection).suspects(),
            asOf: newest)
        let margin = self.world.parameters.rules.margin
        return found.filter { suspect in
            !suspect.decisions.isEmpty
                || !self.world.questionedPlaces.contains {
                    $0.place.kind == .plant && $0.fence.distanceMetres(to: suspect.coordinate) <= margin
                }
        }
    }

    func isDue() throws -> Bool { try SuspectStore(connection: self.connection).isSearchDue(after: Self.interval) }

    /// Searches where it is time to, and writes down what was found, and where vehicles have to be derived again for
    /// it; to be called in a transaction.
    func runIfDue() throws -> Bool {
        let store = SuspectStore(connection: self.connection)
        guard try self.isDue() else { return false }
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
