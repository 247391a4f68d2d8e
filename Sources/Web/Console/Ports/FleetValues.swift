package import Chronology
package import Geodesy
package import Registers
package import Suspicions
package import Telemetry

/// A stretch of a list in a fixed order, and where the next one begins.
package struct Page<Element: Sendable>: Sendable {
    package var elements: [Element]
    /// Opaque text that, given as `after`, continues behind the last element; `nil` at the end of the list.
    package var next: String?

    package init(elements: [Element], next: String? = nil) {
        self.elements = elements
        self.next = next
    }
}

/// What changed up to a revision.
package struct Revised<Element: Sendable>: Sendable {
    package var revision: Int64
    package var elements: [Element]

    package init(revision: Int64, elements: [Element]) {
        self.revision = revision
        self.elements = elements
    }
}

/// A page of newest positions.
package struct PositionPage: Sendable {
    package var positions: [LatestPosition]
    /// The store's revision when the page was read: given as `since` it brings what changed after it.
    package var revision: Int64
    package var next: String?

    package init(positions: [LatestPosition], revision: Int64, next: String? = nil) {
        self.positions = positions
        self.revision = revision
        self.next = next
    }
}

/// One look at one truck's trail, or an attempt at one.
package struct TrailAccess: Hashable, Sendable {
    /// What was asked for, as the audit log names it.
    package enum Kind: String, Sendable {
        case trail = "trail.read"
        case evidence = "evidence.export"
    }

    /// What came of it.
    package enum Outcome: String, Sendable {
        /// It is shown as soon as it is noted.
        case done
        /// It is there, and could not be had.
        case refused
        /// There is none of that name within the reader's reach.
        case notFound = "not_found"
    }

    package var kind = Kind.trail
    package var outcome = Outcome.done
    /// The event time that was asked for; `nil` where nothing was found that tells it.
    package var period: Range<Instant>?
    /// The account; in open mode the address that asked.
    package var reader: String
    /// The reader's duty; empty without one.
    package var role = ""
    package var address = ""
    /// The plate or terminal, as asked for; of what was not had, and of packages, the delivery.
    package var subject: String
    /// As the request named it; empty when it named none.
    package var purpose: String

    package init(reader: String, subject: String, purpose: String) {
        self.reader = reader
        self.subject = subject
        self.purpose = purpose
    }
}

/// Something in the store moved. A hint to look, nothing more.
package enum FleetChange: String, Sendable, CaseIterable {
    case positions, alerts, deliveries, registers
}

/// Where a truck is, by its newest report.
package struct LatestPosition: Hashable, Sendable, Codable {
    package var terminal: TerminalID
    /// By the register of vehicles as valid now; `nil` for a terminal that no register knows.
    package var plate: String?
    package var kind: Vehicle.Kind?
    package var company: String?
    /// The newest report by event time, with or without a fix.
    package var report: PositionReport
    /// When the service received that report.
    package var receivedAt: Instant
    /// Where the truck was by its newest report with a fix, when `report` has none.
    package var lastFix: Coordinate?
    /// The newest status of the camera `right_blind_spot`; `nil` when it never reported.
    package var rightCamera: CameraReading?
    /// What it does with its load: `empty`, `loading`, `loaded`, `pouring`; `nil`: not known, or not the reader's.
    package var load: String?

    package init(
        terminal: TerminalID, plate: String? = nil, kind: Vehicle.Kind? = nil, company: String? = nil,
        report: PositionReport, receivedAt: Instant, lastFix: Coordinate? = nil, rightCamera: CameraReading? = nil,
        load: String? = nil
    ) {
        self.terminal = terminal
        self.plate = plate
        self.kind = kind
        self.company = company
        self.report = report
        self.receivedAt = receivedAt
        self.lastFix = lastFix
        self.rightCamera = rightCamera
        self.load = load
    }
}

/// What a camera said of itself, and when.
package struct CameraReading: Hashable, Sendable, Codable {
    package var state: CameraStatus.State
    /// Event time of the report.
    package var recordedAt: Instant

    package init(state: CameraStatus.State, recordedAt: Instant) {
        self.state = state
        self.recordedAt = recordedAt
    }
}

/// Which deliveries to list.
package struct DeliveryQuery: Hashable, Sendable {
    /// Start of unloading at or after this time.
    package var from: Instant
    /// Start of unloading before this time.
    package var to: Instant
    package var verdict: Verdict?
    package var plate: String?
    /// `nil` starts at the newest.
    package var after: String?
    package var limit: Int

    package init(
        from: Instant, to: Instant, verdict: Verdict? = nil, plate: String? = nil, after: String? = nil,
        limit: Int = 100
    ) {
        self.from = from
        self.to = to
        self.verdict = verdict
        self.plate = plate
        self.after = after
        self.limit = limit
    }
}

/// One change among the deliveries.
package enum DeliveryChange: Hashable, Sendable {
    /// New, or judged again: this is how it stands now.
    case current(JudgedDelivery)
    /// Superseded without a successor under this id.
    case withdrawn(deliveryID: String)
}

/// The reports of one truck in order of event time.
package struct Trail: Hashable, Sendable {
    package var terminal: TerminalID
    package var plate: String?
    package var reports: [PositionReport]
    /// Of those that came long after their time, as a terminal's buffered stretch does: how many seconds, by that time.
    package var lateSeconds: [Instant: Int]

    package init(
        terminal: TerminalID, plate: String? = nil, reports: [PositionReport], lateSeconds: [Instant: Int] = [:]
    ) {
        self.terminal = terminal
        self.plate = plate
        self.reports = reports
        self.lateSeconds = lateSeconds
    }
}

/// Messages by the state they ended in (received is the sum of the four), and the reports they carried.
package struct IngestionCounts: Hashable, Sendable, Codable {
    package var received: Int64
    package var stored: Int64
    package var duplicate: Int64
    package var quarantined: Int64
    package var ignored: Int64
    package var positions: Int64
    package var cameraReports: Int64
    package var alarms: Int64

    package init(
        received: Int64 = 0, stored: Int64 = 0, duplicate: Int64 = 0, quarantined: Int64 = 0, ignored: Int64 = 0,
        positions: Int64 = 0, cameraReports: Int64 = 0, alarms: Int64 = 0
    ) {
        self.received = received
        self.stored = stored
        self.duplicate = duplicate
        self.quarantined = quarantined
        self.ignored = ignored
        self.positions = positions
        self.cameraReports = cameraReports
        self.alarms = alarms
    }
}

/// How the service does.
package struct FleetStatus: Hashable, Sendable, Codable {
    package var counts: IngestionCounts
    /// Sealed batches that analysis has not taken in yet.
    package var analysisLagBatches: Int64
    /// Age of the oldest of them; 0 without one.
    package var analysisLagSeconds: Double
    /// The counts of each lane; that of retried messages stands apart, since they were received once before.
    package var lanes: [LaneCounts] = []
    /// Terminals that have ever sent a message.
    package var terminals: Int64 = 0
    /// Messages whose topic names no terminal.
    package var withoutTerminal: Int64 = 0

    package init(counts: IngestionCounts, analysisLagBatches: Int64, analysisLagSeconds: Double) {
        self.counts = counts
        self.analysisLagBatches = analysisLagBatches
        self.analysisLagSeconds = analysisLagSeconds
    }
}

/// What became of the messages of one lane.
package struct LaneCounts: Hashable, Sendable, Codable {
    package var lane: String
    package var isRetry: Bool
    package var counts: IngestionCounts

    package init(lane: String, isRetry: Bool, counts: IngestionCounts) {
        self.lane = lane
        self.isRetry = isRetry
        self.counts = counts
    }
}

/// What became of one terminal's messages in one lane.
package struct TerminalCounts: Hashable, Sendable {
    /// Empty: messages whose topic names no terminal.
    package var terminal: String
    package var lane: String
    package var counts: IngestionCounts

    package init(terminal: String, lane: String, counts: IngestionCounts) {
        self.terminal = terminal
        self.lane = lane
        self.counts = counts
    }
}

/// Whether one part of the service can do its work.
package struct PartReadiness: Hashable, Sendable, Codable {
    /// `database`, `ingestion`, `analysis`, `web` …
    package var part: String
    package var isReady: Bool
    /// What is missing, and the cure.
    package var message: String

    package init(part: String, isReady: Bool, message: String = "") {
        self.part = part
        self.isReady = isReady
        self.message = message
    }
}
