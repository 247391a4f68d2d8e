package import Chronology
package import Registers
package import Suspicions

/// What the console reads of the fleet. The application implements it over the store; tests over memory.
///
/// Every method may be called from many tasks at once. A store that cannot be reached throws
/// `FleetReadingError.unavailable`, and the console answers 503; any other error is a defect and becomes a 500.
package protocol FleetReading: Sendable {
    /// Registered vehicles, every row of the register, in the order of `Page`'s cursor.
    func vehicles(after cursor: String?, limit: Int) async throws -> Page<Vehicle>

    /// Plants by their row that holds at `instant`, or else the nearest one (`ValidPeriod.standing`).
    func plants(at instant: Instant, after cursor: String?, limit: Int) async throws -> Page<Plant>

    /// Sites by their row that holds at `instant`, or else the nearest one.
    func sites(at instant: Instant, after cursor: String?, limit: Int) async throws -> Page<Site>

    /// Known innocent places.
    func places(after cursor: String?, limit: Int) async throws -> Page<Place>

    /// Counts every import that changed something; the live page loads its outlines again when it moves.
    func registerRevision() async throws -> Int64

    /// The newest position of each terminal that changed after `revision`; of every terminal for `nil`.
    /// The revision is the store's own: opaque, growing, and good after a restart of the console.
    func latestPositions(since revision: Int64?) async throws -> Revised<LatestPosition>

    /// The same, one page at a time in the order of the terminals' names.
    func positions(since revision: Int64?, after cursor: String?, limit: Int) async throws -> PositionPage

    /// Deliveries as they stand, by start of unloading, newest first.
    func deliveries(_ query: DeliveryQuery) async throws -> Page<JudgedDelivery>

    /// The delivery that stands under this id, or as it last stood when it is derived no more; `nil` when there is
    /// none and never was.
    func delivery(id: String) async throws -> DeliveryRecord?

    /// At most `limit` deliveries that were derived, judged again or withdrawn after `revision`, oldest change first,
    /// with the revision of the last one returned. For `nil` only the revision as it stands, without elements.
    func deliveryChanges(since revision: Int64?, limit: Int) async throws -> Revised<DeliveryChange>

    /// The reports of one truck, oldest first, `from` up to, not including, `to`, at most `limit`. The subject is a
    /// plate or a terminal's name; `nil` when neither a register nor the log knows it.
    func trail(of subject: String, from: Instant, to: Instant, limit: Int) async throws -> Trail?

    /// Notes who looked at whose trail, or tried to, for good. Called before anything is sent; when it throws, no trail
    /// is shown, and nobody is told that there is none.
    func noteTrailAccess(_ access: TrailAccess) async throws

    /// Counts of ingestion and how far analysis is behind it.
    func status() async throws -> FleetStatus

    /// What became of each terminal's messages, for `/metrics`; empty where the configuration does not want them there.
    func terminalCounts() async throws -> [TerminalCounts]

    /// The metrics that the other parts of this service hand in, as Prometheus text; empty when they cannot be asked.
    func partMetrics() async -> String

    /// The state of each part that was selected to run. A part that cannot be asked is not ready, and says why.
    func readiness() async -> [PartReadiness]

    /// What changed, as the store announces it. The stream may drop repeats and may end (a lost connection): the
    /// console looks for itself every `ConsoleConfiguration.pollInterval` and asks for a new stream.
    func changes() -> AsyncStream<FleetChange>
}

/// Why the console could not read.
package enum FleetReadingError: Error, Hashable {
    /// The store cannot be reached now; the reason is for the log, never for the client.
    case unavailable(String)
    /// The client's `after` is not a cursor of this list.
    case badCursor
}
