package import Chronology
package import Telemetry

/// What is known of a camera at a moment: what it says of itself, or that nobody has heard from it.
package enum CameraCondition: String, Sendable, Codable, CaseIterable {
    case ok, lost, occluded, fault
    /// Unknown is not ok, and is shown apart.
    case unknown

    package init(_ state: CameraStatus.State) {
        switch state {
        case .ok: self = .ok
        case .lost: self = .lost
        case .occluded: self = .occluded
        case .fault: self = .fault
        }
    }

    package var words: (zh: String, en: String) {
        switch self {
        case .ok: ("正常", "ok")
        case .lost: ("信号丢失", "lost")
        case .occluded: ("被遮挡", "occluded")
        case .fault: ("故障", "faulty")
        case .unknown: ("状态未知", "unknown")
        }
    }
}

/// A stretch of time in which a camera was in one condition, the end not included.
package struct CameraSpan: Hashable, Sendable, Codable {
    package var condition: CameraCondition
    package var from: Instant
    package var to: Instant

    package init(condition: CameraCondition, from: Instant, to: Instant) {
        self.condition = condition
        self.from = from
        self.to = to
    }
}
