package import Deliveries
package import PostgresClient
import Registers
import Suspicions
package import Tracks

/// The world as it is stored: the registers, and what the search and people made of places outside them.
package struct WorldReader {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// A dismissed suspect is among the known places, or, where nobody said what it is, among the dismissed; a likely
    /// or confirmed one among the places of loading.
    package func world(_ parameters: AnalysisParameters) throws -> World {
        var registers = try RegisterStore(connection: self.connection).snapshot()
        let suspects = try SuspectStore(connection: self.connection).suspects()
        let known = Set(registers.places.map(\.placeID))
        registers.places += suspects.compactMap(\.knownPlace).filter { !known.contains($0.placeID) }
        let questions = CoordinateQuestionStore(connection: self.connection)
        return World(
            registers: registers, parameters: parameters, suspectedPlaces: suspects.compactMap(\.loadingPlace),
            dismissedPlaces: suspects.compactMap(\.dismissedPlace),
            questionedPlaces: try questions.open(), confirmedPlaces: try questions.confirmed())
    }
}
