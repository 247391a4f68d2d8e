import Foundation
import Safety
import Tracks

/// Thresholds as the configuration sets them, over the defaults.
enum ParameterOverrides {
    /// What stands before a parameter's name in the file: those of the analysis, and those of the safety figures.
    static let analysis = "analysis.parameters."
    static let safety = "safety.parameters."
    static let prefixes = [Self.analysis, Self.safety]

    /// - Parameter values: as text, by prefix and name.
    static func safetyRules(_ values: [String: String], _ analysis: AnalysisParameters) throws -> SafetyRules {
        for name in values.keys.sorted() {
            guard let shared = SafetyRules.sharedNames[name] else { continue }
            throw Failure.configuration(
                "\(Self.safety)\(name): is that of the alerts: set \(Self.analysis)\(shared) instead")
        }
        return SafetyRules(analysis, try Self.applied(values, to: SafetyParameters.standard, under: Self.safety))
    }

    /// - Parameter values: as text, by name (`tickets.window`).
    static func applied<Parameters: Codable>(
        _ values: [String: String], to standard: Parameters, under prefix: String
    ) throws -> Parameters {
        guard !values.isEmpty else { return standard }
        let known = Dictionary(
            uniqueKeysWithValues: ParameterListing(standard).values.map { ($0.name, $0.value) })
        var tree = try JSONSerialization.jsonObject(with: JSONEncoder().encode(standard))
        for (name, text) in values.sorted(by: { $0.key < $1.key }) {
            guard known[name] != nil, name != "version" else {
                throw Failure.configuration(
                    "unknown parameter '\(prefix)\(name)'\(self.suggestion(for: name, among: known.keys.sorted(), prefix))"
                )
            }
            guard let number = Double(text), number.isFinite else {
                throw Failure.configuration("\(prefix)\(name): must be a number, not '\(text)'")
            }
            tree = Self.set(tree, name.split(separator: ".").map(String.init), number)
        }
        do {
            let bytes = try JSONSerialization.data(withJSONObject: tree)
            return try JSONDecoder().decode(Parameters.self, from: bytes)
        } catch {
            throw Failure.configuration(
                "\(prefix)…: one of \(values.keys.sorted().joined(separator: ", ")) must be a whole number")
        }
    }

    private static func set(_ tree: Any, _ path: [String], _ number: Double) -> Any {
        guard let first = path.first else {
            // A whole number may stand where the program counts.
            return Int(exactly: number).map { $0 as Any } ?? number
        }
        let rest = Array(path.dropFirst())
        if var object = tree as? [String: Any] {
            object[first] = object[first].map { self.set($0, rest, number) }
            return object
        }
        if var list = tree as? [Any], let index = Int(first), list.indices.contains(index) {
            list[index] = self.set(list[index], rest, number)
            return list
        }
        return tree
    }

    private static func suggestion(for name: String, among known: [String], _ prefix: String) -> String {
        let last = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
        let near = known.first { $0.lowercased().hasSuffix("." + last) }
        return near.map { " (did you mean '\(prefix)\($0)'?)" }
            ?? ": see Sources/Analysis/Tracks/AnalysisParameters*.swift and Sources/Analysis/Safety/SafetyParameters.swift"
            + " for the names"
    }
}
