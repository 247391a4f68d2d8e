package import Chronology
package import Geodesy
package import Suspicions

/// An alert as it stands, with how far people are with it.
package struct AlertRecord: Hashable, Sendable {
    package var alertID: String
    package var rule: String
    /// 1 notice, 2 attention, 3 inspect, 4 urgent.
    package var severity: Int
    package var plate: String?
    package var terminal: String
    package var openedAt: Instant
    /// When the condition ended; what people do with an alert is not its end.
    package var closedAt: Instant?
    package var coordinate: Coordinate?
    package var deliveryID: String?
    /// `open` or `closed`: of the condition.
    package var status: String
    package var facts: [Statement]
    /// When it was first told, by the service's clock: deadlines run from here, so that an old recording is not overdue
    /// at once.
    package var raisedAt: Instant
    package var handling: AlertHandling

    package init(
        alertID: String, rule: String, severity: Int, plate: String?, terminal: String, openedAt: Instant,
        closedAt: Instant?, coordinate: Coordinate?, deliveryID: String?, status: String, facts: [Statement],
        raisedAt: Instant, handling: AlertHandling
    ) {
        self.alertID = alertID
        self.rule = rule
        self.severity = severity
        self.plate = plate
        self.terminal = terminal
        self.openedAt = openedAt
        self.closedAt = closedAt
        self.coordinate = coordinate
        self.deliveryID = deliveryID
        self.status = status
        self.facts = facts
        self.raisedAt = raisedAt
        self.handling = handling
    }
}

/// How far people are with an alert.
package struct AlertHandling: Hashable, Sendable {
    /// Nobody has seen it, somebody has, it is done with.
    package enum State: String, Sendable, CaseIterable { case new, acknowledged, closed }

    package var state: State
    package var assignee: String?
    package var acknowledgedBy: String?
    package var acknowledgedAt: Instant?
    package var closedBy: String?
    package var closedAt: Instant?
    package var reason: AlertAction.Reason?
    package var comments: Int

    package init(state: State = .new) {
        self.state = state
        self.comments = 0
    }
}

/// By when an alert is to be looked at and to be done with: defaults of the house, by severity.
package struct AlertClock: Hashable, Sendable {
    package var acknowledgeBy: Instant
    package var closeBy: Instant

    private static let hour = 3600.0
    /// Index: severity − 1. An urgent one is looked at within a quarter of an hour and done with within a day.
    private static let limits = [
        (look: 24 * Self.hour, end: 720 * Self.hour), (look: 8 * Self.hour, end: 168 * Self.hour),
        (look: Self.hour, end: 72 * Self.hour), (look: Self.hour / 4, end: 24 * Self.hour),
    ]

    package init(severity: Int, raisedAt: Instant) {
        let limit = Self.limits[min(max(severity, 1), Self.limits.count) - 1]
        self.acknowledgeBy = raisedAt.advanced(bySeconds: limit.look)
        self.closeBy = raisedAt.advanced(bySeconds: limit.end)
    }
}
