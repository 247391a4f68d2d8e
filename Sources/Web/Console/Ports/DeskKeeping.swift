package import Casework
package import Chronology
package import Registers
package import Suspicions
package import Telemetry
package import Tracks

/// What people do about what was found, as the console needs it. The application implements it over the store.
///
/// Everything is read and done for the one whom the request is for (`Principal.current`), each change with an entry in
/// the audit log, in one transaction. What does not follow throws `CaseworkRefusal`; errors are else those of
/// `FleetReading`.
package protocol DeskKeeping: AlertKeeping, EnforcementKeeping, CaseKeeping {}

/// Alerts and what people do about them.
package protocol AlertKeeping: Sendable {
    /// By time of opening, the newest first.
    func alerts(_ query: AlertQuery) async throws -> Page<AlertRecord>

    /// The alert with all that was done, the oldest first; `nil` when there is none.
    func alert(id: String) async throws -> (alert: AlertRecord, actions: [AlertAction.Record])?

    /// - Returns: how the alert stands now; `nil` when there is none.
    func act(_ action: AlertAction, onAlert id: String, by actor: DeskActor) async throws -> AlertRecord?

    /// Alerts that were opened, closed or handled after `mark`; for `nil` only the mark as it stands.
    func alertChanges(since mark: AlertMark?, limit: Int) async throws -> (mark: AlertMark, alerts: [AlertRecord])

    /// Who may be given work.
    func colleagues() async throws -> [Colleague]
}

/// The queue of suspicions, what is decided about them, and what an officer looks at.
package protocol EnforcementKeeping: Sendable {
    /// Suspicious deliveries and those that were decided about and are so no more, the highest rank first.
    func queue(_ query: QueueQuery) async throws -> Page<QueuedDelivery>

    /// The oldest first; `nil` when there is no such delivery and never was one that was decided about.
    func decisions(aboutDelivery id: String) async throws -> [DeliveryDecision.Record]?

    /// - Returns: all decisions about it; `nil` when there is no such delivery.
    func decide(
        _ decision: DeliveryDecision, aboutDelivery id: String, by actor: DeskActor
    ) async throws -> [DeliveryDecision.Record]?

    /// How often each rule was right, by what was decided.
    func precision() async throws -> [RulePrecision]

    /// The likeliest first.
    func suspectedPlants() async throws -> [SuspectedPlant]
    func suspectedPlant(id: String) async throws -> SuspectedPlant?

    /// - Returns: how it stands now; `nil` when there is none.
    func decide(
        _ decision: SuspectDecision, aboutSuspect id: String, by actor: DeskActor
    ) async throws -> SuspectedPlant?

    /// Cameras, halts, note and register of a truck around a delivery.
    func timeline(of delivery: JudgedDelivery, from: Instant, to: Instant) async throws -> DeliveryTimeline
}

/// Cases.
package protocol CaseKeeping: Sendable {
    /// The newest first.
    func cases(after cursor: String?, limit: Int) async throws -> Page<CaseFile>
    func caseFile(id: String) async throws -> CaseFile?
    /// How the deliveries that a case is about stand now, and what they were before; without those the reader may not
    /// see.
    func records(ofDeliveries ids: [String]) async throws -> [DeliveryRecord]
    /// Those that a thing is in.
    func cases(with item: CaseItem) async throws -> [CaseFile]
    /// - Returns: the case with its first items.
    func openCase(_ title: String, items: [CaseItem], by actor: DeskActor) async throws -> CaseFile
    /// - Returns: how the case stands now; `nil` when there is none.
    func add(_ content: CaseEntry.Content, toCase id: String, by actor: DeskActor) async throws -> CaseFile?
}

/// Who does something, and from where.
package struct DeskActor: Hashable, Sendable {
    package var principal: Principal
    package var address: String

    package init(_ principal: Principal, address: String) {
        self.principal = principal
        self.address = address
    }
}

/// Up to where changes of alerts were seen. Opaque to the console.
package struct AlertMark: Hashable, Sendable {
    package var alerts: Int64
    package var handlings: Int64

    package init(alerts: Int64, handlings: Int64) {
        self.alerts = alerts
        self.handlings = handlings
    }
}

/// Somebody who may be given work.
package struct Colleague: Hashable, Sendable {
    package var name: String
    package var displayName: String
    package var role: String
    /// Where he works; `nil`: in all of the city.
    package var district: String?

    package init(name: String, displayName: String, role: String, district: String? = nil) {
        self.name = name
        self.displayName = displayName
        self.role = role
        self.district = district
    }
}

/// Which alerts to list; what is `nil` is not asked for.
package struct AlertQuery: Hashable, Sendable {
    package var from: Instant?
    package var to: Instant?
    /// Empty: of any state.
    package var states: [AlertHandling.State] = []
    package var severity: Int?
    package var rule: String?
    package var plate: String?
    package var assignee: String?
    package var deliveryID: String?
    package var after: String?
    package var limit: Int

    package init(limit: Int) { self.limit = limit }
}

/// Which suspicious deliveries to list.
package struct QueueQuery: Hashable, Sendable {
    /// `nil`: decided or not.
    package var isDecided: Bool?
    package var from: Instant?
    package var to: Instant?
    package var rule: String?
    package var after: String?
    package var limit: Int

    package init(limit: Int) { self.limit = limit }
}

/// What is known of a truck around a delivery, beside its trail.
package struct DeliveryTimeline: Sendable {
    package var cameras: [CameraReport]
    package var stays: [StayRecord]
    package var tickets: [Ticket]
    /// The register's row at the time of the delivery; `nil` for a truck that no register knows.
    package var vehicle: Vehicle?

    package init(cameras: [CameraReport], stays: [StayRecord], tickets: [Ticket], vehicle: Vehicle?) {
        self.cameras = cameras
        self.stays = stays
        self.tickets = tickets
        self.vehicle = vehicle
    }
}
