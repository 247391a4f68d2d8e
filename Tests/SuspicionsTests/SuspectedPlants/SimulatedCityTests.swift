import Chronology
import CitySimulator
import Deliveries
import Geodesy
import Registers
import Suspicions
import Telemetry
import Testing
import Tracks

/// Hidden plants in simulated cities, whose truth is known.
@Suite struct SimulatedCityTests {
    /// What is known of the city besides the trucks.
    enum Knowledge: CaseIterable {
        case everything, noPlaces, onlyPlants

        func registers(of city: SimulatedCity) -> RegisterSnapshot {
            var registers = city.registers
            if self != .everything { registers.places = [] }
            if self == .onlyPlants { registers.sites = [] }
            return registers
        }
    }

    @Test(arguments: SimulatedDays.all.indices, Knowledge.allCases)
    func hiddenPlantsAreFoundAndNoInnocentPlace(city: Int, knowledge: Knowledge) throws {
        let days = SimulatedDays.all[city]
        let world = World(registers: knowledge.registers(of: days.city))
        let stays = days.derive(in: world).stays
        let found = SuspectedPlantSearch(world: world).run(stays, asOf: try #require(stays.map(\.end).max())) { _ in []
        }
        let hidden = days.city.hiddenPlants(used: days.truth)
        func isThere(_ plant: TruthHiddenPlant, _ suspect: SuspectedPlant) -> Bool {
            plant.coordinate.distanceMetres(to: suspect.coordinate) < plant.radiusMetres + 50
        }
        let used = hidden.filter { $0.loads >= 10 }
        #expect(!used.isEmpty)
        for plant in used { #expect(found.contains { isThere(plant, $0) }) }
        for suspect in found { #expect(hidden.contains { isThere($0, suspect) }) }
    }

    /// With the suspects known, loads there are seen that nothing else shows, and name the place.
    @Test(arguments: SimulatedDays.all.indices) func theSecondPassFindsMore(city: Int) throws {
        let days = SimulatedDays.all[city]
        let first = World(registers: days.city.registers)
        let (stays, once) = days.derive(in: first)
        let found = SuspectedPlantSearch(world: first).run(stays, asOf: try #require(stays.map(\.end).max())) { _ in []
        }
        let places = found.compactMap(\.loadingPlace)
        let second = World(registers: days.city.registers, suspectedPlaces: places)
        let (again, twice) = days.derive(in: second)
        // What a halt is does not depend on what is suspected.
        #expect(again == stays)
        let (before, after) = (
            Score.compare(truth: days.truth, found: once), Score.compare(truth: days.truth, found: twice)
        )
        #expect(after.blackSupplyCaught >= before.blackSupplyCaught)
        // Delivery notes are not asked here.
        #expect(try #require(after.rules["unlicensed-origin"]?.recall) >= 0.8)
        #expect(after.honestAccused == 0 && after.inventedAccused == 0)
        let named = twice.filter { $0.delivery.origin.kind == .suspectedPlant }
        #expect(!named.isEmpty)
        #expect(named.allSatisfy { delivery in places.contains { $0.id == delivery.delivery.origin.id } })
        #expect(!once.contains { $0.delivery.origin.kind == .suspectedPlant })
    }

    /// Registers whose numbers are those of a map in another system than declared.
    @Test(arguments: [CoordinateSystem.gcj02, .bd09]) func shiftedRegistersAreQuestioned(system: CoordinateSystem)
        throws
    {
        let days = SimulatedDays.all[0]
        let halts = days.derive(in: World(registers: days.city.registers)).stays.map(\.coordinate)
        let fences = days.city.registers.plants.map(\.fence)
        let honest = CoordinateCheck().run(fences, declared: .wgs84, halts: halts)
        #expect(honest.likely == nil && honest.question == nil)
        // The list was exported from a map in `system`, and declared as WGS-84.
        let shifted = fences.map { $0.reread(declared: system, as: .wgs84) }
        let fits = CoordinateCheck().run(shifted, declared: .wgs84, halts: halts)
        #expect(fits.likely == system)
        let question = try #require(fits.question)
        #expect(question.zh.contains(system.rawValue) && question.en.contains(system.rawValue))
        // The other way round: WGS-84 declared as that system.
        let back = CoordinateCheck().run(
            fences.map { $0.reread(declared: .wgs84, as: system) }, declared: system, halts: halts)
        #expect(back.likely == .wgs84)
    }

    /// Of the registers of an honest city nothing is asked; of those of a map in another system all that is stored.
    @Test func storedRegistersAreQuestionedWhereTheyAreWrong() throws {
        let days = SimulatedDays.all[0]
        let registers = days.city.registers
        let halts = days.derive(in: World(registers: registers)).stays.map(\.coordinate)
        var rows = registers.plants.map {
            StoredFenceCheck.Row(place: PlaceReference(.plant, $0.plantID), importID: 1, fence: $0.fence)
        }
        rows += registers.sites.map {
            StoredFenceCheck.Row(place: PlaceReference(.site, $0.siteID), importID: 2, fence: $0.fence)
        }
        rows += registers.places.map {
            StoredFenceCheck.Row(place: PlaceReference(.place, $0.placeID), importID: 3, fence: $0.fence)
        }
        #expect(StoredFenceCheck().run(rows, halts: halts).isEmpty)
        for index in registers.plants.indices {
            rows[index].fence = rows[index].fence.reread(declared: .gcj02, as: .wgs84)
        }
        let asked = StoredFenceCheck().run(rows, halts: halts)
        #expect(asked.keys.sorted() == Array(registers.plants.indices))
        #expect(asked.values.allSatisfy { $0.likely == .gcj02 && $0.declared == .wgs84 })
    }
}
