import Chronology
import Geodesy
import Safety
import Telemetry
import Testing

/// The regulators' indicators.
@Suite struct QualityTests {
    /// Published figures: a month of 44,640 minutes with 4.74 off is 99.99 %; 42,293 of 42,489 vehicles online 99.54 %;
    /// 278,890.63 of 283,116.51 km complete 98.51 %.
    @Test func publishedFigures() throws {
        var counts = QualityCounts()
        counts.platformSeconds = 44_640 * 60
        counts.platformDownSeconds = 284
        counts.vehiclesConnected = 42_489
        counts.vehiclesOnline = 42_293
        counts.trackMetres = 283_116_510
        counts.completeTrackMetres = 278_890_630
        #expect(isClose(counts.share(.platformUp)?.value, 0.9999, within: 1e-4))
        #expect(isClose(counts.share(.online)?.value, 0.9954, within: 1e-4))
        #expect(isClose(counts.share(.trackComplete)?.value, 0.9851, within: 1e-4))
        #expect(try #require(counts.share(.online)?.interval()).contains(0.9954))
    }

    /// A drive at 36 km/h with one gap of about 2.5 km, reported every so many seconds: how much of the track is
    /// complete does not hang on how often a terminal reports. By the second no step is longer than a receiver's noise.
    @Test(arguments: [1, 5, 10])
    func theTrackIsAsCompleteHoweverOftenItIsReported(step: Int) throws {
        let seconds = Array(stride(from: 0, through: 300, by: step)) + stride(from: 550, through: 850, by: step)
        let track = try self.track(seconds.map { Scene.position(Double($0)) })
        #expect(abs(track.trackMillimetres - 8_500_000) < 20_000 && abs(track.completeMillimetres - 6_000_000) < 40_000)
        #expect(track.jumps == 0)
    }

    /// A gap that is short enough stays so, though the truck had not come far from where it was counted last.
    @Test func aGapIsMeasuredBetweenItsOwnFixes() throws {
        // 10 m that are not counted yet, then 1,995 m at once.
        let track = try self.track([0, 1, 200.5].map { Scene.position($0) })
        #expect(track.trackMillimetres == track.completeMillimetres && track.trackMillimetres > 2_000_000)
    }

    @Test func aStandingTruckHasNoTrack() throws {
        let reports = (0..<600).map { second in
            var report = Scene.position(Double(second), speed: 0)
            report.coordinate = Coordinate(
                latitudeE7: 307_000_000 + Int32(second % 3) * 400, longitudeE7: 1_207_000_000)
            return report
        }
        #expect(try self.track(reports).trackMillimetres == 0)
    }

    private func track(_ reports: [PositionReport]) throws -> TrackQuality {
        let terminal = try #require(Scene.terminal)
        let date = Scene.start.date(at: .shanghai)
        return SafetyDay.derive(
            terminal: terminal, date: date, from: SafetyDay.Reports(positions: reports, cameras: [])
        ).track
    }

    @Test(arguments: QualityIndicator.allCases)
    func withoutCountsEveryShareIsUndefined(indicator: QualityIndicator) {
        #expect(QualityCounts().share(indicator) == nil)
        #expect(!indicator.title.zh.isEmpty && indicator.formula.zh.contains("÷"))
        #expect(!indicator.source.zh.isEmpty && !indicator.source.en.isEmpty)
    }

    @Test func impossibleCountsAreUndefined() {
        #expect(QualityShare(3, of: 2) == nil && QualityShare(-1, of: 2) == nil)
        #expect(QualityShare(UInt64.max, of: UInt64.max) == nil)
    }

    @Test func everyIndicatorHasItsCounts() {
        var counts = QualityCounts()
        counts.vehiclesRequired = 10
        counts.vehiclesConnected = 9
        counts.vehiclesOnline = 8
        counts.vehiclesDrifting = 2
        counts.trackMetres = 4
        counts.completeTrackMetres = 3
        counts.recordsReceived = 100
        counts.recordsQualified = 98
        counts.platformSeconds = 60
        counts.camera.movingMicroseconds.ok = 3
        counts.camera.movingMicroseconds.unknown = 1
        counts.camera.turns.ok = 1
        counts.camera.turns.lost = 1
        counts.deliveries = 5
        counts.deliveriesWithTicket = 4
        counts.keepsTickets = true
        counts.tickets = 8
        counts.ticketsWithTrip = 4
        let expected: [QualityIndicator: Double] = [
            .connected: 0.9, .online: 8.0 / 9, .trackComplete: 0.75, .dataQualified: 0.98, .drifting: 0.25,
            .platformUp: 1,
            .cameraEffective: 0.75, .rightTurnEffective: 0.5, .ticketed: 0.8, .tracked: 0.5,
        ]
        for indicator in QualityIndicator.allCases {
            #expect(isClose(counts.share(indicator)?.value, expected[indicator] ?? -1), "\(indicator)")
        }
        var twice = counts
        twice += counts
        for indicator in QualityIndicator.allCases {
            #expect(twice.share(indicator)?.value == counts.share(indicator)?.value)
        }
    }
}
