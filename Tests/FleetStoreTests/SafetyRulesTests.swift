import Chronology
import Geodesy
import PostgresClient
import Safety
import Telemetry
import Tracks
import Testing

@testable import FleetStore

/// The parameters of the safety figures: they stand beside the days, and a change of one derives every day again.
@Suite struct SafetyRulesTests {
    private static func fast() -> SafetyRules {
        var analysis = AnalysisParameters.standard
        analysis.driving.movingSpeed = 50
        return SafetyRules(analysis)
    }

    /// Forty minutes at 36 km/h.
    private static func filled() async throws -> StoreFixture {
        let fixture = try await StoreFixture()
        let rows = (0..<240).map { index -> LoggedPosition in
            var logged = StoreFixture.position("2026-03-02T06:00:00Z")
            let start = logged.report.recordedAt
            logged.report.recordedAt = start.advanced(bySeconds: Double(index) * 10)
            logged.report.coordinate.longitudeE7 += Int32(Double(index) * 100 / 0.009561133)
            logged.report.speed = 360
            return logged
        }
        try StoreFixture.store(rows, number: 1, in: try LogWriter(url: fixture.url, lane: "main"))
        return fixture
    }

    @Test func aChangeDerivesEveryDayAgain() async throws {
        let fixture = try await Self.filled()
        let standard = SafetyStore(connection: fixture.connection)
        #expect(try standard.standing() == nil)
        try standard.catchUp()
        #expect(try standard.standing() == SafetyRules())
        let moving = try fixture.count("SELECT sum(moving) FROM safety_day")
        #expect(moving > 2_000_000_000)

        // Somebody who asks with other parameters changes nothing …
        let other = SafetyStore(connection: fixture.connection, rules: Self.fast())
        try other.catchUp()
        #expect(try fixture.count("SELECT sum(moving) FROM safety_day") == moving)
        // … the service that was started with them does, once.
        try other.adopt()
        #expect(try other.dirtyCount() == 1)
        try other.catchUp()
        #expect(try fixture.count("SELECT sum(moving_unknown) FROM safety_day") == 0)
        try other.adopt()
        #expect(try other.dirtyCount() == 0)
        #expect(try standard.standing() == Self.fast())
    }

    @Test func sharedValuesAreThoseOfTheAlerts() {
        var analysis = AnalysisParameters.standard
        analysis.driving.turnLimit = 20
        analysis.driving.cameraHold = 300
        var own = SafetyParameters.standard
        own.cameras.turnSpeed = 99
        own.cameras.hysteresis = 12
        let rules = SafetyRules(analysis, own)
        #expect(rules.parameters.cameras.turnSpeed == 20 && rules.parameters.cameras.silenceLimit == 300)
        #expect(rules.parameters.cameras.hysteresis == 12)
        #expect(rules.versionName != SafetyRules().versionName)
        #expect(SafetyRules(analysis, own).versionName == rules.versionName)
    }

    /// Time counts while ingestion gives signs of life, and only what somebody looked at.
    @Test func thePlatformIsUpWhileIngestionIs() async throws {
        let fixture = try await StoreFixture()
        let platform = PlatformStore(connection: fixture.connection)
        let (first, last) = (CivilDate(daysSince1970: 0), CivilDate(daysSince1970: 100_000))
        #expect(try platform.days(from: first, to: last).isEmpty)
        func step(_ seconds: Int, isReady: Bool) throws {
            try PartStore(connection: fixture.connection).write(
                PartStore.Beat(part: "ingestion", runID: "r", isReady: isReady, message: ""))
            try fixture.connection.execute(
                """
                UPDATE platform_state
                SET since = since - interval '\(seconds) s', seen_at = seen_at - interval '\(seconds) s'
                """)
            try platform.look()
        }
        try platform.look()
        try step(10, isReady: true)
        try step(20, isReady: false)
        try step(600, isReady: true)
        let days = try platform.days(from: first, to: last)
        let (seconds, up) = days.reduce((0.0, 0.0)) { ($0.0 + $1.seconds, $0.1 + $1.up) }
        // The test itself takes a while.
        #expect(up >= 10 && up < 20 && seconds >= 630 && seconds < 690, "\(days)")
    }
}
