package import Chronology

/// One alarm that a terminal raised by itself, accepted. Most are said again with every position while they last; what
/// is new about one is found out by whoever looks at its neighbours.
package struct AlarmReport: Hashable, Sendable, Codable {
    /// Whether the alarm starts or ends here.
    package enum Edge: String, Sendable, Codable, CaseIterable {
        case begin, end
    }

    package var recordedAt: Instant
    package var kind: AlarmKind
    /// The item of the message that says it; 0 is the alarm word of the location itself.
    package var item: UInt8
    /// The terminal's own grade, 1 or 2 for active safety, 0–10 for fatigue; `nil` where it gives none.
    package var level: UInt8?
    /// `nil` where the terminal does not say.
    package var edge: Edge?

    package init(recordedAt: Instant, kind: AlarmKind, item: UInt8, level: UInt8? = nil, edge: Edge? = nil) {
        self.recordedAt = recordedAt
        self.kind = kind
        self.item = item
        self.level = level
        self.edge = edge
    }
}

/// What an alarm is about. The codes are stable; the same fact has one code, whichever item says it.
package enum AlarmKind: String, Sendable, Codable, CaseIterable {
    // The driver.
    case sos, fatigue, phone, smoking, distraction
    case fatigueWarning = "fatigue-warning"
    case driverAbnormal = "driver-abnormal"
    case driverChange = "driver-change"
    case driverSnapshot = "driver-snapshot"
    case driverOther = "driver-other"
    case dailyOvertime = "daily-overtime"

    // The road ahead and beside.
    case fcw, ldw, headway, pedestrian, obstacle
    case laneChanges = "lane-changes"
    case signOverrun = "sign-overrun"
    case signSeen = "sign-seen"
    case roadSnapshot = "road-snapshot"
    case roadOther = "road-other"
    case bsdRear = "bsd-rear"
    case bsdLeft = "bsd-left"
    case bsdRight = "bsd-right"
    case bsdOther = "bsd-other"
    case rightBlindSpot = "right-blind-spot"
    case collision
    case rolloverWarning = "rollover-warning"

    // Speed, time and place.
    case overspeed
    case overspeedWarning = "overspeed-warning"
    case danger
    case trafficViolation = "traffic-violation"
    case parkingOvertime = "parking-overtime"
    case area, route
    case sectionTime = "section-time"
    case routeDeviation = "route-deviation"
    case illegalIgnition = "illegal-ignition"
    case illegalMove = "illegal-move"
    case illegalDoor = "illegal-door"
    case stolen

    // The equipment.
    case gnssFault = "gnss-fault"
    case antennaCut = "antenna-cut"
    case antennaShort = "antenna-short"
    case powerLow = "power-low"
    case powerOff = "power-off"
    case displayFault = "display-fault"
    case speechFault = "speech-fault"
    case cameraFault = "camera-fault"
    case cardFault = "card-fault"
    case speedSensorFault = "speed-sensor-fault"
    case fuel
    case tyre
    case installationFault = "installation-fault"
    case algorithmFault = "algorithm-fault"
    case videoLoss = "video-loss"
    case videoOcclusion = "video-occlusion"
    case videoStoreFault = "video-store-fault"
    case videoFault = "video-fault"
    case overcrowding
    case drivingAbnormal = "driving-abnormal"
    case recordingFull = "recording-full"
}
