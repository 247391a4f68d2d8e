package import Chronology

/// What a wrong device clock looks like. It is noticed and counted, never corrected: what the terminal said is kept.
/// One report proves nothing (a buffered one may be eight hours late); a terminal whose live reports all show it does.
package enum ClockSuspicion: String, Sendable, Hashable, CaseIterable {
    /// Local time of China sent as UTC.
    case ahead = "+8 h"
    /// UTC sent as local time of China.
    case behind = "-8 h"
    /// A receiver whose ten-bit GPS week counter began again (IS-GPS-200, 20.3.3.3.1.1).
    case rollover = "1024 weeks"

    private static let zoneSeconds = 28_800.0
    private static let rolloverSeconds = 1024 * 604_800.0

    /// `nil` when the difference of the two times is none of these.
    package init?(recordedAt: Instant, receivedAt: Instant, limits: ValidationLimits) {
        let offset = recordedAt.seconds(since: receivedAt)
        let rollovers = (offset / Self.rolloverSeconds).rounded()
        if (offset - Self.zoneSeconds).magnitude <= limits.zoneToleranceSeconds {
            self = .ahead
        } else if (offset + Self.zoneSeconds).magnitude <= limits.zoneToleranceSeconds {
            self = .behind
        } else if rollovers != 0,
            (offset - rollovers * Self.rolloverSeconds).magnitude <= limits.rolloverToleranceSeconds
        {
            self = .rollover
        } else {
            return nil
        }
    }
}

extension Refusal {
    /// The suspicion that a report refused for its time raises; it stands at the end of the detail.
    package var clockSuspicion: ClockSuspicion? {
        guard self.reason == .badTime else { return nil }
        return ClockSuspicion.allCases.first { self.detail.hasSuffix($0.rawValue) }
    }
}
