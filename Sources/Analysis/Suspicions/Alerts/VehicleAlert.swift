package import Chronology
package import Geodesy
package import Telemetry

/// Something that a person should see now, while it happens: opened by a report, closed by a later one.
package struct VehicleAlert: Hashable, Sendable, Codable {
    /// The rules that a stream of reports can answer by itself, in the order of the catalogue.
    package enum Rule: String, Sendable, Codable, CaseIterable {
        case speeding
        case fatigueDriving = "fatigue-driving"
        case restrictedZone = "restricted-zone"
        case offCorridor = "off-corridor"
        case longStop = "long-stop"
        case silentVehicle = "silent-vehicle"
        case frozenPosition = "frozen-position"
        case teleport
        case jamming
        case replayedTrack = "replayed-track"
        case clonedIdentity = "cloned-identity"
        case clockFault = "clock-fault"
        case unregisteredTerminal = "unregistered-terminal"

        /// 1 notice, 2 attention, 3 inspect, 4 urgent.
        package var severity: Int { self.definition.severity }

        /// Rules that go by when reports came, or by what was known of the roads when they came: what they told stands,
        /// whatever comes late.
        package static let ofTheirMoment: Set<Self> = [.silentVehicle, .clockFault, .offCorridor]
    }

    /// `A-<rule>-<terminal>-<begin>`: the same reports give the same id.
    package var alertID: String
    package var rule: Rule
    package var terminal: TerminalID
    /// Since when it has been so, which is before it lasted long enough to be told.
    package var since: Instant
    /// Time of the report, or of the clock, that opened it.
    package var openedAt: Instant
    package var closedAt: Instant?
    package var coordinate: Coordinate?
    package var facts: [Statement]

    package init(
        rule: Rule, terminal: TerminalID, since: Instant, openedAt: Instant, coordinate: Coordinate?, facts: [Statement]
    ) {
        self.alertID = "A-\(rule.rawValue)-\(terminal.text)-" + since.description.filter { $0 != "-" && $0 != ":" }
        self.rule = rule
        self.terminal = terminal
        self.since = since
        self.openedAt = openedAt
        self.coordinate = coordinate
        self.facts = facts
    }

    /// What a report changed.
    package enum Change: Hashable, Sendable {
        case opened(VehicleAlert)
        case closed(VehicleAlert)
    }
}

extension VehicleAlert.Rule {
    /// What stands behind the code: one file each.
    var definition: any StreamRule {
        switch self {
        case .speeding: Speeding()
        case .fatigueDriving: FatigueDriving()
        case .restrictedZone: RestrictedZone()
        case .offCorridor: OffCorridorUnderWay()
        case .longStop: LongStop()
        case .silentVehicle: SilentVehicle()
        case .frozenPosition: FrozenPosition()
        case .teleport: Teleport()
        case .jamming: Jamming()
        case .replayedTrack: ReplayedTrack()
        case .clonedIdentity: ClonedIdentity()
        case .clockFault: ClockFault()
        case .unregisteredTerminal: UnregisteredTerminal()
        }
    }
}
