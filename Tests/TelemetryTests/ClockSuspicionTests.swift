import Chronology
import Telemetry
import Testing

/// Wrong clocks are noticed, never corrected, and nothing since 2000 is refused for its age.
@Suite struct ClockSuspicionTests {
    private static let received = Instant(seconds: 1_772_438_400)

    @Test(
        arguments: [
            (28_800, .ahead), (28_680, .ahead), (28_679, nil), (-28_800, .behind), (-28_921, nil), (0, nil), (-60, nil),
            (-619_315_200, .rollover), (-619_315_200 - 172_800, .rollover), (-619_315_200 - 172_801, nil),
            (619_315_200, .rollover), (-2 * 619_315_200, .rollover), (-300_000_000, nil),
        ] as [(Double, ClockSuspicion?)])
    func theFaultsHaveTheirNames(offset: Double, expected: ClockSuspicion?) {
        let recorded = Self.received.advanced(bySeconds: offset)
        #expect(
            ClockSuspicion(recordedAt: recorded, receivedAt: Self.received, limits: .standard) == expected,
            "\(offset)")
    }

    private static func decode(_ time: String, limits: ValidationLimits = .standard) -> DecodedMessage {
        var message = DecodedMessage()
        MessageDecoder(limits: limits).decode(
            topic: Array("fleet/v1/T1/position".utf8).span,
            payload: Array(#"{"time":"\#(time)","lat":30.7,"lon":120.7}"#.utf8).span, receivedAt: Self.received,
            into: &message)
        return message
    }

    @Test func aReportEightHoursAheadIsRefusedAndNamed() {
        let message = Self.decode(Self.received.advanced(bySeconds: 28_810).description)
        #expect(message.refusals.map(\.reason) == [.badTime])
        #expect(message.refusals.first?.clockSuspicion == .ahead)
        #expect(Self.decode("2099-01-01T00:00:00Z").refusals.first?.clockSuspicion == nil)
    }

    /// The server's clock was an hour behind; mended, it takes what it refused, at the time at which that came.
    @Test func whatAWrongClockOfTheServerRefusedIsTakenLater() {
        let time = Self.received.advanced(bySeconds: 3600)
        #expect(Self.decode(time.description).refusals.map(\.reason) == [.badTime])
        var decoder = MessageDecoder()
        decoder.clock = time.advanced(bySeconds: 60)
        var message = DecodedMessage()
        decoder.decode(
            topic: Array("fleet/v1/T1/position".utf8).span,
            payload: Array(#"{"time":"\#(time)","lat":30.7,"lon":120.7}"#.utf8).span, receivedAt: Self.received,
            into: &message)
        #expect(message.positions.map(\.recordedAt) == [time])
    }

    @Test(arguments: ["2000-01-01T00:00:00Z", "2006-07-16T08:00:00Z", "2026-03-02T08:09:00Z"])
    func nothingSince2000IsRefusedForItsAge(time: String) {
        #expect(Self.decode(time).positions.count == 1)
    }

    @Test func theBoundsAreParameters() {
        var limits = ValidationLimits.standard
        limits.secondsAheadOfServer = 86_400
        #expect(Self.decode("2026-03-03T07:00:00Z", limits: limits).positions.count == 1)
        #expect(Self.decode("2026-03-03T07:00:00Z").positions.isEmpty)
        limits.earliest = Instant(seconds: 0)
        #expect(Self.decode("1970-01-02T00:00:00Z", limits: limits).positions.count == 1)
    }
}
