import Chronology
import Geodesy
import Registers
import Telemetry
import Testing

@testable import CitySimulator

/// What goes wrong on the way home, with boxes that nobody registered, and on roads that are closed.
@Suite("Drivers and terminals that break the rules on the way")
struct DrivingCheatTests {
    private static let city = SimulatedCity(
        CityPlan(seed: 8, trucks: 48, days: 2, shortestSampling: 15, longestSampling: 60, hasEveryCase: false))
    private static let alerts = (0..<2).flatMap { Self.city.alerts(ofDay: $0) }

    private static func alerts(_ rule: String, isCertain: Bool = true) -> [TruthAlert] {
        self.alerts.filter { $0.rule == rule && (!isCertain || $0.isCertain) }
    }

    private static let reports: [String: [PositionReport]] = {
        let rules: Set = ["frozen-position", "teleport", "unregistered-terminal", "silent-vehicle"]
        let topics = Set(Self.alerts.filter { rules.contains($0.rule) }.map { "fleet/v1/\($0.terminal)/position" })
        let decoder = MessageDecoder()
        var message = DecodedMessage()
        var found: [String: [PositionReport]] = [:]
        for sent in Self.city.traffic() where topics.contains(sent.topic) {
            message.reset()
            decoder.decode(
                topic: Array(sent.topic.utf8).span, payload: sent.payload.span, receivedAt: sent.sent, into: &message)
            if let terminal = message.terminal { found[terminal.text, default: []] += message.positions }
        }
        return found.mapValues { $0.sorted { $0.recordedAt < $1.recordedAt } }
    }()

    private static func reports(of alert: TruthAlert) -> [PositionReport] {
        (Self.reports[alert.terminal] ?? []).filter { $0.recordedAt >= alert.start && $0.recordedAt < alert.end }
    }

    @Test("Who rushes home leaves through the gate when he would have left, and is home earlier")
    func rush() throws {
        let city = Self.city.city
        let day = DayBuilder.plan(city.trucks[0], day: 0, in: city)
        for path in day.segments.compactMap({ $0.drive?.path }) where path.length > 3000 {
            let usual = Drive(path, halts: [], jams: [], haste: 1)
            let rushed = Drive(path, halts: [], jams: [], haste: 1, rush: DriveHome.rush(on: path))
            #expect(rushed.second(at: path.gateOut) == usual.second(at: path.gateOut))
            #expect(rushed.seconds < usual.seconds)
            #expect(!rushed.runs(fasterThan: 60 / 3.6, for: 10).isEmpty)
        }
        let rushes = city.trucks.filter { DriveHome.Kind(of: $0, day: 0, plan: Self.city.plan) == .rushed }
        #expect(!rushes.isEmpty && rushes.allSatisfy(\.isCrooked))
    }

    @Test("A frozen terminal gives one position while it gives a speed")
    func frozen() throws {
        let frozen = try #require(Self.alerts("frozen-position").first)
        let reports = Self.reports(of: frozen).filter(\.hasFix)
        #expect(Set(reports.map(\.coordinate)).count == 1)
        #expect(reports.count { $0.speed.map { $0 > 100 } ?? false } > 3)
        let seconds = try #require(reports.last).recordedAt.seconds(since: try #require(reports.first).recordedAt)
        #expect(seconds > 600)
    }

    @Test("A leaping position is kilometres off three times or more, and right in between")
    func leaping() throws {
        // Others are off by chance.
        let days = (0..<2).flatMap { Self.city.days($0) }
        let homes = days.compactMap { day in
            DriveHome(day, of: Self.city.city.trucks[day.truck], plan: Self.city.plan).map { (day, $0) }
        }
        let (day, home) = try #require(homes.first { $0.1.kind == .leaping })
        let start = Self.city.plan.start(ofDay: day.day).advanced(bySeconds: Double(home.seconds.lowerBound))
        let leaping = try #require(
            Self.alerts("teleport", isCertain: false).first {
                $0.start == start && $0.terminal == Self.city.city.trucks[day.truck].terminal
            })
        let places = Self.reports(of: leaping).filter(\.hasFix).map(\.coordinate)
        let steps = zip(places, places.dropFirst()).map { $0.distanceMetres(to: $1) > 3000 }
        // Out and back again.
        #expect((6...8).contains(steps.count { $0 }))
        #expect(!zip(zip(steps, steps.dropFirst()), steps.dropFirst(2)).contains { $0.0 && $0.1 && $1 })
    }

    @Test("A box that no register knows stands in a depot for half an hour")
    func stranger() throws {
        let known = Set(Self.city.registers.vehicles.map(\.terminal))
        let strangers = Self.alerts("unregistered-terminal")
        #expect(strangers.count == 4)
        for stranger in strangers {
            #expect(!known.contains(stranger.terminal) && stranger.plate == stranger.terminal)
            let reports = Self.reports(of: stranger)
            #expect(reports.count > 10)
            let depots = Self.city.registers.places.filter { $0.kind == .depot }
            #expect(
                reports.filter(\.hasFix).allSatisfy { report in
                    depots.contains { $0.fence.distanceMetres(to: report.coordinate) < 40 }
                })
        }
    }

    @Test("Only who has no permit breaks a closing, inside the zone and while it holds")
    func closedRoads() {
        let zones = Self.city.zones
        // Where another truck, or another day, is told of, no zone of this one's is.
        let foreign = Self.alerts("replayed-track", isCertain: false) + Self.alerts("cloned-identity", isCertain: false)
        let found = Self.alerts("restricted-zone", isCertain: false).filter { alert in
            !foreign.contains { $0.terminal == alert.terminal && $0.start == alert.start && $0.end == alert.end }
        }
        #expect(found.contains { $0.isCertain })
        for alert in found {
            #expect(zones.contains { !$0.permitPlates.contains(alert.plate) && $0.isClosed(at: alert.start) })
        }
        let honest = Self.city.city.trucks.filter { !$0.isCrooked }
        #expect(honest.allSatisfy { truck in zones.allSatisfy { $0.permitPlates.contains(truck.plate) } })
    }

    @Test("A vehicle of which nothing is heard is silent for ten minutes at least")
    func silent() throws {
        let silent = Self.alerts("silent-vehicle")
        #expect(!silent.isEmpty)
        for alert in silent { #expect(alert.end.seconds(since: alert.start) > 300) }
    }

    @Test("A stand is one as long as the truck neither drives nor creeps away")
    func stands() throws {
        let day = DayBuilder.plan(Self.city.city.trucks[0], day: 0, in: Self.city.city)
        let stands = Stand.all(on: day)
        #expect(stands.first?.seconds.lowerBound == 0)
        #expect(stands.last?.seconds.upperBound == TruckDay.length)
        for (one, two) in zip(stands, stands.dropFirst()) { #expect(one.seconds.upperBound <= two.seconds.lowerBound) }
        for segment in day.segments where segment.drive == nil {
            #expect(stands.contains { $0.seconds.lowerBound <= segment.start && $0.seconds.upperBound >= segment.end })
        }
    }
}
