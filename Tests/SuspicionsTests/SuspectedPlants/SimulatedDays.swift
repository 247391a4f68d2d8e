import Chronology
import CitySimulator
import Deliveries
import Registers
import Suspicions
import Telemetry
import Tracks

/// Some days of a simulated city: what the terminals said, and what really happened.
struct SimulatedDays: Sendable {
    let city: SimulatedCity
    let truth: [TruthDelivery]
    private let reports: [(terminal: TerminalID, reports: [PositionReport])]

    /// Seeds that nothing was tuned on.
    static let all = [SimulatedDays(seed: 11), SimulatedDays(seed: 14)]

    init(seed: UInt64, trucks: Int = 20, days: Int = 4) {
        // By chance: who sells unlicensed concrete each day is what is searched for here.
        let plan = CityPlan(
            seed: seed, trucks: trucks, days: days, shortestSampling: 30, longestSampling: 60, hasEveryCase: false)
        self.city = SimulatedCity(plan)
        let decoder = MessageDecoder()
        var message = DecodedMessage()
        var reports: [TerminalID: [PositionReport]] = [:]
        for sent in self.city.traffic() {
            message.reset()
            decoder.decode(
                topic: Array(sent.topic.utf8).span, payload: sent.payload.span, receivedAt: sent.sent, into: &message)
            if let terminal = message.terminal { reports[terminal, default: []] += message.positions }
        }
        self.reports = reports.sorted { $0.key < $1.key }
            .map { ($0.key, $0.value.sorted { $0.recordedAt < $1.recordedAt }) }
        let city = self.city
        self.truth = city.truth(ofDays: 0..<days)
    }

    /// Every halt, and every delivery as the judge sees it.
    func derive(in world: World) -> (stays: [StayRecord], deliveries: [JudgedDelivery]) {
        var stays: [StayRecord] = []
        var deliveries: [Delivery] = []
        for (terminal, reports) in self.reports {
            var fold = VehicleFold(terminal: terminal)
            for report in reports {
                deliveries += fold.take(report, receivedAt: report.recordedAt, in: world, stays: &stays)
            }
            deliveries += fold.openDeliveries(in: world)
            if let open = fold.openStay { stays.append(open) }
        }
        let judge = Judge(world: world)
        return (stays, deliveries.map { judge.judge($0) })
    }
}
