import ArgumentParser
import Foundation

/// The parts of the service: each is a process of its own (decision D8).
enum PartName: String, CaseIterable, Sendable, ExpressibleByArgument {
    case ingestion, analysis, web

    /// Reads `ingestion,analysis,web` in any order; repeats are no error.
    static func list(_ text: String) throws -> [PartName] {
        let names = try text.split(separator: ",").map { word in
            guard let name = PartName(rawValue: word.trimmingCharacters(in: .whitespaces)) else {
                throw Failure.configuration("--only: '\(word)' is none of ingestion, analysis, web")
            }
            return name
        }
        guard !names.isEmpty else {
            throw Failure.configuration("--only: name at least one of ingestion, analysis, web")
        }
        return PartName.allCases.filter { names.contains($0) }
    }
}
