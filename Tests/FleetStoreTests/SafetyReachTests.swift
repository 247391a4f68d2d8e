import Chronology
import Geodesy
import PostgresClient
import Registers
import Safety
import Testing

@testable import FleetStore

/// What an account of one district, or of one company, is shown of road safety is what the city's account is shown of
/// it: where a row names its district by name, or an accident nothing but a plate, too.
@Suite struct SafetyReachTests {
    /// 甲公司 is of D1, by its code, and 乙公司 of D2, by its name; D3 lies in D1, by its name, and C9 is called as
    /// another district's code. 浙F00004 was sold by the one to the other on 1 June.
    private static func city() async throws -> StoreFixture {
        let fixture = try await StoreFixture()
        let sale = StoreFixture.time("2026-05-31T16:00:00Z")
        try Self.register(
            [
                District(district: "D1", name: "一区"), District(district: "D2", name: "二区"),
                District(district: "D3", name: "三镇", parent: "一区"), District(district: "C9", name: "D1"),
            ].map { .district($0) }, .districts, in: fixture)
        try Self.register(
            [
                Company(company: "甲公司", district: "D1"), Company(company: "乙公司", district: "二区"),
                Company(company: "丙公司", district: "D3"),
            ].map { .company($0) }, .companies, in: fixture)
        try Self.register(
            [
                Self.truck(1, "甲公司"), Self.truck(2, "甲公司"), Self.truck(3, "乙公司"),
                Self.truck(4, "甲公司", ValidPeriod(from: .distantPast, to: sale)),
                Self.truck(4, "乙公司", ValidPeriod(from: sale, to: nil)),
            ].map { .vehicle($0) }, .vehicles, in: fixture)
        try Self.register(
            [
                Baseline(year: 2025, vehicles: 300, accidents: 20),
                Baseline(year: 2025, district: "一区", vehicles: 200, accidents: 12, source: "police"),
                Baseline(year: 2025, district: "D2", vehicles: 90, accidents: 8),
                Baseline(year: 2025, company: "甲公司", vehicles: 100, accidents: 5),
            ].map { .baseline($0) }, .baselines, in: fixture)
        try Self.register(
            [Plan(year: 2026, district: "一区"), Plan(year: 2026, district: "D2")].map { .plan($0) }, .plans,
            in: fixture)
        try Self.register([Self.plant("P1", "一区"), Self.plant("P2", "D2")], .plants, in: fixture)
        try Self.register(
            [
                Self.accident("a1", "09-15", plate: 1, deaths: 1), Self.accident("a2", "03-02", plate: 4),
                Self.accident("a3", "07-02", plate: 4), Self.accident("a4", "05-01", district: "一区"),
                Self.accident("a5", "05-02", company: "乙公司"), Self.accident("a6", "05-03", plate: 9),
                // Where it happened and whose truck it was are two districts: it is the business of both.
                Self.accident("a7", "05-04", plate: 1, district: "D2"),
                // What the report says goes before what the register of vehicles says.
                Self.accident("a8", "05-05", plate: 1, company: "乙公司"),
            ], .accidents, in: fixture)
        return fixture
    }

    private static func register(_ records: [RegisterRecord], _ kind: RegisterKind, in fixture: StoreFixture) throws {
        let outcome = try RegisterStore(connection: fixture.connection).importRecords(
            records, kind: kind, source: "test", by: "test")
        #expect(outcome.refused.isEmpty)
    }

    private static func truck(_ number: Int, _ company: String, _ period: ValidPeriod = .always) -> Vehicle {
        Vehicle(plate: "浙F0000\(number)", terminal: "T\(number)", kind: .mixer, company: company, period: period)
    }

    private static func plant(_ id: String, _ district: String) -> RegisterRecord {
        let center = Coordinate(latitudeE7: 307_000_000, longitudeE7: 1_207_000_000)
        return .plant(
            Plant(
                plantID: id, name: id, licenceKind: .concrete, status: .valid, period: .always, district: district,
                fence: .circle(center: center, radiusMetres: 100)))
    }

    /// - Parameter day: month and day of 2026.
    private static func accident(
        _ id: String, _ day: String, plate: Int? = nil, company: String? = nil, district: String? = nil,
        deaths: Int = 0
    ) -> RegisterRecord {
        .accident(
            Accident(
                accidentID: id, occurredAt: StoreFixture.time("2026-\(day)T04:00:00Z"),
                plate: plate.map { "浙F0000\($0)" }, company: company, district: district, deathsWithin7Days: deaths,
                deathsWithin30Days: deaths))
    }

    private static func accident(at time: String) -> RegisterRecord {
        .accident(Accident(accidentID: "a0", occurredAt: StoreFixture.time(time), district: "D2"))
    }

    private static func enter<R>(
        _ fixture: StoreFixture, _ reach: WebDoor.Reach, role: String = "safety_officer",
        _ body: (PostgresConnection) throws -> R
    ) throws -> R {
        try WebDoor(connection: fixture.connection).enter(
            .fleet, as: WebDoor.Visitor(name: "somebody", role: role, reach: reach), body)
    }

    // MARK: - Rows

    /// Accidents | those whose days are kept | baselines | plans and plants | trucks, in one line.
    private static let seen = NamedQuery(
        "test.reach.seen",
        """
        SELECT concat_ws(' | ',
            coalesce((SELECT string_agg(id, ' ' ORDER BY id) FROM register_entry
                WHERE kind = 'accidents' AND known_to IS NULL), '-'),
            coalesce((SELECT string_agg(DISTINCT accident, ' ' ORDER BY accident) FROM legal_hold), '-'),
            coalesce((SELECT string_agg(coalesce(content->>'district', content->>'company', 'city'), ' '
                ORDER BY id COLLATE "C") FROM register_entry WHERE kind = 'baselines' AND known_to IS NULL), '-'),
            coalesce((SELECT string_agg(district, ' ' ORDER BY district COLLATE "C") FROM register_entry
                WHERE kind IN ('plans', 'plants') AND known_to IS NULL), '-'),
            (SELECT count(*) FROM register_entry WHERE kind = 'vehicles' AND known_to IS NULL))
        """)

    private static func line(_ fixture: StoreFixture, _ reach: WebDoor.Reach) throws -> String? {
        try Self.enter(fixture, reach) { try $0.query(Self.seen).text(0, 0) }
    }

    @Test func rowsOfAPlaceAreSeenHoweverTheyNameIt() async throws {
        let fixture = try await Self.city()
        let every = "a1 a2 a3 a4 a5 a6 a7 a8"
        let first = "a1 a2 a4 a7 | a1 a2 a4 a7 | 甲公司 一区 | 一区 一区 | 3"
        let expected: [(WebDoor.Reach, String)] = [
            (.all, "\(every) | \(every) | city 甲公司 D2 一区 | D2 D2 一区 一区 | 5"),
            (.district("D1"), first), (.district("一区"), first),
            (.district("D2"), "a3 a5 a7 a8 | a3 a5 a7 a8 | D2 | D2 D2 | 2"),
            (.district("D3"), "- | - | - | - | 0"), (.district("C9"), "- | - | - | - | 0"),
            (.district("none"), "- | - | - | - | 0"), (.company("甲公司"), "a1 a2 a7 | - | - | - | 3"),
            (.company("乙公司"), "a3 a5 a8 | - | - | - | 2"), (.site("S1"), "- | - | - | - | 0"),
            (.none, "- | - | - | - | 0"),
        ]
        for (reach, line) in expected {
            #expect(try Self.line(fixture, reach) == line, "\(reach)")
        }
    }

    private static let accidentIDs = NamedQuery(
        "test.reach.accidents",
        "SELECT string_agg(id, ' ' ORDER BY id) FROM register_entry WHERE kind = 'accidents' AND known_to IS NULL")

    private static func accidents(_ fixture: StoreFixture, _ reach: WebDoor.Reach) throws -> String? {
        try Self.enter(fixture, reach) { try $0.query(Self.accidentIDs).text(0, 0) }
    }

    @Test func aCorrectionOfAnyRegisterHoldsAtOnce() async throws {
        let fixture = try await Self.city()
        #expect(try Self.accidents(fixture, .district("D1")) == "a1 a2 a4 a7")
        // The truck was another company's, all the time.
        try Self.register([.vehicle(Self.truck(1, "乙公司"))], .vehicles, in: fixture)
        #expect(try Self.accidents(fixture, .district("D1")) == "a2 a4")
        #expect(try Self.accidents(fixture, .district("D2")) == "a1 a3 a5 a7 a8")
        // That company is of the other district, by its code.
        try Self.register([.company(Company(company: "乙公司", district: "D1"))], .companies, in: fixture)
        #expect(try Self.accidents(fixture, .district("D1")) == "a1 a2 a3 a4 a5 a7 a8")
        #expect(try Self.accidents(fixture, .district("D2")) == "a7")
        // A name that no district bears any more means none.
        try Self.register([.district(District(district: "D1", name: "新区"))], .districts, in: fixture)
        #expect(try Self.accidents(fixture, .district("D1")) == "a1 a2 a3 a5 a7 a8")
    }

    // MARK: - Figures

    private static func rates(
        _ fixture: StoreFixture, _ reach: WebDoor.Reach, by breakdown: RateBreakdown
    ) throws -> [AccidentRate] {
        let today = try #require(CivilDate(year: 2026, month: 11, day: 22))
        var question = RateQuestion(year: 2026, baselineYear: 2025, today: today)
        question.denominator = .vehicles
        question.breakdown = breakdown
        return try Self.enter(fixture, reach) { connection in
            let roster = SafetyRoster(try SafetyRegisterReader(connection: connection).read())
            let period = question.period(of: 2026)
            let ledger = try SafetyReader(connection: connection).ledger(
                from: period.from, to: period.to, roster: roster, withLoads: false)
            return RateTable(question, roster: roster, ledgers: [2026: ledger], extent: nil).rows
        }
    }

    @Test func aDistrictReadsTheRowsThatTheCityReadsOfIt() async throws {
        let fixture = try await Self.city()
        let city = try Self.rates(fixture, .all, by: .district)
        #expect(city.map(\.scope) == ["C9", "D1", "D2", "D3"].map { .district($0) })
        // With a4, which names the district, and a1 and a2, which name a plate; a7 happened elsewhere.
        #expect(city.map(\.observation.count) == [0, 3, 4, 0])
        #expect(city.map(\.baseline?.count) == [nil, 12, 8, nil])
        let first = try Self.rates(fixture, .district("D1"), by: .district)
        #expect(first.map(\.scope) == [.district("D1"), .district("D3")])
        #expect(first == [city[1], city[3]])
        #expect(try Self.rates(fixture, .district("D2"), by: .district) == [city[2]])
        #expect(try Self.rates(fixture, .district("none"), by: .district).isEmpty)
    }

    /// The headline of an account of one district is the row that the city reads of it, baseline and all: an accident
    /// elsewhere of one of its trucks, which it sees, is in neither.
    @Test func theHeadlineOfADistrictIsItsRow() async throws {
        let fixture = try await Self.city()
        let city = try Self.rates(fixture, .all, by: .district)
        for (district, row) in [("D1", city[1]), ("一区", city[1]), ("D2", city[2])] {
            let own = try #require(try Self.rates(fixture, .district(district), by: .city).first)
            #expect(own.scope == .city && own.observation == row.observation && own.baseline == row.baseline)
            #expect(own.baseline != nil && own.ratio == row.ratio && own.card.identifier == row.card.identifier)
        }
        let whole = try #require(try Self.rates(fixture, .all, by: .city).first)
        #expect(whole.count == 8 && whole.baseline?.count == 20)
        // Without a row of its own a district has no baseline, not the city's.
        let inner = try #require(try Self.rates(fixture, .district("D3"), by: .city).first)
        #expect(inner.count == 0 && inner.isCounted && inner.baseline == nil)
    }

    @Test func aDistrictReadsItsCompaniesAndNoOthers() async throws {
        let fixture = try await Self.city()
        let city = try Self.rates(fixture, .all, by: .company)
        #expect(city.map(\.scope) == [.company("乙公司"), .company("甲公司")])
        #expect(city.map(\.observation.count) == [3, 3])
        #expect(city.map(\.baseline?.count) == [nil, 5])
        #expect(try Self.rates(fixture, .district("D1"), by: .company) == [city[1]])
        #expect(try Self.rates(fixture, .district("D2"), by: .company) == [city[0]])
    }

    /// A district without an accident of its own has had none where the city's register is kept; nobody calls that
    /// unknown. That is all it learns of the accidents of others.
    @Test func noneOfOnesOwnIsNone() async throws {
        let fixture = try await Self.city()
        let city = try Self.rates(fixture, .all, by: .district)
        let own = try Self.rates(fixture, .district("D3"), by: .district)
        #expect(own == [city[3]] && own.map(\.observation.isCounted) == [true])
        let first = try #require(CivilDate(year: 2026, month: 3, day: 2))
        let earlier = try #require(CivilDate(year: 2024, month: 12, day: 31))
        try Self.register([Self.accident(at: "2024-12-31T15:59:59Z")], .accidents, in: fixture)
        for reach in [WebDoor.Reach.all, .district("D3")] {
            let (registers, seen) = try Self.enter(fixture, reach) { connection in
                let registers = try SafetyRegisterReader(connection: connection).read()
                // Whoever asked is who he was.
                return (registers, try connection.query(Self.seen).text(0, 0))
            }
            #expect(registers.firstAccidentDays == [earlier, first])
            #expect(registers.accidents.count == (reach == .all ? 9 : 0))
            #expect(reach == .all || seen == "- | - | - | - | 0")
        }
        #expect(
            try SafetyRegisterReader(connection: fixture.connection).read().firstAccidentDays == [earlier, first])
        #expect(try fixture.count("SELECT count(*) FROM accident_first_days()") == 2)
        for reach in [WebDoor.Reach.company("甲公司"), .site("S1"), .none] {
            #expect(
                try Self.enter(fixture, reach) { try SafetyRegisterReader(connection: $0).read() }
                    .firstAccidentDays == [])
        }
    }

    @Test func theTelemetryBeganForAllAtOnce() async throws {
        let fixture = try await Self.city()
        try fixture.connection.execute(
            """
            INSERT INTO terminal (name) VALUES ('T1'), ('T3');
            INSERT INTO safety_day SELECT (jsonb_populate_record(NULL::safety_day, zero.columns || jsonb_build_object(
                'terminal_id', i, 'day', day, 'first_place_at', place))).*
            FROM (VALUES (1, '2025-12-30', NULL), (1, '2026-03-02', '2026-03-02T08:00Z'),
                (2, '2025-12-31', '2025-12-31T08:00Z')) v (i, day, place), (
                SELECT jsonb_object_agg(column_name, 0) AS columns FROM information_schema.columns
                WHERE table_schema = 'public' AND table_name = 'safety_day' AND data_type = 'bigint') zero
            """)
        let (first, last) = (CivilDate(year: 2025, month: 12, day: 31), CivilDate(year: 2026, month: 3, day: 2))
        for reach in [WebDoor.Reach.all, .district("D1"), .district("D2"), .district("D3")] {
            let extent = try Self.enter(fixture, reach) { try SafetyReader(connection: $0).extent() }
            #expect(extent?.first == first && extent?.last == last, "\(reach)")
        }
        #expect(try SafetyReader(connection: fixture.connection).extent()?.first == first)
        #expect(try Self.enter(fixture, .company("甲公司")) { try SafetyReader(connection: $0).extent()?.first } == nil)
        // The days themselves are those of one's own trucks.
        let days = NamedQuery("test.reach.days", "SELECT count(*) FROM safety_day")
        #expect(try Self.enter(fixture, .district("D1")) { try $0.query(days).integer(0, 0) } == 2)
        #expect(try Self.enter(fixture, .district("D2")) { try $0.query(days).integer(0, 0) } == 1)
    }

    // MARK: - Keeping

    @Test func whatOneWouldSeeOneMayRegister() async throws {
        let fixture = try await Self.city()
        func put(_ record: RegisterRecord, _ kind: RegisterKind) -> Int {
            let outcome = try? Self.enter(fixture, .district("D1")) {
                try RegisterStore(connection: $0).put([record], kind: kind, source: "web", by: "somebody")
            }
            return outcome.map { $0.added + $0.changed } ?? 0
        }
        #expect(put(Self.accident("b1", "04-01", plate: 2), .accidents) == 1)
        #expect(put(Self.accident("b2", "04-01", district: "一区"), .accidents) == 1)
        #expect(put(.baseline(Baseline(year: 2024, company: "甲公司", accidents: 6)), .baselines) == 1)
        #expect(put(Self.accident("b3", "04-01", plate: 3), .accidents) == 0, "another's truck")
        #expect(put(Self.accident("b4", "06-02", plate: 4), .accidents) == 0, "sold the day before")
        #expect(put(Self.accident("b5", "04-01", plate: 9), .accidents) == 0, "nobody's truck")
        #expect(put(Self.accident("b6", "04-01", district: "二区"), .accidents) == 0)
        #expect(put(.baseline(Baseline(year: 2024, company: "乙公司", accidents: 6)), .baselines) == 0)
        // Why, the door tells; for whoever sees everything there is no such reason.
        for record in [Self.accident("b3", "04-01", plate: 3), Self.accident("b6", "04-01", district: "二区")] {
            let error = try #require(throws: PostgresError.self) {
                try Self.enter(fixture, .district("D1")) {
                    try RegisterStore(connection: $0).put([record], kind: .accidents, source: "web", by: "somebody")
                }
            }
            let visitor = WebDoor.Visitor(name: "somebody", role: "safety_officer", reach: .district("D1"))
            #expect(WebDoor.isBeyondReach(error, of: visitor), "\(error)")
            let all = WebDoor.Visitor(name: "somebody", role: "safety_officer", reach: .all)
            #expect(!WebDoor.isBeyondReach(error, of: all))
        }
        // What one sees, one may correct.
        #expect(put(Self.accident("b1", "04-01", plate: 2, deaths: 1), .accidents) == 1)
        #expect(put(Self.accident("a5", "05-02", plate: 2), .accidents) == 0, "not of this district")
        #expect(try Self.accidents(fixture, .district("D1")) == "a1 a2 a4 a7 b1 b2")
        #expect(try fixture.count("SELECT count(*) FROM register_entry WHERE id = 'b1' AND known_to IS NOT NULL") == 1)
    }
}
