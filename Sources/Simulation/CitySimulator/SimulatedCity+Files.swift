import Foundation
import Registers

/// The simulated city as files: the only place of this room that touches the disk.
extension SimulatedCity {
    /// What `write` has written.
    package struct Summary: Hashable, Sendable {
        package var messages = 0
        package var deliveries = 0
        package var blackSupply = 0
        package var tickets = 0
    }

    /// Writes the registers, `traffic.ndjson` in the order of sending, the truth, and `city.json`; existing files of
    /// these names are replaced.
    /// - Parameters:
    ///   - directory: made if it is missing.
    ///   - progress: told after every 10,000 messages how many are written.
    /// - Returns: how much was written.
    /// - Throws: a `CocoaError` or `POSIXError` of the file system; `EndlessCity` when the plan has no last day.
    package func write(to directory: String, progress: (Int) -> Void = { _ in }) throws -> Summary {
        guard let days = self.plan.days else { throw EndlessCity() }
        let folder = URL(fileURLWithPath: directory, isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        func write(_ text: String, _ name: String) throws {
            try Data(text.utf8).write(to: folder.appendingPathComponent(name), options: .atomic)
        }
        let truth = self.truth(ofDays: 0..<days)
        let tickets = (0..<days).flatMap { self.tickets(ofDay: $0) }
        for kind in Self.registerKinds {
            if let text = self.csv(kind, tickets: tickets) { try write(text, kind.rawValue + ".csv") }
        }
        try write(TruthDelivery.csv(truth), "truth-deliveries.csv")
        try write(TruthHiddenPlant.csv(self.hiddenPlants(used: truth)), "truth-hidden-plants.csv")
        try write(TruthExposure.csv((0..<days).flatMap { self.exposure(ofDay: $0) }), "truth-exposure.csv")
        try write(TruthIncident.csv((0..<days).flatMap { self.incidents(ofDay: $0) }), "truth-incidents.csv")
        try write(TruthAlert.csv((0..<days).flatMap { self.alerts(ofDay: $0) }), "truth-alerts.csv")
        var summary = Summary()
        summary.deliveries = truth.count
        summary.blackSupply = truth.count { $0.isBlackSupply }
        summary.tickets = tickets.count
        summary.messages = try self.writeTraffic(to: folder.appendingPathComponent("traffic.ndjson"), progress)
        try write(try self.description(summary), "city.json")
        return summary
    }

    private func writeTraffic(to url: URL, _ progress: (Int) -> Void) throws -> Int {
        try Data().write(to: url)
        let file = try FileHandle(forWritingTo: url)
        defer { try? file.close() }
        var buffer: [UInt8] = []
        var count = 0
        for message in self.traffic() {
            message.appendReplayLine(to: &buffer)
            buffer.append(0x0A)
            count += 1
            if count.isMultiple(of: 10_000) { progress(count) }
            if buffer.count > 1 << 20 {
                try file.write(contentsOf: Data(buffer))
                buffer.removeAll(keepingCapacity: true)
            }
        }
        try file.write(contentsOf: Data(buffer))
        return count
    }

    private func description(_ summary: Summary) throws -> String {
        /// What `city.json` says.
        struct Description: Encodable {
            var plan: CityPlan
            var messages: Int
            var deliveries: Int
            var blackSupply: Int
            var tickets: Int
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let description = Description(
            plan: self.plan, messages: summary.messages, deliveries: summary.deliveries,
            blackSupply: summary.blackSupply, tickets: summary.tickets)
        return String(decoding: try encoder.encode(description), as: UTF8.self) + "\n"
    }
}

/// The files of a city without a last day would have no end.
package struct EndlessCity: Error, CustomStringConvertible {
    package init() {}

    package var description: String {
        "城市没有最后一天，无法写成文件 / the city has no last day and cannot be written to files"
    }
}
