import Chronology
import Deliveries
import FleetStore
import PostgresClient
import Registers
import Suspicions
import Telemetry
import Tracks

/// Judges deliveries that have ended with all that is stored around them: delivery notes matched over half a day
/// before and after, the other drops of the load, the plant's month up to it, the traffic at the destination. Whatever
/// of these changes makes the delivery due again, however late: a rule that looks further back needs what makes it due.
/// One that is not final is judged in the same way, says that this is provisional, and leaves open what the rest of its
/// trip decides.
///
/// The same stored facts give the same words: the clock counts only while notes and late reports may still come in.
/// After that a delivery is judged as of the end of that wait, whenever it is judged.
struct JudgingStep {
    private let store: JudgingStore
    private let alerts: AlertStore
    private let notes: NoteStore
    private let suspects: SuspectStore
    private let ways: WaysOfDelivery
    private let world: World
    private let judge: Judge

    /// How much is judged at once.
    private enum Limit {
        /// Deliveries of one half day.
        static let deliveries = 500
        static let notes = 5000
        /// Seconds around loads in which notes may be theirs: a visit to a plant, and the window of the matching (of
        /// their trucks' own notes, those of the whole visit) …
        static let besideNotes = 7200.0
        /// … and those of a truck whose clock may be beside the time (`MatchingSpan`).
        static let besideClocks = 172_800.0
    }

    init(connection: PostgresConnection, world: World, judge: Judge) {
        self.store = JudgingStore(connection: connection)
        self.alerts = AlertStore(connection: connection)
        self.notes = NoteStore(connection: connection)
        self.suspects = SuspectStore(connection: connection)
        self.ways = WaysOfDelivery(connection: connection, world: world)
        self.world = world
        self.judge = judge
    }

    /// Judges some of what is due; to be called in a transaction.
    /// - Parameter terminals: only what is due of these; `nil`: of all.
    /// - Returns: how many were judged, and how many of them changed.
    func run(worldKey: String, of terminals: [Int32]? = nil) throws -> (judged: Int, changed: Int) {
        try self.suspects.noteChangedNotes(
            limit: Limit.notes, within: self.world.parameters.tickets.sameLoadSeconds)
        try self.store.takeNotes(
            limit: Limit.notes, after: NoteStep.wait(self.world.parameters),
            numberedFor: self.world.parameters.tickets.numberMonths)
        try self.store.takePlantMonths()
        let (due, now) = try self.store.due(limit: Limit.deliveries, of: terminals)
        guard let first = due.first else { return (0, 0) }
        let span = MatchingSpan(of: first.judged.delivery)
        let batch = due.prefix { MatchingSpan(of: $0.judged.delivery) == span }
        let surroundings = try self.surroundings(of: batch.map { ($0.judged.delivery, $0.terminal) }, in: span)
        for row in batch {
            try self.setVolume(of: row.judged.delivery, surroundings)
            try self.setSigns(of: row.judged.delivery, surroundings)
        }
        // Before they are judged: what is judged in this step knows these volumes and signs, and is not due by them.
        try self.store.takePlantMonths()
        var changed = 0
        var doubtful = Set<String>()
        var isNews = false
        for row in batch {
            let delivery = row.judged.delivery
            let asOf = min(now, self.settlesAt(delivery))
            let context = try self.context(of: delivery, asOf: asOf, terminal: row.terminal, surroundings)
            let judged = self.judge.judge(Self.bare(delivery), context)
            if try self.write(judged, over: row, asOf, worldKey) { changed += 1 }
            // A truck of another kind counts for other jobs.
            if judged.exemption != row.judged.exemption {
                try self.store.makeDue(aroundJobOf: delivery, in: self.world)
            }
            try self.ways.learn(judged, context)
            let next = DeliveryContext.nextAsOf(of: delivery, after: now, self.world.parameters)
            try self.store.settle(delivery.deliveryID, dueAgain: next)
            // Another note for it is another load's no more, and so on; and its truck's notes may be read by its clock.
            let isOtherNote = row.judgedAsOf != nil && judged.delivery.ticketIDs != delivery.ticketIDs
            if isOtherNote { try self.store.makeDue(around: delivery.deliveryID) }
            isNews = isNews || isOtherNote || row.judgedAsOf == nil
            if isOtherNote || context.ticket.isClockInDoubt {
                doubtful.formUnion(CarriedLoad.plates(of: [delivery], in: self.world))
            }
        }
        if isNews { try self.makeTiedDue(surroundings, but: batch) }
        try self.makeNotesDue(of: batch.map(\.judged.delivery), doubtful)
        return (batch.count, changed)
    }

    /// Judges deliveries that were derived just now, each as `run` would, without writing anything.
    func judged(_ deliveries: [Delivery], of terminal: Int32, now: Instant) throws -> [JudgedDelivery] {
        var found: [JudgedDelivery] = []
        for (span, some) in Dictionary(grouping: deliveries, by: { MatchingSpan(of: $0) }) {
            let surroundings = try self.surroundings(of: some.map { ($0, terminal) }, in: span)
            for delivery in some {
                let context = try self.context(
                    of: delivery, asOf: min(now, self.settlesAt(delivery)), terminal: terminal, surroundings)
                found.append(self.judge.judge(Self.bare(delivery), context))
            }
        }
        return found.sorted { $0.delivery.unloadStart < $1.delivery.unloadStart }
    }

    // MARK: - Parts of it

    /// What is stored around some deliveries.
    private struct Surroundings {
        var matching: TicketMatching
        /// Those that decide about each other's notes.
        var tied: [Delivery]
        var byLoad: [String: [Delivery]]
        var byTruck: [TerminalID: [Delivery]]
        /// The other notes with the number of a note that a load took, of whatever time, by that note.
        var repetitions: [String: [Ticket]]
    }

    /// From when on no delay of notes or reports is an excuse: what is said then is said for good.
    private func settlesAt(_ delivery: Delivery) -> Instant {
        DeliveryContext.lastAsOf(of: delivery, self.world.parameters)
    }

    private static func carried(_ delivery: Delivery) -> Instant { delivery.loadEnd ?? delivery.unloadStart }

    /// As it was derived: the judge writes the notes that it finds.
    private static func bare(_ delivery: Delivery) -> Delivery {
        var delivery = delivery
        (delivery.ticketID, delivery.otherTicketIDs) = (nil, nil)
        return delivery
    }

    /// The notes that these loads may have taken, or have taken no more; and all around them of the trucks of which the
    /// clock is, or was, beside the time.
    private func makeNotesDue(of deliveries: [Delivery], _ doubtful: Set<String>) throws {
        let times = deliveries.map(Self.carried)
        guard let first = times.min(), let last = times.max() else { return }
        let plants = Set(deliveries.compactMap { $0.origin.kind == .plant ? $0.origin.id : nil }).sorted()
        let wait = NoteStep.wait(self.world.parameters)
        let plates = CarriedLoad.plates(of: deliveries, in: self.world)
        let since = first.advanced(bySeconds: -Limit.besideNotes)
        try self.notes.makeDue(
            plants: plants, plates: plates, from: since, to: last.advanced(bySeconds: Limit.besideNotes), after: wait)
        if let arrived = deliveries.compactMap(\.loadStart).min()?.advanced(bySeconds: -Limit.besideNotes),
            arrived < since
        {
            try self.notes.makeDue(plants: [], plates: plates, from: arrived, to: since, after: wait)
        }
        guard !doubtful.isEmpty else { return }
        try self.notes.makeDue(
            plants: [], plates: doubtful.sorted(), from: first.advanced(bySeconds: -Limit.besideClocks),
            to: last.advanced(bySeconds: Limit.besideClocks), after: wait)
    }

    private func surroundings(
        of rows: [(delivery: Delivery, terminal: Int32)], in span: MatchingSpan
    ) throws -> Surroundings {
        let own = Dictionary(rows.map { ($0.delivery.deliveryID, $0.delivery) }) { $1 }
        var near = Dictionary(
            try self.store.deliveries(
                plants: [], terminals: Set(rows.map(\.terminal)).sorted(), from: span.matched.lowerBound,
                to: span.matched.upperBound
            ).map { ($0.deliveryID, $0) }
        ) { $1 }
        near.merge(own) { $1 }
        let reach = try self.store.reach(from: Array(near.values), in: span, far: .notes, world: self.world)
        let all = reach.deliveries
        let matching = TicketMatching(all, Array(reach.tickets), in: self.world)
        let taken = Set(rows.flatMap { matching.match(of: $0.delivery)?.notes.map(\.identity) ?? [] }).sorted()
        return Surroundings(
            matching: matching, tied: reach.tied, byLoad: Dictionary(grouping: all, by: \.loadID),
            byTruck: Dictionary(grouping: all, by: \.terminal),
            repetitions: try self.notes.repetitions(of: taken))
    }

    /// What takes another note, or leaves one, because some of its surroundings are judged for the first time or took
    /// another one: over however many plants and trucks they are tied to each other.
    private func makeTiedDue(_ surroundings: Surroundings, but batch: ArraySlice<JudgingStore.Due>) throws {
        let own = Set(batch.map(\.judged.delivery.deliveryID))
        for delivery in surroundings.tied where !own.contains(delivery.deliveryID) {
            let match = surroundings.matching.match(of: delivery)
            let numbers = match.map { [$0.ticket.ticketID] + $0.otherNumbers } ?? []
            guard numbers != delivery.ticketIDs else { continue }
            try self.store.makeDue(
                delivery.deliveryID, reason: "another delivery came, went or changed: \(own.min() ?? "")")
        }
    }

    /// Another volume counts otherwise wherever some of the load was unloaded.
    private func setVolume(of delivery: Delivery, _ surroundings: Surroundings) throws {
        let drops = surroundings.byLoad[delivery.loadID] ?? [delivery]
        let isInferred = CarriedLoad(drops)?.isInferred(in: self.world) ?? false
        let isAnother =
            switch LoadVolume(of: delivery, surroundings.matching, in: self.world) {
            case .noted(let volume):
                try self.store.setVolume(of: delivery.loadID, cubicMetres: volume, isEstimated: false)
            case .estimated(let drum):
                try self.store.setVolume(
                    of: delivery.loadID, cubicMetres: drum, isEstimated: true, isInferred: isInferred)
            case .unknown:
                try self.store.setVolume(
                    of: delivery.loadID, cubicMetres: nil, isEstimated: false, isInferred: isInferred)
            }
        guard isAnother else { return }
        for drop in drops {
            try self.store.makeDue(aroundJobOf: drop, in: self.world)
        }
    }

    /// Another sign counts otherwise for whatever went to the same place.
    private func setSigns(of delivery: Delivery, _ surroundings: Surroundings) throws {
        guard delivery.unregisteredDrop != nil,
            try self.store.setSigns(self.signs(of: delivery, surroundings), of: delivery.deliveryID)
        else { return }
        try self.store.makeDue(aroundPlaceOf: delivery.deliveryID)
    }

    private func signs(of delivery: Delivery, _ surroundings: Surroundings) -> DropSigns {
        DropSigns(
            of: delivery, among: surroundings.byTruck[delivery.terminal] ?? [], surroundings.matching, in: self.world)
    }

    private func context(
        of delivery: Delivery, asOf: Instant, terminal: Int32, _ surroundings: Surroundings
    ) throws -> DeliveryContext {
        var context = DeliveryContext(asOf: asOf)
        context.take(surroundings.matching, for: delivery)
        context.repeatedTickets = (context.ticket.match?.notes ?? [])
            .flatMap { surroundings.repetitions[$0.identity] ?? [] }
        context.otherDrops = (surroundings.byLoad[delivery.loadID] ?? [])
            .filter { $0.deliveryID != delivery.deliveryID }
        if delivery.origin.kind == .plant, let plant = delivery.origin.id, let loadEnd = delivery.loadEnd {
            context.plantMonth = try self.store.month(of: plant, from: Self.monthBegins(loadEnd), to: loadEnd)
        }
        let parameters = self.world.parameters
        if self.world.kind(of: delivery) == .bulkCement {
            let others = try self.store.deliveries(
                toPlaceOf: delivery, within: parameters.cycles.spotRadius,
                from: delivery.unloadEnd.advanced(bySeconds: -parameters.cement.countDays * 86_400))
            context.traffic = PlaceTraffic(at: delivery, of: others, in: self.world)
        }
        if delivery.unregisteredDrop != nil {
            let visits = try self.store.visits(
                toPlaceOf: delivery, within: parameters.cycles.spotRadius,
                seconds: parameters.rules.repeatedDropDays * 86_400 + parameters.cycles.unknownDropMaximum,
                isCement: self.world.kind(of: delivery) == .bulkCement)
            context.placeDrops = PlaceDrops(
                at: delivery, self.signs(of: delivery, surroundings), of: visits, in: self.world)
        }
        context.nextLoad = NextLoad(
            after: delivery, among: surroundings.byTruck[delivery.terminal] ?? [], surroundings.matching)
        let volume = LoadVolume(of: delivery, surroundings.matching, in: self.world)
        if let drop = PlaceDrop(delivery, volume: volume) {
            context.smallJob = try self.store.smallJob(around: drop, in: self.world)
        }
        try self.ways.fill(&context, of: delivery, terminal: terminal)
        return context
    }

    private static func monthBegins(_ instant: Instant) -> Instant {
        var date = instant.date(at: .shanghai)
        date.day = 1
        return Instant(startOf: date, at: .shanghai)
    }

    /// Writes a judgement that says something new.
    ///
    /// While notes may still come in the clock stands in the words; only what was found counts then. The last word is
    /// written whenever it differs. What had been judged with everything is kept as superseded.
    /// - Returns: whether a row changed.
    private func write(
        _ judged: JudgedDelivery, over row: JudgingStore.Due, _ asOf: Instant, _ worldKey: String
    ) throws -> Bool {
        let isFinding = judged.finding != row.judged.finding
        let isLast = asOf == self.settlesAt(judged.delivery)
        let isNew = judged.withoutRegisterState != row.judged.withoutRegisterState
        let isFinalNow = judged.saysProvisional != row.judged.saysProvisional
        guard row.judgedAsOf == nil || isFinding || isFinalNow || (isLast && isNew) else {
            try self.store.note(judged.delivery.deliveryID, asOf: asOf, world: worldKey)
            return false
        }
        let wasLast = row.judgedAsOf.map { $0 >= asOf && isLast } ?? false
        let keeps = row.judgedAsOf != nil && (isFinding || wasLast)
        try self.store.store(judged, asOf: asOf, world: worldKey, supersedes: keeps ? row.reason : nil)
        try self.alerts.store(judged, terminal: row.terminal)
        try self.alerts.storeDeparture(judged, terminal: row.terminal)
        return true
    }
}

extension JudgedDelivery {
    /// What was found, without the words.
    fileprivate var finding: JudgedDelivery {
        var copy = self.withoutRegisterState
        for index in copy.judgements.indices {
            copy.judgements[index].facts = []
            copy.judgements[index].counterfacts = []
        }
        return copy
    }
}
