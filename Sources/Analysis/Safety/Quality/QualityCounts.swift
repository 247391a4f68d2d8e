/// What the indicators of one scope and month are made from. Whole numbers: counts, metres, seconds.
package struct QualityCounts: Hashable, Sendable, Codable {
    package var vehiclesRequired: Int64 = 0
    package var vehiclesConnected: Int64 = 0
    package var vehiclesOnline: Int64 = 0
    package var vehiclesDrifting: Int64 = 0
    package var trackMetres: Int64 = 0
    package var completeTrackMetres: Int64 = 0
    package var recordsReceived: Int64 = 0
    package var recordsQualified: Int64 = 0
    package var platformSeconds: Int64 = 0
    package var platformDownSeconds: Int64 = 0
    package var camera = CameraTally()
    package var deliveries: Int64 = 0
    package var deliveriesWithTicket: Int64 = 0
    package var tickets: Int64 = 0
    package var ticketsWithTrip: Int64 = 0
    /// Whether any ticket had been imported by then: without, a delivery has none because nobody keeps them here.
    package var keepsTickets = false

    package init() {}

    /// `nil` where there is nothing to divide by: undefined, not 0 and not 100 %.
    package func share(_ indicator: QualityIndicator) -> QualityShare? {
        switch indicator {
        case .connected: QualityShare(self.vehiclesConnected, of: self.vehiclesRequired)
        case .online: QualityShare(self.vehiclesOnline, of: self.vehiclesConnected)
        case .trackComplete: QualityShare(self.completeTrackMetres, of: self.trackMetres)
        case .dataQualified: QualityShare(self.recordsQualified, of: self.recordsReceived)
        case .drifting: QualityShare(self.vehiclesDrifting, of: self.vehiclesOnline)
        case .platformUp: QualityShare(self.platformSeconds &- self.platformDownSeconds, of: self.platformSeconds)
        case .cameraEffective: QualityShare(self.camera.movingMicroseconds.ok, of: self.camera.movingMicroseconds.total)
        case .rightTurnEffective: QualityShare(self.camera.turns.ok, of: self.camera.turns.total)
        case .ticketed: self.keepsTickets ? QualityShare(self.deliveriesWithTicket, of: self.deliveries) : nil
        case .tracked: QualityShare(self.ticketsWithTrip, of: self.tickets)
        }
    }

    /// Why the share is undefined; `nil` where it is not.
    package func reason(_ indicator: QualityIndicator) -> SafetyStatement? {
        guard self.share(indicator) == nil else { return nil }
        switch indicator {
        case .ticketed, .tracked:
            return self.keepsTickets
                ? SafetyStatement(zh: "没有可除的数", en: "nothing to divide by")
                : SafetyStatement(zh: "未导入发货单", en: "no tickets imported")
        default: return SafetyStatement(zh: "没有可除的数", en: "nothing to divide by")
        }
    }

    /// The counts of parts that have nothing in common: companies of a city. A vehicle that stands in two of them is
    /// counted twice, so a city's counts of vehicles are counted for the city.
    package static func += (sum: inout Self, other: Self) {
        for path in Self.numbers { sum[keyPath: path] &+= other[keyPath: path] }
        sum.camera += other.camera
        sum.keepsTickets = sum.keepsTickets || other.keepsTickets
    }

    private static var numbers: [WritableKeyPath<Self, Int64>] {
        [
            \.vehiclesRequired, \.vehiclesConnected, \.vehiclesOnline, \.vehiclesDrifting, \.trackMetres,
            \.completeTrackMetres, \.recordsReceived, \.recordsQualified, \.platformSeconds, \.platformDownSeconds,
            \.deliveries, \.deliveriesWithTicket, \.tickets, \.ticketsWithTrip,
        ]
    }
}
