import Chronology
import Registers
import Safety
import Testing

/// The register of definition cards: frozen, complete, and the one that figures name.
@Suite struct DefinitionTests {
    /// A text that was published is never edited. Whoever changes a word adds the next version, with its own line here.
    private static let published = [
        1: "86c22ea3abfe64f7", 2: "f9550d07588a9b63", 3: "42b0f8c128ebdd1e",
        4: "a6714a1330ba5d9f", 5: "b40a32ada141f80b", 6: "61276a1ab10985d3",
    ]

    @Test func publishedTextsAreFrozen() {
        #expect(DefinitionRegister.texts.map(\.version) == [1, 2, 3, 4, 5, 6])
        // New figures have the last text of their period.
        for period in DefinitionCard.Period.allCases {
            let texts = DefinitionRegister.texts.filter { $0.period == period }
            #expect(texts.last?.version == DefinitionCard.currentVersion(of: period))
        }
        for text in DefinitionRegister.texts {
            #expect(text.fingerprint == Self.published[text.version], "version \(text.version) was edited")
            #expect(Set(text.clauses.map(\.part)).count == text.clauses.count)
            for clause in text.clauses { #expect(!clause.words.zh.isEmpty && !clause.words.en.isEmpty) }
        }
    }

    @Test func everyCardSaysAllOfItself() {
        let entries = DefinitionRegister.entries
        #expect(entries.count == 24 * DefinitionRegister.texts.count)
        #expect(Set(entries.map(\.card.identifier)).count == entries.count)
        for entry in entries {
            // A clause that holds for one source of the exposure alone has its name.
            let parts = entry.clauses.map { $0.part.split(separator: ".").first.map { String($0) } ?? "" }
            let sources = entry.clauses.compactMap { $0.part.split(separator: ".").dropFirst().first }
            #expect(sources.allSatisfy { $0 == entry.card.exposureSource.rawValue })
            let isYear = entry.card.period == .year
            let wanted =
                [
                    "scope", entry.card.numerator.rawValue, entry.card.denominator.rawValue,
                    entry.card.exposureSource.rawValue,
                ] + (isYear ? [] : ["period"]) + ["rate", "baseline", "ratio", "target"]
            #expect(entry.card.identifier.contains(";period=36m") == !isYear)
            #expect(parts.filter { $0 != "clusters" && $0 != "companies" } == wanted)
            #expect(parts.contains("clusters") == entry.card.numerator.isDeaths)
            #expect(entry.cells.count == DefinitionRegister.Entry.columns.count)
        }
    }

    private static func text(
        _ numerator: DefinitionCard.Numerator, _ denominator: DefinitionCard.Denominator,
        _ source: DefinitionCard.ExposureSource
    ) throws -> (zh: String, en: String) {
        let card = DefinitionCard(numerator: numerator, denominator: denominator, exposureSource: source)
        let entry = try #require(DefinitionRegister.entry(of: card.identifier))
        return (
            entry.clauses.map(\.words.zh).joined(), entry.clauses.map(\.words.en).joined(separator: " ")
        )
    }

    /// Deaths within 7 days stand for those within 30 where only they are known; the text says what is worked out.
    @Test func theTextOf30DaysSaysWhatStandsForThem() throws {
        let accident = Accident(
            accidentID: "1", occurredAt: Instant(microseconds: 0), severity: .fatal, deathsWithin7Days: 2)
        let day = CivilDate(daysSince1970: 0)
        let card = DefinitionCard(numerator: .deaths30Days, denominator: .vehicles)
        #expect(AccidentCount(of: [accident], in: .city, from: day, to: day, card: card).count == 2)
        for source in DefinitionCard.ExposureSource.allCases {
            let text = try Self.text(.deaths30Days, .vehicleKilometres, source)
            #expect(text.zh.contains("以其代替") && text.en.contains("stand for th"), "\(source)")
        }
    }

    /// What was reported was not measured by terminals, nor reckoned from tickets or days in the register.
    @Test(arguments: DefinitionCard.Numerator.allCases, DefinitionCard.Denominator.allCases)
    func reportedFiguresClaimNoMethodOfTheTelemetry(
        numerator: DefinitionCard.Numerator, denominator: DefinitionCard.Denominator
    ) throws {
        let reported = try Self.text(numerator, denominator, .reported)
        for words in ["里程表", "未登记终端", "断点"] { #expect(!reported.zh.contains(words), "\(words)") }
        for words in ["odometer's", "full drum", "straight lines", "unregistered", "fixes show"] {
            #expect(!reported.en.contains(words), "\(words)")
        }
        #expect(reported.en.contains("as reported of that year"))
        let measured = try Self.text(numerator, denominator, .telemetry)
        #expect(measured.en.contains("registered trucks of all kinds") && measured.zh != reported.zh)
    }

    /// A card of one kind of trucks says what belongs to it.
    @Test func cardsOfAKindAreFound() throws {
        let card = DefinitionCard(
            numerator: .accidents, denominator: .vehicleKilometres, vehicleKinds: ["mixer"], baselineYear: 2015)
        let entry = try #require(DefinitionRegister.entry(of: card.identifier))
        #expect(entry.card.vehicleKinds == ["mixer"] && entry.clauses.map(\.part).contains("kinds"))
        #expect(!entry.card.identifier.contains("baseline"))
        let plain = try #require(DefinitionRegister.entry(of: "accidents/vehicle_km;exposure=telemetry;v5"))
        #expect(!plain.clauses.map(\.part).contains("kinds"))
    }

    /// Figures of the first version can still be read by its words.
    @Test func anOldCardHasItsOldText() throws {
        let entry = try #require(DefinitionRegister.entry(of: "deaths_30d/vehicles;window=30d;exposure=reported;v1"))
        #expect(DefinitionRegister.entry(of: "accidents/vehicles;exposure=reported;v2")?.text.version == 2)
        #expect(entry.text.version == 1 && !entry.clauses.contains { $0.words.zh.contains("以其代替") })
    }

    /// Whatever a row prints in its column `definition`, the register has it.
    @Test(arguments: DefinitionCard.Numerator.allCases, DefinitionCard.Denominator.allCases)
    func everyRowNamesACardOfTheRegister(
        numerator: DefinitionCard.Numerator, denominator: DefinitionCard.Denominator
    ) throws {
        let today = try #require(CivilDate(year: 2020, month: 12, day: 31))
        for source in DefinitionCard.ExposureSource.allCases {
            for baseline in [nil, 2015] as [Int?] {
                var question = RateQuestion(year: 2020, baselineYear: baseline, today: today)
                question.numerator = numerator
                question.denominator = denominator
                question.exposure = source
                var registers = SafetyRegisters()
                registers.baselines = [
                    Baseline(
                        year: 2015, vehicleKilometres: 1, accidents: 0, fatalAccidents: 0, deaths: 0,
                        source: "police")
                ]
                let row = RateTable(question, roster: SafetyRoster(registers), ledgers: [:], extent: nil).row(.city)
                let entry = try #require(DefinitionRegister.entry(of: row.definition), "\(row.definition)")
                #expect(entry.card.numerator == numerator && entry.card.denominator == denominator)
                #expect(entry.card.exposureSource == row.card.exposureSource)
                #expect(entry.card.deathWindowDays == row.card.deathWindowDays)
            }
        }
    }

    @Test(arguments: [
        "", "accidents", "accidents/vehicle_km;exposure=telemetry;v99", "births/vehicles;v1",
        "accidents/vehicles;exposure=telemetry;v3", "accidents/vehicles;exposure=telemetry;period=36m;v2",
        "accidents/vehicles;exposure=telemetry;kinds=tram;v2", "accidents/vehicles;exposure=telemetry;kinds=;v2",
    ])
    func whatNoVersionHasIsNotFound(definition: String) {
        #expect(DefinitionRegister.entry(of: definition) == nil)
    }
}
