import Chronology
import Deliveries
import Geodesy
import Registers
import Suspicions
import Telemetry
import Testing
import Tracks

/// Where trucks load, and where they only stand, in halts written by hand.
@Suite struct SuspectedPlantSearchTests {
    /// What trucks do at a place that is no plant.
    struct Innocent: Sendable, CustomStringConvertible {
        var description: String
        /// One round of one truck from the plant that is given.
        var round: @Sendable (inout Diary, Diary.Spot, Int) -> Void

        init(_ description: String, _ round: @escaping @Sendable (inout Diary, Diary.Spot, Int) -> Void) {
            (self.description, self.round) = (description, round)
        }
    }

    private static func trip(_ diary: inout Diary, _ plant: Diary.Spot, _ turn: Int) {
        diary.halt(plant, 9)
        diary.halt(Diary.sites[turn % 4], 20)
    }

    static let innocents = [
        Innocent("a fuel station after the drop") { diary, plant, turn in
            Self.trip(&diary, plant, turn)
            diary.halt(Diary.elsewhere, 8)
        },
        Innocent("a weighbridge on the way") { diary, plant, turn in
            diary.halt(plant, 9)
            diary.halt(Diary.Spot(plant.east + 1, plant.north), 3)
            diary.halt(Diary.sites[turn % 4], 20)
        },
        Innocent("a wash bay after the drop") { diary, plant, turn in
            Self.trip(&diary, plant, turn)
            diary.halt(Diary.Spot(7, 0.4), 6)
        },
        Innocent("a restaurant at noon") { diary, plant, turn in
            Self.trip(&diary, plant, turn)
            if turn % 3 == 1 { diary.halt(Diary.elsewhere, 38) }
        },
        Innocent("a depot in the morning and in the evening") { diary, plant, turn in
            diary.halt(Diary.Spot(-2, 1), 20)
            Self.trip(&diary, plant, turn)
            diary.halt(Diary.Spot(-2, 1), 25)
        },
        Innocent("a jam on the way, there and back") { diary, plant, turn in
            diary.halt(plant, 9)
            diary.halt(Diary.Spot(5 + Double(turn % 5) * 0.06, 0.2), 4)
            diary.halt(Diary.sites[turn % 4], 20)
            diary.halt(Diary.Spot(5 + Double(turn % 4) * 0.07, 0.2), 5)
        },
        Innocent("a queue outside the gate") { diary, plant, turn in
            diary.halt(Diary.Spot(plant.east + 0.3, plant.north), 12)
            Self.trip(&diary, plant, turn)
        },
        Innocent("a queue at the site") { diary, plant, turn in
            diary.halt(plant, 9)
            diary.halt(Diary.Spot(7.75, 0), 12)
            diary.halt(Diary.sites[0], 20)
        },
        Innocent("an unregistered site") { diary, plant, turn in
            diary.halt(plant, 9)
            diary.halt(turn % 2 == 0 ? Diary.unregistered : Diary.sites[turn % 4], 25)
        },
        Innocent("a second drop at an unregistered place") { diary, plant, turn in
            Self.trip(&diary, plant, turn)
            diary.halt(Diary.unregistered, 12)
        },
    ]

    @Test(arguments: Self.innocents) func noInnocentPlaceIsNamed(_ innocent: Innocent) {
        let stays = Diary.trucks(6, days: 5) { diary, truck, turn in innocent.round(&diary, Diary.plant, truck + turn) }
        #expect(Diary.search(stays).isEmpty)
    }

    /// The same beside a hidden plant: a place before or after its trips is none either.
    @Test(arguments: Self.innocents) func besideAHiddenPlantNoInnocentPlaceIsNamed(_ innocent: Innocent) {
        let stays = Diary.trucks(6, days: 5) { diary, truck, turn in innocent.round(&diary, Diary.hidden, truck + turn)
        }
        let found = Diary.search(stays)
        #expect(found.count == 1)
        #expect(found.first.map { $0.metres(from: Diary.hidden) < 60 } ?? false)
    }

    @Test func theCardCountsWhatHappened() throws {
        var stays = Diary.black()
        stays += Diary.trucks(2, days: 2, prefix: "B") { diary, _, _ in
            diary.halt(Diary.Spot(-20, 0), 20)
            diary.halt(Diary.hidden, 50)
        }
        let suspect = try #require(Diary.search(stays).first)
        #expect(suspect.metres(from: Diary.hidden) < 20)
        let card = suspect.evidence
        #expect(card.loads == 36 && card.certainLoads == 36 && card.trucks == 3 && card.truckDays == 12)
        #expect(card.sites == 4 && card.registeredSites == 4 && card.companies == 2)
        #expect(card.tankerVisits == 12 && card.tankers == 2)
        #expect(card.dwellMedian == 480 && card.visitsPerTruckDay == 3 && card.loadShare == 1)
        #expect(card.nearestPlant?.plantID == "P1")
        #expect(card.hours.reduce(0, +) == 36 && card.nightShare == 0)
        #expect(card.firstSeen == Diary.start)
        #expect(suspect.score == 100 && suspect.status == .lead && suspect.registerRevision == 5)
        #expect(suspect.reasons.contains { $0.name == "tankers" && $0.points > 0 })
        #expect(suspect.reasons.allSatisfy { !$0.statement.zh.isEmpty && !$0.statement.en.isEmpty })
    }

    @Test func drumsSpeakForAndAgainst() throws {
        func score(loading: Int32, discharging: Int32) -> Double {
            let stays = Diary.trucks(1, days: 4) { diary, truck, turn in
                diary.halt(Diary.hidden, 8, loading: loading, discharging: discharging, heard: 480)
                diary.halt(Diary.sites[0], 20)
            }
            return Diary.search(stays).first?.score ?? 0
        }
        let (loads, silent) = (score(loading: 400, discharging: 0), score(loading: 0, discharging: 0))
        #expect(loads > silent)
        #expect(score(loading: 0, discharging: 400) == 0)
    }

    /// From the plant to a site, then to the hidden plant and to a site again. `loaded` is what the drum says at the
    /// plant, `here` at the hidden one; without either the truck has none.
    private static func rounds(_ diary: inout Diary, _ turn: Int, loaded: Int32? = nil, here: Int32? = nil) {
        diary.halt(Diary.plant, 9, loading: loaded ?? 0, heard: loaded == nil ? 0 : 540)
        diary.halt(Diary.sites[turn % 4], 20)
        diary.halt(Diary.hidden, 25, loading: here ?? 0, heard: here == nil ? 0 : 1500)
        diary.halt(Diary.sites[(turn + 1) % 4], 12)
    }

    /// A meal between two calls at sites: without sensors it looks like a load, and drums that show loads at the plant
    /// and none here tell that it is not.
    @Test func heardHaltsAtWhichNothingWasTakenAreNoLoads() throws {
        func found(_ loaded: Int32?, _ here: Int32?) -> SuspectedPlant? {
            Diary.search(
                Diary.trucks(5, days: 2) { diary, truck, turn in
                    Self.rounds(&diary, truck + turn, loaded: loaded, here: here)
                }
            ).first
        }
        #expect(try #require(found(nil, nil)).evidence.loads == 30)
        #expect(found(300, 0) == nil)
        // A drum that says nothing at the plant says nothing here either.
        let deaf = try #require(found(0, 0)).evidence
        #expect(deaf.loads == 30 && deaf.heardNothing == nil)
        let black = try #require(found(300, 300)).evidence
        #expect(black.loads == 30 && black.heardLoads == 30 && black.heardNothing == nil)
    }

    /// Two trucks in five with a drum speak for the others, but not against drums that show loads here.
    @Test func someTrucksWithSensorsSpeakForTheOthers() throws {
        func found(_ here: @escaping (Int) -> Int32?) -> SuspectedPlant? {
            Diary.search(
                Diary.trucks(5, days: 2) { diary, truck, turn in
                    let drum = here(truck)
                    Self.rounds(&diary, truck + turn, loaded: drum == nil ? nil : 300, here: drum)
                }
            ).first
        }
        #expect(found { $0 <= 2 ? 0 : nil } == nil)
        let card = try #require(found { $0 == 1 ? 0 : $0 == 2 ? 300 : nil }).evidence
        #expect(card.loads == 24 && card.certainLoads == 24 && card.heardNothing == 6 && card.heardLoads == 6)
    }

    @Test func aRegisteredPlaceIsNone() {
        let hidden = Diary.hidden.coordinate
        let places = [Place(placeID: "F1", name: "F1", kind: .fuel, fence: .circle(center: hidden, radiusMetres: 60))]
        #expect(Diary.search(Diary.black(), in: Diary.world { $0.places = places }).isEmpty)
        let outside = Diary.world { registers in
            var plant = registers.plants[0]
            plant.plantID = "N1"
            plant.fence = .circle(center: hidden, radiusMetres: 60)
            registers.plants.append(plant)
        }
        #expect(Diary.search(Diary.black(), in: outside).isEmpty)
    }

    /// Where neither plants nor sites are registered, both look alike until the plant is told by its many sites.
    /// Tankers whose rows are over are no mixers that load there.
    @Test(arguments: [0, 2]) func aTankerStaysOneWhenItsRowEnds(days: Double) {
        let stays = Diary.trucks(3, days: 4, prefix: "B") { diary, truck, turn in
            diary.halt(Diary.hidden, 8)
            diary.halt(Diary.sites[(truck + turn) % 4], 20)
        }
        let world = Diary.world { registers in
            for index in registers.vehicles.indices {
                registers.vehicles[index].period = ValidPeriod(
                    from: .distantPast, to: Diary.start.advanced(bySeconds: days * 86_400))
            }
        }
        #expect(Diary.search(stays, in: world).isEmpty)
        #expect(Diary.search(Diary.black(), in: world).count == 1)
    }

    @Test func withoutAnyRegisterThePlantIsToldFromItsSites() {
        let found = Diary.search(Diary.black(6), in: World(registers: RegisterSnapshot()))
        #expect(found.count == 1)
        #expect(found.first.map { $0.metres(from: Diary.hidden) < 60 } ?? false)
    }

    @Test func twoPlacesVisitedInTurnAreNotTold() {
        let stays = Diary.trucks(3, days: 5) { diary, _, _ in
            diary.halt(Diary.hidden, 15)
            diary.halt(Diary.unregistered, 15)
        }
        #expect(Diary.search(stays, in: World(registers: RegisterSnapshot())).isEmpty)
    }

    /// Mixers that work on one ground all day: a lead to look at, but nothing that deliveries may build on.
    @Test func aPlantThatMixesForItselfIsAWeakLead() {
        let yard = Diary.trucks(4, days: 1) { diary, _, _ in
            for spot in 0..<5 { diary.halt(Diary.Spot(-4 + Double(spot % 2) * 0.22, 5), 14) }
        }
        let found = Diary.search(yard)
        #expect(found.count == 1)
        for suspect in found {
            #expect(suspect.evidence.loads == 0 && suspect.evidence.shuttles == 56 && suspect.loadingPlace == nil)
            #expect(suspect.evidence.firstSeen < suspect.evidence.lastSeen)
        }
        // The same trucks with a plant to go to: a site with many spots, or a yard beside the way.
        let site = Diary.trucks(4, days: 1) { diary, _, _ in
            diary.halt(Diary.plant, 9)
            for spot in 0..<3 { diary.halt(Diary.Spot(-4 + Double(spot % 2) * 0.22, 5), 14) }
        }
        #expect(Diary.search(site).isEmpty)
    }

    @Test func theOrderOfTheHaltsDoesNotMatter() {
        let stays =
            Diary.black() + Diary.trucks(4, days: 4, prefix: "B") { diary, _, _ in diary.halt(Diary.hidden, 40) }
        let expected = Diary.search(stays)
        #expect(expected.count == 1)
        for step in [7, 11, 29] {
            let shuffled = stays.indices.map { stays[$0 * step % stays.count] }
            #expect(Set(shuffled).count == stays.count)
            #expect(Diary.search(shuffled) == expected)
        }
    }

    @Test func hostileHaltsDoNoHarm() {
        let extremes: [Int32] = [.min, .max, 0, 900_000_000, -900_000_000, 1_800_000_000, -1_800_000_000]
        var stays: [StayRecord] = []
        for (index, latitude) in extremes.enumerated() {
            for longitude in extremes {
                for (start, end) in [(Instant.distantPast, Instant.distantFuture), (Diary.start, Diary.asOf)] {
                    stays.append(
                        StayRecord(
                            terminal: TerminalID("T\(index)")!, start: start, end: end,
                            coordinate: Coordinate(latitudeE7: latitude, longitudeE7: longitude), drumSeconds: .max,
                            dischargeSeconds: .min, loadingSeconds: .max, loadChange: .min))
                }
            }
        }
        let found = SuspectedPlantSearch(world: Diary.world()).run(stays, asOf: .distantFuture) { _ in [] }
        #expect(found.isEmpty)
    }
}
