import Chronology
import Deliveries
import Geodesy
import Registers
import Telemetry
import Testing
import Tracks

@testable import Suspicions

/// The rules about how and where a truck is driven, as its reports come: one table a rule.
@Suite struct DrivingRuleTests {
    private static let truck = TerminalID("T1")!
    private static let now = Case.minutes(300)

    private static func before(_ seconds: Double) -> Instant { Self.now.advanced(bySeconds: -seconds) }

    // MARK: - speeding

    private static func driven(
        _ speed: Double?, isLoaded: Bool = false, for seconds: Double? = 10
    ) -> SpeedFacts {
        SpeedFacts(
            terminal: Self.truck, speed: speed, isLoaded: isLoaded, since: seconds.map(Self.before), time: Self.now)
    }

    static let speedingRows = [
        StreamRow("over the limit and the tolerance for ten seconds", .hit, Self.driven(88.1)),
        StreamRow("within the tolerance", .no, Self.driven(88, for: nil)),
        StreamRow("for nine seconds", .no, Self.driven(120, for: 9)),
        StreamRow("only now", .no, Self.driven(120, for: nil)),
        StreamRow("a loaded truck may not be as fast", .hit, Self.driven(67, isLoaded: true)),
        StreamRow("loaded, within the tolerance", .no, Self.driven(66, isLoaded: true)),
        StreamRow("its speed is not known", .insufficient, Self.driven(nil)),
        StreamRow("as fast as no truck is", .insufficient, Self.driven(160.1)),
        StreamRow("as fast as one may be", .hit, Self.driven(160)),
    ]

    @Test(arguments: Self.speedingRows)
    func speeding(row: StreamRow<SpeedFacts>) { row.check(Speeding()) }

    /// What is above the limit does not read as the limit.
    @Test func aSpeedReadsToTheTenth() throws {
        let judgement = Speeding().judgement(Self.driven(66.4, isLoaded: true), in: Case().world)
        #expect(judgement.facts[0].zh.contains("当前 66.4 公里/小时，限速 60。"))
        #expect(judgement.facts[0].en.contains("66.4 km/h, the limit is 60."))
        #expect(
            judgement.facts[1].zh
                == "判据：限速载料 60（在登记站点装料，有传感器或该站发货单为证，或为水泥罐车，其后没有可能卸料的停留）、其他 80 公里/小时，"
                + "超出 10 % 以上并持续 10 秒；相隔不足 5 分钟的算一次。")
        #expect(judgement.parameters["loaded_kmh"] == 60 && judgement.parameters["duration_s"] == 10)
    }

    // MARK: - fatigue-driving

    private static func driving(_ hours: Double?, isRestSeen: Bool = true) -> FatigueFacts {
        FatigueFacts(
            terminal: Self.truck, drivingSince: hours.map { Self.before($0 * 3600) }, isRestSeen: isRestSeen,
            time: Self.now)
    }

    static let fatigueRows = [
        StreamRow("over four hours", .hit, Self.driving(4.01)),
        StreamRow("four hours", .no, Self.driving(4)),
        StreamRow("it rests", .no, Self.driving(nil)),
        StreamRow("it rests, since when nobody saw", .no, Self.driving(nil, isRestSeen: false)),
        StreamRow("first heard of two hours ago", .insufficient, Self.driving(2, isRestSeen: false)),
        StreamRow("first heard of over four hours ago", .hit, Self.driving(5, isRestSeen: false)),
    ]

    @Test(arguments: Self.fatigueRows)
    func fatigueDriving(row: StreamRow<FatigueFacts>) { row.check(FatigueDriving()) }

    /// The count begins anew where the dark may have completed a rest, and goes on where it cannot have.
    @Test(arguments: [(19.0, nil), (12, true)] as [(Double, Bool?)])
    func theDarkMayCompleteARest(minutes: Double, isRestSeen: Bool?) {
        var drive = VehicleAlertsTests.Drive()
        drive.drive(21, kmh: 0)
        drive.drive(60, kmh: 40)
        drive.drive(5, kmh: 0)
        drive.pass(minutes)
        drive.drive(1, kmh: 40)
        #expect(drive.alerts.isRestSeen == isRestSeen)
    }

    // MARK: - restricted-zone

    private static func zone(permits: Set<String> = [], fromMinute: Int? = nil, toMinute: Int? = nil) -> Zone {
        Zone(
            zoneID: "Z1", name: "城区", fromMinute: fromMinute, toMinute: toMinute, permitPlates: permits,
            fence: .circle(center: Case.point(5000), radiusMetres: 1500))
    }

    /// In force from and to so many hours after now.
    private static func zone(in hours: (from: Double, to: Double?)) -> Zone {
        var zone = Self.zone()
        zone.period = ValidPeriod(
            from: Self.now.advanced(bySeconds: hours.from * 3600),
            to: hours.to.map { Self.now.advanced(bySeconds: $0 * 3600) })
        return zone
    }

    private static func at(_ east: Double?, plate: String? = "浙F12345", _ zones: [Zone]) -> ZoneFacts {
        ZoneFacts(
            terminal: Self.truck, plate: plate, place: east.map { Case.point($0) }, zones: zones, time: Self.now)
    }

    static let restrictedZoneRows = [
        StreamRow("inside", .hit, Self.at(5000, [Self.zone()])),
        StreamRow("outside", .no, Self.at(3000, [Self.zone()])),
        // 13:15 in China.
        StreamRow("at another hour", .no, Self.at(5000, [Self.zone(fromMinute: 420, toMinute: 540)])),
        StreamRow("at that hour", .hit, Self.at(5000, [Self.zone(fromMinute: 780, toMinute: 840)])),
        StreamRow("with a permit", .no, Self.at(5000, [Self.zone(permits: ["浙F12345"])])),
        StreamRow("with a permit for one of two", .hit, Self.at(5000, [Self.zone(permits: ["浙F12345"]), Self.zone()])),
        StreamRow("another truck's permit", .hit, Self.at(5000, [Self.zone(permits: ["浙F99999"])])),
        StreamRow(
            "whose plate is not known may have one", .insufficient,
            Self.at(5000, plate: nil, [Self.zone(permits: ["浙F12345"])])),
        StreamRow("nobody has a permit", .hit, Self.at(5000, plate: nil, [Self.zone()])),
        StreamRow("where it is, is not known", .insufficient, Self.at(nil, [Self.zone()])),
        StreamRow("no zones are registered", .insufficient, Self.at(5000, [])),
        StreamRow("before the order", .no, Self.at(5000, [Self.zone(in: (1, nil))])),
        StreamRow("behind the order", .no, Self.at(5000, [Self.zone(in: (-9, -1))])),
        StreamRow("while the order is in force", .hit, Self.at(5000, [Self.zone(in: (-9, 1))])),
    ]

    @Test(arguments: Self.restrictedZoneRows)
    func restrictedZone(row: StreamRow<ZoneFacts>) { row.check(RestrictedZone()) }

    // MARK: - off-corridor

    private static let ways = ExpectedWays(
        plantID: "P1", sites: ["S1"], corridors: Corridors(AnalysisParameters.standard.corridors))

    private static func way(
        _ reading: ExpectedWays.Reading?, isLoaded: Bool = true, isSeen: Bool = true, isKnown: Bool = true,
        isAtPlace: Bool = false, for seconds: Double? = 181
    ) -> WayFacts {
        WayFacts(
            terminal: Self.truck, isLoaded: isLoaded, place: isSeen ? Case.point(4000) : nil,
            ways: isKnown ? Self.ways : nil, reading: reading, isAtPlace: isAtPlace,
            since: seconds.map(Self.before), time: Self.now)
    }

    static let offCorridorRows = [
        StreamRow("off every way for over three minutes", .hit, Self.way(.off(metres: 900))),
        StreamRow("for three minutes", .no, Self.way(.off(metres: 900), for: 180)),
        StreamRow("on a known way", .no, Self.way(.within)),
        StreamRow("empty", .no, Self.way(.off(metres: 900), isLoaded: false)),
        StreamRow("at a weighbridge", .no, Self.way(.off(metres: 900), isAtPlace: true)),
        StreamRow("too few trips are known", .insufficient, Self.way(.insufficient)),
        StreamRow("whereto is not known", .insufficient, Self.way(nil, isKnown: false)),
        StreamRow("where it is, is not known", .insufficient, Self.way(nil, isSeen: false)),
    ]

    @Test(arguments: Self.offCorridorRows)
    func offCorridor(row: StreamRow<WayFacts>) { row.check(OffCorridorUnderWay()) }

    // MARK: - long-stop

    private static func halt(
        at east: Double?, for minutes: Double, _ load: LoadBasis? = .note, isStanding: Bool = true
    ) -> HaltFacts {
        HaltFacts(
            terminal: Self.truck, load: load, isStanding: isStanding, spot: east.map { Case.point($0) },
            since: east.map { _ in Self.before(minutes * 60) }, time: Self.now)
    }

    static let longStopRows = [
        StreamRow("for over twenty minutes", .hit, Self.halt(at: 4000, for: 20.1)),
        StreamRow("for twenty minutes", .no, Self.halt(at: 4000, for: 20)),
        StreamRow("empty", .no, Self.halt(at: 4000, for: 60, nil)),
        StreamRow("a sensor shows the load", .hit, Self.halt(at: 4000, for: 21, .sensor)),
        StreamRow("a stay at a plant alone, and nobody could say more", .hit, Self.halt(at: 4000, for: 21, .stay)),
        StreamRow("what ought to show the load is silent", .insufficient, Self.halt(at: 4000, for: 60, .silence)),
        StreamRow("the same, at the site", .no, Self.halt(at: 9000, for: 60, .silence)),
        StreamRow("under way", .no, Self.halt(at: nil, for: 0, isStanding: false)),
        StreamRow("at the site", .no, Self.halt(at: 9000, for: 60)),
        StreamRow("in the queue at its gate", .no, Self.halt(at: 8650, for: 60)),
        StreamRow("before the queue", .hit, Self.halt(at: 8600, for: 60)),
        StreamRow("in the queue at the plant", .no, Self.halt(at: 390, for: 60)),
        StreamRow("where it stands was not seen", .insufficient, Self.halt(at: nil, for: 0)),
    ]

    @Test(arguments: Self.longStopRows)
    func longStop(row: StreamRow<HaltFacts>) { row.check(LongStop()) }

    /// A load that a stay alone shows is called inferred, and that speaks against the hit.
    @Test func aLongStopSaysHowItIsKnownToBeLoaded() {
        func said(_ load: LoadBasis) -> [Statement] {
            let judgement = LongStop().judgement(Self.halt(at: 4000, for: 21, load), in: Case().world)
            return [judgement.facts[0], judgement.counterfacts[0]]
        }
        #expect(said(.sensor)[0].zh.contains("传感器显示装料") && said(.sensor)[0].en.contains("as a sensor shows"))
        #expect(said(.note)[0].zh.contains("有装料站点的发货单") && said(.note)[0].en.contains("a note of its plant"))
        #expect(said(.tanker)[0].zh.contains("水泥罐车") && said(.tanker)[0].en.contains("a tanker loaded at a cement"))
        #expect(said(.note)[1].en == "It may be a breakdown or a jam.")
        let inferred = said(.stay)
        #expect(inferred[0].zh.contains("推断载料") && inferred[0].en.contains("taken to be loaded after a stay"))
        #expect(inferred[1].zh.contains("没有传感器信号和发货单为证") && inferred[1].zh.contains("故障或拥堵"))
        #expect(inferred[1].en.contains("no sensor and no note") && inferred[1].en.contains("breakdown or a jam"))
    }

    // MARK: - silent-vehicle

    private static func silent(
        _ minutes: Double, moving: Bool = true, _ load: LoadBasis? = nil, late: Double = 1
    ) -> SilenceFacts {
        let received = Self.before(minutes * 60)
        return SilenceFacts(
            terminal: Self.truck, last: received.advanced(bySeconds: -late), receivedAt: received, wasMoving: moving,
            load: load, time: Self.now)
    }

    static let silentVehicleRows = [
        StreamRow("moving, and not heard of for ten minutes", .hit, Self.silent(10)),
        StreamRow("loaded", .hit, Self.silent(10, moving: false, .note)),
        StreamRow("a stay says that it is loaded", .hit, Self.silent(10, moving: false, .stay)),
        StreamRow("what ought to show the load is silent", .insufficient, Self.silent(10, moving: false, .silence)),
        StreamRow("the same, and it was moving", .hit, Self.silent(10, .silence)),
        StreamRow("for nine minutes", .no, Self.silent(9.9)),
        StreamRow("parked", .no, Self.silent(600, moving: false)),
        StreamRow("its reports come within the hour", .hit, Self.silent(10, late: 3600)),
        StreamRow("a recording", .insufficient, Self.silent(600, late: 3601)),
        StreamRow("its clock is hours ahead", .insufficient, Self.silent(600, late: -8 * 3600)),
    ]

    @Test(arguments: Self.silentVehicleRows)
    func silentVehicle(row: StreamRow<SilenceFacts>) { row.check(SilentVehicle()) }

    // MARK: - The catalogue

    @Test func everyRuleIsAsGraveAsTheCatalogueSays() {
        let severities = Dictionary(uniqueKeysWithValues: VehicleAlert.Rule.allCases.map { ($0.rawValue, $0.severity) })
        #expect(
            severities == [
                "speeding": 2, "fatigue-driving": 3, "restricted-zone": 2, "off-corridor": 2, "long-stop": 2,
                "silent-vehicle": 2, "frozen-position": 3, "teleport": 2, "jamming": 4, "replayed-track": 4,
                "cloned-identity": 4, "clock-fault": 1, "unregistered-terminal": 1,
            ])
        for rule in VehicleAlert.Rule.allCases { #expect(rule.definition.rule == rule) }
    }

    /// A city that changes a parameter reads the changed value.
    @Test func theCriterionNamesTheValues() {
        var all = AnalysisParameters.standard
        all.driving.loadedLimit = 52.5
        all.driving.longStopSeconds = 1800
        all.faults.teleportsADay = 7
        #expect(Speeding().criterion(all).en.contains("a limit of 52.5 km/h loaded"))
        #expect(LongStop().criterion(all).zh.contains("超过 30 分钟"))
        #expect(Teleport().criterion(all).en.contains("7 times a day"))
        for rule in VehicleAlert.Rule.allCases {
            #expect(rule.definition.criterion(all).zh.hasSuffix("。"), "\(rule)")
        }
    }
}
