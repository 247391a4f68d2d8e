import Geodesy
import Testing

@testable import Suspicions

/// What the card of a suspected plant says in English of one truck, and of two.
@Suite struct PlantWordingTests {
    private static func card(_ number: Int) -> PlantEvidence {
        var card = PlantEvidence()
        (card.trucks, card.loads, card.arrivedLoaded, card.wentToPlant) = (number, number, number, number)
        (card.tankerVisits, card.tankers, card.longVisits) = (number, number, number)
        (card.heard, card.heardLoads) = (number, number)
        return card
    }

    @Test(arguments: [
        ("several-trucks", "1 truck came.", "2 trucks came."),
        (
            "on-the-way",
            "1 time the truck came loaded, 1 time it went on to a plant: like a halt on the way, or a site.",
            "2 times the truck came loaded, 2 times it went on to a plant: like a halt on the way, or a site."
        ),
        (
            "tankers", "Bulk cement tankers stood here as long as unloading takes: once, 1 truck.",
            "Bulk cement tankers stood here as long as unloading takes: 2 times, 2 trucks."
        ),
        (
            "parking", "1 long halt: like a car park or a depot.", "2 long halts: like a car park or a depot."
        ),
        (
            "drum-loads", "Of 1 halt with a sensor 1 shows that a load was taken.",
            "Of 2 halts with a sensor 2 show that a load was taken."
        ),
    ])
    func oneIsNoPlural(reason: String, one: String, two: String) throws {
        for (number, text) in [(1, one), (2, two)] {
            let said = try #require(PlantScore(Self.card(number)).reasons.first { $0.name == reason })
            #expect(said.statement.en == text)
        }
    }

    @Test func theAlertCountsAsTheCardDoes() throws {
        let spot = Coordinate(latitudeE7: 307_000_000, longitudeE7: 1_207_000_000)
        for (number, text) in [(1, "1 likely load by 1 truck, "), (2, "2 likely loads by 2 trucks, ")] {
            let suspect = SuspectedPlant(
                suspectedPlantID: "X-1", coordinate: spot, radiusMetres: 100, evidence: Self.card(number), score: 20,
                reasons: [], isLikely: false, parametersVersion: 1, registerRevision: 0)
            #expect(try #require(suspect.alertFacts.first).en.contains(text))
        }
    }
}
