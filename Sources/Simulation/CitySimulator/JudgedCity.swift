import Chronology
import Deliveries
import Geodesy
package import Registers
package import Suspicions
import Telemetry
package import Tracks

/// A simulated city as the analysis sees it: its traffic folded in memory, suspected plants looked for, folded again
/// with them, and judged with its notes, roads and neighbours, those that are not final among them, as the service does
/// it from the store when nothing is waited for any more.
package struct JudgedCity: Sendable {
    package let city: SimulatedCity
    package let truth: [TruthDelivery]
    package let incidents: [TruthIncident]
    /// What alerts ought to tell of.
    package let alerts: [TruthAlert]
    package private(set) var deliveries: [JudgedDelivery] = []
    package private(set) var suspects: [SuspectedPlant] = []
    /// Notes that no load took, with what was said of them.
    package private(set) var accusedNotes: [(ticket: Ticket, rule: String)] = []
    /// Alerts of the terminals, which whoever follows their streams puts in.
    package var raised: [FoundAlert] = []

    private let tickets: [Ticket]
    private var reports: [(terminal: TerminalID, reports: [PositionReport])] = []

    /// - Parameter plan: with a last day.
    package init(_ plan: CityPlan, parameters: AnalysisParameters = .standard) {
        let city = SimulatedCity(plan)
        let days = 0..<(plan.days ?? 0)
        self.city = city
        self.truth = city.truth(ofDays: days)
        self.incidents = days.flatMap { city.incidents(ofDay: $0) }
        self.alerts = days.flatMap { city.alerts(ofDay: $0) }
        self.tickets = days.flatMap { city.tickets(ofDay: $0) }
        self.reports = Self.reports(of: city)
        let first = World(registers: city.registers, parameters: parameters)
        let (stays, _) = self.fold(in: first)
        let end = stays.map(\.end).max() ?? plan.start(ofDay: 0)
        self.suspects = SuspectedPlantSearch(world: first).run(stays, asOf: end) { [tickets] _ in tickets }
        let world = World(
            registers: city.registers, parameters: parameters,
            suspectedPlaces: self.suspects.compactMap(\.loadingPlace))
        self.judge(self.fold(in: world).deliveries, in: world)
        self.reports = []
    }

    /// The score against the truth.
    package var score: ScoreTable {
        var table = Score.compare(truth: self.truth, found: self.deliveries, incidents: self.incidents)
        table.hiddenPlants = Score.compare(
            hiddenPlants: self.city.hiddenPlants(used: self.truth), found: self.suspects)
        let notes = self.accusedNotes.filter { $0.rule == "ghost-ticket" }.map { note in
            FoundAlert(
                rule: note.rule, plate: note.ticket.plate, from: note.ticket.issuedAt, to: note.ticket.issuedAt)
        }
        let rules = Score.compare(alerts: self.alerts, found: notes + self.raised)
        table.take(rules)
        return table
    }

    /// Suspected plants at which no hidden plant is.
    package var innocentSuspects: [SuspectedPlant] {
        let hidden = self.city.hiddenPlants(used: self.truth)
        return self.suspects.filter { suspect in
            !hidden.contains { $0.coordinate.distanceMetres(to: suspect.coordinate) <= $0.radiusMetres + 100 }
        }
    }

    private static func reports(of city: SimulatedCity) -> [(terminal: TerminalID, reports: [PositionReport])] {
        let decoder = MessageDecoder()
        var message = DecodedMessage()
        var reports: [TerminalID: [PositionReport]] = [:]
        for sent in city.traffic() {
            message.reset()
            decoder.decode(
                topic: Array(sent.topic.utf8).span, payload: sent.payload.span, receivedAt: sent.sent, into: &message)
            if let terminal = message.terminal { reports[terminal, default: []] += message.positions }
        }
        return reports.sorted { $0.key < $1.key }
            .map { ($0.key, $0.value.sorted { $0.recordedAt < $1.recordedAt }) }
    }

    private func fold(in world: World) -> (stays: [StayRecord], deliveries: [Delivery]) {
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
        return (stays, deliveries)
    }
}

extension JudgedCity {
    private mutating func judge(_ found: [Delivery], in world: World) {
        let matchings = SpanMatchings(found, self.tickets, in: world)
        let whole = TicketMatching(found, self.tickets, in: world)
        let byLoad = Dictionary(grouping: found, by: \.loadID)
        let roads = self.roads(world.parameters)
        let judge = Judge(world: world)
        let drops = self.drops(found, whole, in: world)
        let (byTruck, visits) = self.visits(found, matchings, in: world)
        var ways = LearnedWays(self.reports, in: world)
        self.deliveries = LearnedWays.ordered(found).map { delivery in
            var context = DeliveryContext(asOf: DeliveryContext.lastAsOf(of: delivery, world.parameters))
            if let matching = matchings.ofLoads(in: MatchingSpan(of: delivery)) {
                context.take(matching, for: delivery)
                context.nextLoad = NextLoad(after: delivery, among: byTruck[delivery.terminal] ?? [], matching)
            }
            context.otherDrops = (byLoad[delivery.loadID] ?? []).filter { $0.deliveryID != delivery.deliveryID }
            context.plantMonth = PlantMonth(upTo: delivery, of: found, matching: whole, in: world)
            if world.kind(of: delivery) == .bulkCement {
                context.traffic = PlaceTraffic(at: delivery, of: found, in: world)
            }
            let signs = visits[delivery.deliveryID]?.signs ?? []
            context.placeDrops = PlaceDrops(at: delivery, signs, of: Array(visits.values), in: world)
            if let drop = drops[delivery.deliveryID] {
                context.smallJob = SmallJob(around: drop, of: Array(drops.values), in: world)
            }
            context.roads = roads
            ways.fill(&context, of: delivery)
            let judged = judge.judge(delivery, context)
            ways.learn(judged, context)
            return judged
        }
        self.judgeNotes(matchings, in: world)
    }

    /// What every truck delivered, and what its trips and notes tell of the drops outside every register, by delivery.
    private func visits(
        _ found: [Delivery], _ matchings: SpanMatchings, in world: World
    ) -> (byTruck: [TerminalID: [Delivery]], visits: [String: PlaceDrops.Visit]) {
        let byTruck = Dictionary(grouping: found, by: \.terminal)
        var visits: [String: PlaceDrops.Visit] = [:]
        for delivery in found where delivery.unregisteredDrop != nil {
            let signs = matchings.ofLoads(in: MatchingSpan(of: delivery)).map { matching in
                DropSigns(of: delivery, among: byTruck[delivery.terminal] ?? [], matching, in: world)
            }
            visits[delivery.deliveryID] = PlaceDrops.Visit(delivery, signs ?? [])
        }
        return (byTruck, visits)
    }

    /// What was unloaded outside every register, by delivery, where small jobs are exempt.
    private func drops(_ found: [Delivery], _ matching: TicketMatching, in world: World) -> [String: PlaceDrop] {
        guard SmallJob.areExempt(world.parameters) else { return [:] }
        return found.reduce(into: [:]) { drops, delivery in
            let volume = LoadVolume(of: delivery, matching, in: world)
            drops[delivery.deliveryID] = PlaceDrop(delivery, volume: volume)
        }
    }

    /// The cells that several trucks drove through, as the store counts them.
    private func roads(_ parameters: AnalysisParameters) -> UsualRoads {
        var roads = UsualRoads(parameters.roads)
        var passes: [Int64: Set<Int>] = [:]
        for (number, (_, reports)) in self.reports.enumerated() {
            for report in reports {
                guard let cell = roads.cell(drivenThroughBy: report) else { continue }
                let day = Int(report.recordedAt.microseconds / 86_400_000_000)
                passes[cell, default: []].insert(number * 100_000 + day)
            }
        }
        for (cell, passes) in passes { roads.note(cell: cell, passes: passes.count) }
        return roads
    }

    private mutating func judgeNotes(_ matchings: SpanMatchings, in world: World) {
        let judge = TicketJudge(world: world)
        let wait = world.parameters.tickets.ghostWindow + world.parameters.hauls.backfill
        for ticket in self.tickets.sorted(by: Ticket.isOrdered) {
            guard let matching = matchings.ofNotes(in: MatchingSpan(of: ticket.issuedAt)),
                matching.unmatchedTickets.contains(ticket)
            else { continue }
            var context = TicketContext(ticket, asOf: ticket.issuedAt.advanced(bySeconds: wait))
            context.isClockInDoubt = matching.isClockInDoubt(plate: ticket.plate)
            context.whereabouts = self.whereabouts(of: ticket, in: world)
            for judgement in judge.judge(context) where judgement.outcome == .hit {
                self.accusedNotes.append((ticket, judgement.rule))
            }
        }
    }

    private func whereabouts(of ticket: Ticket, in world: World) -> TruckWhereabouts? {
        guard let terminal = world.index.vehicle(plate: ticket.plate, at: ticket.issuedAt)?.terminal,
            let reports = self.reports.first(where: { $0.terminal.text == terminal })?.reports
        else { return nil }
        let window = world.parameters.tickets.ghostWindow
        let from = ticket.issuedAt.advanced(bySeconds: -window)
        let to = ticket.issuedAt.advanced(bySeconds: window)
        let (first, last) = (from.advanced(bySeconds: -1800), to.advanced(bySeconds: 1800))
        var cleaner = TrackCleaner()
        var fixes: [Fix] = []
        for report in reports where report.recordedAt >= first && report.recordedAt <= last {
            switch cleaner.take(report, world.parameters.cleaning) {
            case .accepted(let fix), .restarted(let fix): fixes.append(fix)
            case .withoutFix, .frozen, .spike, .notLater: break
            }
        }
        return TruckWhereabouts(fixes, from: from, to: to, plant: ticket.plantID, in: world)
    }
}
