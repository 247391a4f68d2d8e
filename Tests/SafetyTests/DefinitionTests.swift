import Chronology
import Registers
import Safety
import Testing

/// The register of definition cards: frozen, complete, and the one that figures name.
@Suite struct DefinitionTests {
    /// A text that was published is never edited. Whoever changes a word adds the next version, with its own line here.
    private static let published = [1: "86c22ea3abfe64f7"]

    @Test func publishedTextsAreFrozen() {
        #expect(DefinitionRegister.texts.map(\.version) == Array(1...DefinitionCard.currentVersion))
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
            let parts = entry.clauses.map(\.part)
            let wanted = [
                "scope", entry.card.numerator.rawValue, entry.card.denominator.rawValue,
                entry.card.exposureSource.rawValue, "rate", "baseline", "ratio", "target",
            ]
            #expect(parts.filter { $0 != "clusters" } == wanted)
            #expect(parts.contains("clusters") == entry.card.numerator.isDeaths)
            #expect(entry.cells.count == DefinitionRegister.Entry.columns.count)
        }
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

    @Test(arguments: ["", "accidents", "accidents/vehicle_km;exposure=telemetry;v99", "births/vehicles;v1"])
    func whatNoVersionHasIsNotFound(definition: String) {
        #expect(DefinitionRegister.entry(of: definition) == nil)
    }
}
