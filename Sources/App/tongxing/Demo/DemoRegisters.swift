import CitySimulator
import Exchange
import FleetStore
import PostgresClient
import Registers

/// The sample registers of the simulated city, imported the way an office imports its own.
enum DemoRegisters {
    static func load(_ city: SimulatedCity, into url: String) throws {
        try Database.connectCurrent(url) { connection in
            let store = RegisterStore(connection: connection)
            for kind in SimulatedCity.registerKinds {
                guard let text = city.csv(kind) else { continue }
                let file = "\(kind.rawValue).csv"
                let result = RegisterImport.read(kind: kind, bytes: Array(text.utf8))
                if let error = result.errors.first {
                    throw Failure("sample \(file), line \(error.line): \(error.message.en)")
                }
                let outcome = try store.importRecords(result.records, kind: kind, source: file, by: "demo")
                if let refused = outcome.refused.first {
                    throw Failure("sample \(file), row \(refused.index): \(refused.en)")
                }
            }
        }
    }
}
