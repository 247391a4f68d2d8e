import Chronology
import Deliveries
import Registers
import Suspicions
import Telemetry
import Tracks

/// The ways of the loads judged so far, learned in memory as the service learns them in the store.
struct LearnedWays {
    private var corridors: Corridors
    private let reports: [TerminalID: [PositionReport]]
    private let cleaning: AnalysisParameters.Cleaning

    init(_ reports: [(terminal: TerminalID, reports: [PositionReport])], in world: World) {
        self.corridors = Corridors(world.parameters.corridors)
        self.reports = Dictionary(reports.map { ($0.terminal, $0.reports) }, uniquingKeysWith: { $1 })
        self.cleaning = world.parameters.cleaning
    }

    /// In the order in which they can be learned.
    static func ordered(_ deliveries: [Delivery]) -> [Delivery] {
        deliveries.sorted {
            ($0.loadEnd ?? $0.unloadStart, $0.deliveryID) < ($1.loadEnd ?? $1.unloadStart, $1.deliveryID)
        }
    }

    func fill(_ context: inout DeliveryContext, of delivery: Delivery) {
        guard Self.pair(of: delivery, context) != nil, let loadEnd = delivery.loadEnd else { return }
        var cleaner = TrackCleaner()
        context.corridors = self.corridors
        context.way = (self.reports[delivery.terminal] ?? [])
            .filter { $0.recordedAt >= loadEnd && $0.recordedAt <= delivery.unloadStart }
            .compactMap { report in
                switch cleaner.take(report, self.cleaning) {
                case .accepted(let fix), .restarted(let fix): fix
                case .withoutFix, .frozen, .spike, .notLater: nil
                }
            }
    }

    mutating func learn(_ judged: JudgedDelivery, _ context: DeliveryContext) {
        guard judged.verdict == .clear, let pair = Self.pair(of: judged.delivery, context), let way = context.way else {
            return
        }
        self.corridors.learn(way, of: judged.delivery.loadID, for: pair)
    }

    /// Of the first drop of a load whose note names no other site.
    private static func pair(of delivery: Delivery, _ context: DeliveryContext) -> Corridors.Pair? {
        guard delivery.origin.kind == .plant, let plant = delivery.origin.id, delivery.destination.kind == .site,
            let site = delivery.destination.id, context.ticket.match.map({ $0.ticket.siteID == site }) ?? true,
            !context.otherDrops.contains(where: { $0.unloadStart < delivery.unloadStart })
        else { return nil }
        return Corridors.Pair(plantID: plant, siteID: site)
    }
}
