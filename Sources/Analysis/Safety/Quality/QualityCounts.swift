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
        case .ticketed: QualityShare(self.deliveriesWithTicket, of: self.deliveries)
        case .tracked: QualityShare(self.ticketsWithTrip, of: self.tickets)
        }
    }

    /// The counts of parts that have nothing in common: companies of a city. A vehicle that stands in two of them is
    /// counted twice, so a city's counts of vehicles are counted for the city.
    package static func += (sum: inout Self, other: Self) {
        for path in Self.numbers { sum[keyPath: path] &+= other[keyPath: path] }
        sum.camera += other.camera
    }

    private static var numbers: [WritableKeyPath<Self, Int64>] {
        [
            \.vehiclesRequired, \.vehiclesConnected, \.vehiclesOnline, \.vehiclesDrifting, \.trackMetres,
            \.completeTrackMetres, \.recordsReceived, \.recordsQualified, \.platformSeconds, \.platformDownSeconds,
            \.deliveries, \.deliveriesWithTicket, \.tickets, \.ticketsWithTrip,
        ]
    }
}
