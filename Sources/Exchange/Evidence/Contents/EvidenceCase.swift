package import Chronology
import Deliveries
package import Registers
package import Suspicions
package import Telemetry
package import Tracks

/// Everything that an evidence package is made from, as the store had it at one moment.
package struct EvidenceCase: Sendable {
    package var judged: JudgedDelivery
    /// When it was derived and judged, and by which registers, parameters and program.
    package var derivedAt: Instant
    package var world: String
    /// What stood under this id before and was replaced, the earliest first; of a delivery that is derived no more the
    /// last is the one that the package is about.
    package var earlierForms: [SupersededForm] = []
    /// When the delivery was derived no more; `nil`: it stands.
    package var supersededAt: Instant?
    /// What is derived in its place.
    package var successors: [JudgedDelivery] = []
    /// Event time that the package covers.
    package var from: Instant
    package var to: Instant
    /// Every batch that holds one of the messages; each names the hash it was sealed on.
    package var batches: [EvidenceBatch] = []
    /// The terminal's messages.
    package var messages: [MessagePlace] = []
    /// The positions of the log in the period.
    package var stored: [StoredPosition] = []
    /// Positions whose batch was dropped by retention.
    package var lostOriginals = 0
    /// Where each lane's chain ended when the package was made.
    package var lanes: [EvidenceLane] = []
    package var registers: [EvidenceRegisterRow] = []
    /// The suspected plants among its ends.
    package var suspects: [EvidenceSuspect] = []
    package var parameters: AnalysisParameters
    package var limits: ValidationLimits
    package var export: EvidenceExport

    package init(
        judged: JudgedDelivery, derivedAt: Instant, world: String, from: Instant, to: Instant,
        parameters: AnalysisParameters, limits: ValidationLimits, export: EvidenceExport
    ) {
        self.judged = judged
        self.derivedAt = derivedAt
        self.world = world
        self.from = from
        self.to = to
        self.parameters = parameters
        self.limits = limits
        self.export = export
    }

    /// Seconds before the load and after the unloading that belong to a delivery's evidence.
    package static let margin = 900.0
    /// Seconds looked back from an unloading whose load was not seen.
    package static let unseenLoad = 7200.0

    /// The event time that a delivery's package covers.
    package static func period(of judged: JudgedDelivery) -> (from: Instant, to: Instant) {
        let delivery = judged.delivery
        let start =
            delivery.loadStart ?? delivery.loadEnd ?? delivery.unloadStart.advanced(bySeconds: -Self.unseenLoad)
        return (start.advanced(bySeconds: -Self.margin), delivery.unloadEnd.advanced(bySeconds: Self.margin))
    }
}

/// One sealed batch and its lane.
package struct EvidenceBatch: Sendable, Hashable {
    package var lane: Int32
    package var laneName: String
    package var batch: SealedBatch

    package init(lane: Int32, laneName: String, batch: SealedBatch) {
        self.lane = lane
        self.laneName = laneName
        self.batch = batch
    }

    var key: BatchKey { BatchKey(lane: self.lane, number: self.batch.number) }
}

/// A batch's name: its lane and number.
struct BatchKey: Hashable, Comparable, Sendable {
    var lane: Int32
    var number: Int64

    static func < (lhs: BatchKey, rhs: BatchKey) -> Bool { (lhs.lane, lhs.number) < (rhs.lane, rhs.number) }
}

/// Where a raw message lies: lane, batch, and its index in the batch.
package struct MessagePlace: Hashable, Comparable, Sendable {
    package var lane: Int32
    package var batch: Int64
    package var index: Int

    package init(lane: Int32, batch: Int64, index: Int) {
        self.lane = lane
        self.batch = batch
        self.index = index
    }

    package static func < (lhs: MessagePlace, rhs: MessagePlace) -> Bool {
        (lhs.lane, lhs.batch, lhs.index) < (rhs.lane, rhs.batch, rhs.index)
    }

    var key: BatchKey { BatchKey(lane: self.lane, number: self.batch) }
}

/// A position as the log has it.
package struct StoredPosition: Sendable, Hashable {
    package var report: PositionReport
    package var place: MessagePlace

    package init(report: PositionReport, place: MessagePlace) {
        self.report = report
        self.place = place
    }
}

/// A lane's chain as it stood.
package struct EvidenceLane: Sendable, Hashable {
    package var lane: Int32
    package var name: String
    package var head: ChainLink
    /// The last batch that retention dropped; number 0 when none was.
    package var anchor: ChainLink
    package var anchorNote: String?

    package init(lane: Int32, name: String, head: ChainLink, anchor: ChainLink, anchorNote: String?) {
        self.lane = lane
        self.name = name
        self.head = head
        self.anchor = anchor
        self.anchorNote = anchorNote
    }
}

/// A row of a register with the time for which it was known, and who brought it in.
package struct EvidenceRegisterRow: Sendable, Hashable {
    package var entry: Int64
    package var record: RegisterRecord
    package var knownFrom: Instant
    package var knownTo: Instant?
    package var importedBy: String
    package var source: String

    package init(
        entry: Int64, record: RegisterRecord, knownFrom: Instant, knownTo: Instant?, importedBy: String, source: String
    ) {
        self.entry = entry
        self.record = record
        self.knownFrom = knownFrom
        self.knownTo = knownTo
        self.importedBy = importedBy
        self.source = source
    }

    func wasKnown(at instant: Instant) -> Bool {
        self.knownFrom <= instant && self.knownTo.map { instant < $0 } ?? true
    }
}

/// Who took the package out, when, and what for.
package struct EvidenceExport: Sendable, Hashable {
    package var by: String
    package var at: Instant
    package var purpose: String
    /// Command line or web.
    package var interface: String
    /// Name and version of the program.
    package var program: String

    package init(by: String, at: Instant, purpose: String, interface: String, program: String) {
        self.by = by
        self.at = at
        self.purpose = purpose
        self.interface = interface
        self.program = program
    }
}
