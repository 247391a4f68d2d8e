package import Chronology

/// The limits of what is accepted that are not ranges of a field. Beyond them a message or a report is refused, with
/// its reason, and kept in quarantine.
package struct ValidationLimits: Hashable, Sendable {
    /// Earlier reports are `badTime`: before telematics had begun, a clock is wrong.
    package var earliest: Instant
    /// Reports further ahead of their receipt are `badTime`.
    package var secondsAheadOfServer: Double
    /// How near to eight hours off a clock is suspected of another time zone.
    package var zoneToleranceSeconds: Double
    /// How near to a multiple of 1024 weeks off a clock is suspected of a GPS week rollover.
    package var rolloverToleranceSeconds: Double
    /// An array with more is refused as a whole (`tooMany`).
    package var reportsPerMessage: Int
    /// A longer payload is refused unread (`malformed`).
    package var payloadBytes: Int
    /// A camera report that names more is `outOfRange`.
    package var camerasPerReport: Int

    package init(
        earliest: Instant = Instant(seconds: 946_684_800), secondsAheadOfServer: Double = 600,
        zoneToleranceSeconds: Double = 120, rolloverToleranceSeconds: Double = 172_800,
        reportsPerMessage: Int = 1000, payloadBytes: Int = 1 << 20, camerasPerReport: Int = 64
    ) {
        self.earliest = earliest
        self.secondsAheadOfServer = secondsAheadOfServer
        self.zoneToleranceSeconds = zoneToleranceSeconds
        self.rolloverToleranceSeconds = rolloverToleranceSeconds
        self.reportsPerMessage = reportsPerMessage
        self.payloadBytes = payloadBytes
        self.camerasPerReport = camerasPerReport
    }

    /// From 2000-01-01T00:00:00Z to ten minutes ahead; 1,000 reports; 1 MiB; 64 cameras.
    package static let standard = ValidationLimits()
}
