import Chronology
import CitySimulator
import Deliveries
import Foundation
import Suspicions
import Telemetry
import Tracks

/// A day of a simulated city from reports in memory to judged deliveries, beside decoding the same reports.
enum FoldBenchmark {
    static func city() -> SimulatedCity { SimulatedCity(CityPlan(seed: 5, trucks: 20, days: 1)) }

    /// Each terminal's reports in order of time; what is sent again is there once.
    static func reports(of city: SimulatedCity) -> [TerminalID: [PositionReport]] {
        let decoder = MessageDecoder()
        var message = DecodedMessage()
        var reports: [TerminalID: [PositionReport]] = [:]
        for sent in city.traffic() {
            message.reset()
            let topic = Array(sent.topic.utf8)
            decoder.decode(topic: topic.span, payload: sent.payload.span, receivedAt: sent.sent, into: &message)
            if let terminal = message.terminal { reports[terminal, default: []] += message.positions }
        }
        return reports.mapValues { reports in
            let sorted = reports.sorted { $0.recordedAt < $1.recordedAt }
            return zip(sorted, sorted.dropFirst()).filter { $0.recordedAt < $1.recordedAt }.map(\.0)
                + sorted.suffix(1)
        }
    }

    static func run() throws -> [Measurement] {
        let city = Self.city()
        let messages = Array(city.traffic())
        let decoder = MessageDecoder()
        var message = DecodedMessage()
        var seen = 0
        let decoding = seconds {
            for sent in messages {
                message.reset()
                let topic = Array(sent.topic.utf8)
                decoder.decode(topic: topic.span, payload: sent.payload.span, receivedAt: sent.sent, into: &message)
                seen += message.positions.count
            }
        }
        let sorted = Self.reports(of: city)
        let count = sorted.values.reduce(0) { $0 + $1.count }
        let world = World(registers: city.registers, parameters: .standard)
        let judge = Judge(world: world)
        var deliveries = 0
        let folding = seconds {
            for (terminal, stretch) in sorted {
                var fold = VehicleFold(terminal: terminal)
                for report in stretch {
                    for delivery in fold.take(report, receivedAt: report.recordedAt, in: world) {
                        deliveries += judge.judge(delivery).judgements.count
                    }
                }
            }
        }
        precondition(deliveries > 0 && seen > 0)
        let peer = Measurement(
            "fold", "decoding the same", unit: "reports/s", values: decoding.map { Double(count) / $0 })
        return [
            peer,
            Measurement(
                "fold", "VehicleFold and Judge", unit: "reports/s", values: folding.map { Double(count) / $0 },
                peer: peer, goal: .atLeast(500_000)),
        ]
    }
}
