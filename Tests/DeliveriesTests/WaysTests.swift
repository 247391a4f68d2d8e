import Chronology
import Deliveries
import Foundation
import Geodesy
import Telemetry
import Testing
import Tracks

/// Roads and corridors, learned from tracks.
@Suite struct WaysTests {
    static let day = CivilDate(year: 2026, month: 3, day: 2)!
    static let terminals = ["A", "B", "C", "D"].map { TerminalID($0)! }

    static func way(north: Double = 0, from: Double = 0, to: Double = 9000, step: Double = 120) -> [Fix] {
        stride(from: from, through: to, by: step).enumerated().map { index, east in
            Fix(time: Instant(seconds: Int64(index) * 10), coordinate: Trip.point(east, north: north))
        }
    }

    static func roads(_ terminals: [TerminalID]) -> UsualRoads {
        var roads = UsualRoads(AnalysisParameters.standard.roads)
        for terminal in terminals { roads.learn(Self.way(), of: terminal, on: Self.day) }
        return roads
    }

    @Test func whereTwoTrucksDroveIsARoad() {
        let roads = Self.roads(Array(Self.terminals.prefix(2)))
        #expect(roads.reading(at: Trip.point(4000), within: 60) == .onRoad)
        #expect(roads.reading(at: Trip.point(4000, north: 55), within: 60) == .onRoad)
        #expect(roads.reading(at: Trip.point(4000, north: 110), within: 60) == .offRoad)
        #expect(roads.reading(at: Trip.point(4000, north: 1500), within: 60) == .unknown)
        #expect(roads.reading(at: Trip.point(60_000), within: 60) == .unknown)
    }

    @Test func oneTruckOnOneDayMakesNone() {
        var roads = UsualRoads(AnalysisParameters.standard.roads)
        for _ in 0..<3 { roads.learn(Self.way(), of: Self.terminals[0], on: Self.day) }
        #expect(roads.reading(at: Trip.point(4000), within: 60) == .unknown)
        roads.learn(Self.way(), of: Self.terminals[0], on: CivilDate(daysSince1970: Self.day.daysSince1970 + 1))
        #expect(roads.reading(at: Trip.point(4000), within: 60) == .onRoad)
    }

    @Test func whoStandsShowsNoRoad() {
        var roads = UsualRoads(AnalysisParameters.standard.roads)
        for terminal in Self.terminals {
            roads.learn(Self.way(step: 1), of: terminal, on: Self.day)
        }
        #expect(roads.reading(at: Trip.point(4000), within: 60) == .unknown)
    }

    /// However many go there: who comes to a stand at its end has braked before.
    @Test(arguments: [(22.0, UsualRoads.Reading.offRoad), (32, .onRoad)])
    func theWayIntoALotIsNoRoad(kmh: Double, reading: UsualRoads.Reading) {
        var roads = Self.roads(Self.terminals)
        let lane = (0...8).map { step in
            Fix(
                time: Instant(seconds: 1_772_400_000).advanced(bySeconds: Double(step) * 20 / (kmh / 3.6)),
                coordinate: Trip.point(4000, north: Double(step) * 20))
        }
        for terminal in Self.terminals { roads.learn(lane, of: terminal, on: Self.day) }
        #expect(roads.reading(at: Trip.point(4000, north: 160), within: 60) == reading)
    }

    @Test func theOrderOfLearningChangesNothing() throws {
        let (one, other) = (Self.roads(Self.terminals), Self.roads(Self.terminals.reversed()))
        #expect(one == other)
        #expect(try JSONDecoder().decode(UsualRoads.self, from: JSONEncoder().encode(one)) == one)
        #expect(UsualRoads(AnalysisParameters.standard.roads).reading(at: Trip.point(0), within: 60) == .unknown)
    }

    @Test func corridorsForgetTheOldestTripsInAnyOrder() {
        let pair = Corridors.Pair(plantID: "P1", siteID: "S1")
        func learned(_ order: [Int]) -> Corridors {
            var corridors = Corridors(AnalysisParameters.standard.corridors)
            for trip in order {
                let way = Self.way(north: Double(trip) * 10).map { fix in
                    Fix(time: fix.time.advanced(bySeconds: Double(trip) * 1000), coordinate: fix.coordinate)
                }
                corridors.learn(way, of: "L\(trip)", for: pair)
            }
            return corridors
        }
        #expect(learned(Array(0..<30)) == learned(Array((0..<30).reversed())))
        #expect(learned(Array(0..<30)).reading(of: Self.way(), of: "L99", for: pair) == .within(trips: 20))
    }

    @Test func theLongestDepartureIsTold() throws {
        var corridors = Corridors(AnalysisParameters.standard.corridors)
        let pair = Corridors.Pair(plantID: "P1", siteID: "S1")
        for trip in 0..<5 { corridors.learn(Self.way(), of: "L\(trip)", for: pair) }
        let way =
            Self.way(to: 3000)
            + Self.way(north: 800, from: 3000, to: 7000).map { fix in
                Fix(time: fix.time.advanced(bySeconds: 400), coordinate: fix.coordinate)
            }
        guard case .off(let departure, let trips) = corridors.reading(of: way, of: "L9", for: pair) else {
            Issue.record("it was off the corridor")
            return
        }
        #expect(trips == 5)
        #expect(abs(departure.metres - 800) < 5)
        #expect(departure.end.seconds(since: departure.start) > 300)
        // Who stood at a known place meanwhile had a reason to go there; who stood there before had none.
        let (start, end) = (departure.start, departure.end)
        let before = start.advanced(bySeconds: -60)
        #expect(
            corridors.reading(of: way, of: "L9", for: pair, visits: [end...end]) == .visiting(departure, trips: 5))
        #expect(
            corridors.reading(of: way, of: "L9", for: pair, visits: [before...before]) == .off(departure, trips: 5))
        #expect(
            corridors.reading(of: way, of: "L9", for: .init(plantID: "P2", siteID: "S1")) == .insufficient(trips: 0))
    }
}
