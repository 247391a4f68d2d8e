import Chronology
import Deliveries
import FleetStore
import Geodesy
import PostgresClient
import Registers
import Suspicions
import Tracks

/// Judges delivery notes by themselves: whether a truck can have taken the load at all, and whether the number was used
/// before. A note that a load took is in order here; what is wrong with it stands on the delivery.
///
/// A note is judged as of the time at which its truck's data must have come in, so the same stored facts give the same
/// words whenever it is judged.
struct NoteStep {
    private let notes: NoteStore
    private let judging: JudgingStore
    private let log: PositionLog
    private let alerts: AlertStore
    private let world: World
    private let judge: TicketJudge

    /// How much is judged at once.
    private enum Limit {
        /// Notes of one half day.
        static let notes = 500
        /// Seconds around the time in which a truck is looked for in which its fixes are read.
        static let beside = 1800.0
    }

    init(connection: PostgresConnection, world: World) {
        self.notes = NoteStore(connection: connection)
        self.judging = JudgingStore(connection: connection)
        self.log = PositionLog(connection: connection)
        self.alerts = AlertStore(connection: connection)
        self.world = world
        self.judge = TicketJudge(world: world)
    }

    /// Seconds after a note was issued until its truck's data must have come in.
    static func wait(_ parameters: AnalysisParameters) -> Double {
        parameters.tickets.ghostWindow + parameters.hauls.backfill
    }

    /// Judges some of what is due; to be called in a transaction.
    /// - Returns: how many were judged.
    func run() throws -> Int {
        let due = try self.notes.due(limit: Limit.notes)
        guard let first = due.first?.ticket else { return 0 }
        let span = MatchingSpan(of: first.issuedAt)
        let batch = Array(due.prefix { MatchingSpan(of: $0.ticket.issuedAt) == span })
        var terminals: [String: Int32] = [:]
        for note in batch where terminals[note.ticket.plate] == nil {
            terminals[note.ticket.plate] = try self.terminal(of: note.ticket)
        }
        let matching = try self.matching(of: batch.map(\.ticket), terminals, in: span)
        let unmatched = Set(matching.unmatchedTickets.map(\.identity))
        let repetitions = try self.notes.repetitions(of: batch.map(\.id))
        for note in batch {
            let repeated = (repetitions[note.id] ?? []).filter {
                self.world.parameters.tickets.areNumberedTogether($0.issuedAt, note.ticket.issuedAt)
            }
            var context = TicketContext(
                note.ticket, asOf: note.ticket.issuedAt.advanced(bySeconds: Self.wait(self.world.parameters)))
            context.isMatched = !unmatched.contains(note.ticket.identity)
            context.isClockInDoubt = matching.isClockInDoubt(plate: note.ticket.plate)
            // Held against the later note; where a load took it, its delivery says so.
            context.repetitions = context.isMatched ? [] : repeated.filter { Ticket.isOrdered($0, note.ticket) }
            if !context.isMatched, let terminal = try self.terminal(of: note.ticket) {
                context.whereabouts = try self.whereabouts(of: note.ticket, terminal)
            }
            let place = self.place(of: note.ticket)
            for judgement in self.judge.judge(context) {
                try self.alerts.store(
                    judgement, of: note.ticket, terminal: terminals[note.ticket.plate], at: place)
            }
            // A number is held against the later note: those may have been judged without this one.
            try self.notes.makeDue(
                repeated.filter { Ticket.isOrdered(note.ticket, $0) && !Self.isIn(batch, $0) }.map(\.identity))
        }
        try self.notes.settle(batch.map(\.id))
        return batch.count
    }

    private static func isIn(_ batch: [NoteStore.Due], _ ticket: Ticket) -> Bool {
        batch.contains { $0.ticket.identity == ticket.identity }
    }

    private func terminal(of ticket: Ticket) throws -> Int32? {
        guard let name = self.world.index.vehicle(plate: ticket.plate, at: ticket.issuedAt)?.terminal else {
            return nil
        }
        return try self.notes.terminal(named: name)
    }

    private func matching(
        of tickets: [Ticket], _ terminals: [String: Int32], in span: MatchingSpan
    ) throws -> TicketMatching {
        let own = try self.judging.deliveries(
            plants: [], terminals: terminals.values.sorted(), from: span.clocked.lowerBound,
            to: span.clocked.upperBound)
        let reach = try self.judging.reach(from: own, tickets, in: span, far: .loads, world: self.world)
        return TicketMatching(reach.deliveries, Array(reach.tickets), in: self.world)
    }

    private func whereabouts(of ticket: Ticket, _ terminal: Int32) throws -> TruckWhereabouts? {
        let window = self.world.parameters.tickets.ghostWindow
        let from = ticket.issuedAt.advanced(bySeconds: -window)
        let to = ticket.issuedAt.advanced(bySeconds: window)
        var cleaner = TrackCleaner()
        var fixes: [Fix] = []
        let rows = try self.log.positions(
            of: terminal, from: from.advanced(bySeconds: -Limit.beside), to: to.advanced(bySeconds: Limit.beside))
        for row in rows {
            switch cleaner.take(row.report, self.world.parameters.cleaning) {
            case .accepted(let fix), .restarted(let fix): fixes.append(fix)
            case .withoutFix, .frozen, .spike, .notLater: break
            }
        }
        return TruckWhereabouts(fixes, from: from, to: to, plant: ticket.plantID, in: self.world)
    }

    /// Where the note was issued: the middle of its plant.
    private func place(of ticket: Ticket) -> Coordinate? {
        let plant =
            self.world.index.plant(ticket.plantID, at: ticket.issuedAt)
            ?? self.world.index.plants(ticket.plantID).last
        return plant.map { plant in
            let box = plant.fence.boundingBox
            return Coordinate(
                latitudeE7: box.south + (box.north - box.south) / 2, longitudeE7: box.west + (box.east - box.west) / 2)
        }
    }
}
