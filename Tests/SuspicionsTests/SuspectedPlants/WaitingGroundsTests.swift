import Chronology
import Deliveries
import Geodesy
import Registers
import Suspicions
import Testing
import Tracks

/// Yards where trucks wait on the way between a hidden plant and the site, or before the plant.
@Suite struct WaitingGroundsTests {
    /// Close to the first site, and close to the hidden plant.
    private static let siteYard = Diary.Spot(7.1, 0.3)
    private static let plantYard = Diary.Spot(3, 4)
    private static let secondPlant = Diary.Spot(2, -3)

    /// Waits are of any length, loads of about the same; from five trucks a place has its points.
    private static func days(_ round: (inout Diary, Int) -> Void) -> [StayRecord] {
        Diary.trucks(6, days: 5) { diary, truck, turn in round(&diary, truck + turn) }
    }

    private static func wait(_ turn: Int) -> Double { 6 + Double(turn * 5 % 8) }

    private func expect(_ stays: [StayRecord], _ spot: Diary.Spot, loads: Int, from line: Int = #line) throws
        -> SuspectedPlant
    {
        let found = Diary.search(stays)
        #expect(found.count == 1, "line \(line)")
        let suspect = try #require(found.first)
        #expect(suspect.metres(from: spot) < 60, "line \(line)")
        #expect(suspect.evidence.loads == loads && suspect.evidence.certainLoads == loads, "line \(line)")
        return suspect
    }

    @Test func aYardBeforeTheSiteIsNoPlantAndHidesNone() throws {
        let stays = Self.days { diary, turn in
            diary.halt(Diary.hidden, 8)
            diary.halt(Self.siteYard, Self.wait(turn))
            diary.halt(Diary.sites[0], 20)
        }
        let suspect = try self.expect(stays, Diary.hidden, loads: 90)
        #expect(suspect.evidence.sites == 1 && suspect.evidence.arrivedLoaded == 0)
        #expect(suspect.loadingPlace != nil)
        let companion = try #require(suspect.evidence.companions?.first)
        #expect(suspect.evidence.companions?.count == 1)
        #expect(companion.coordinate.distanceMetres(to: Self.siteYard.coordinate) < 60)
        #expect(companion.trips == 90 && !companion.isBefore && !companion.isOpen)
        #expect(suspect.reasons.contains { $0.name == "halts-elsewhere" && $0.points < 0 })
    }

    /// One site has the yard, the others have none.
    @Test func theTripsWithoutTheYardTell() throws {
        let farYard = Diary.Spot(5.5, -1)
        let stays = Self.days { diary, turn in
            diary.halt(Diary.hidden, 8)
            if turn % 4 == 3 { diary.halt(farYard, Self.wait(turn)) }
            diary.halt(Diary.sites[turn % 4], 20)
        }
        let suspect = try self.expect(stays, Diary.hidden, loads: 90)
        #expect(suspect.loadingPlace != nil && suspect.evidence.companions == nil)
    }

    @Test func aYardBeforeThePlantIsNoPlantAndHidesNone() throws {
        // Nobody waits where there is no queue.
        let stays = Self.days { diary, turn in
            if turn % 4 != 0 { diary.halt(Self.plantYard, Self.wait(turn)) }
            diary.halt(Diary.hidden, 8)
            diary.halt(Diary.sites[turn % 4], 20)
        }
        let suspect = try self.expect(stays, Diary.hidden, loads: 90)
        #expect(suspect.loadingPlace != nil)
        #expect(suspect.evidence.companions?.map(\.isBefore) == [true])
        #expect(suspect.evidence.companions?.map(\.isOpen) == [false])
    }

    @Test func yardsBeforeBothAreNoPlants() throws {
        let stays = Self.days { diary, turn in
            if turn % 4 != 0 { diary.halt(Self.plantYard, Self.wait(turn)) }
            diary.halt(Diary.hidden, 8)
            diary.halt(Self.siteYard, Self.wait(turn + 1))
            diary.halt(Diary.sites[0], 20)
        }
        let suspect = try self.expect(stays, Diary.hidden, loads: 90)
        #expect(suspect.loadingPlace != nil)
        #expect(suspect.evidence.companions?.map(\.isBefore) == [false, true])
    }

    @Test func aYardThatTwoHiddenPlantsShareHidesNeither() {
        let stays = Self.days { diary, turn in
            diary.halt(turn % 2 == 0 ? Diary.hidden : Self.secondPlant, 8)
            diary.halt(Self.siteYard, Self.wait(turn))
            diary.halt(Diary.sites[0], 20)
        }
        let found = Diary.search(stays)
        #expect(found.count == 2)
        for spot in [Diary.hidden, Self.secondPlant] { #expect(found.contains { $0.metres(from: spot) < 60 }) }
    }

    /// A weighbridge outside the gate, passed empty and full.
    @Test func aHaltBeforeAndAfterTheLoadIsNoPlant() throws {
        let bridge = Diary.Spot(4.5, 3.4)
        let stays = Self.days { diary, turn in
            diary.halt(bridge, 4)
            diary.halt(Diary.hidden, 8)
            diary.halt(bridge, 5)
            diary.halt(Diary.sites[turn % 4], 20)
        }
        #expect(try self.expect(stays, Diary.hidden, loads: 90).loadingPlace != nil)
    }

    /// Always both, and neither near the site: which of them loads is left open, and no delivery is accused.
    @Test func whichOfTwoIsLeftOpen() throws {
        let stays = Self.days { diary, turn in
            diary.halt(Self.plantYard, 9)
            diary.halt(Diary.hidden, 9)
            diary.halt(Diary.sites[turn % 4], 20)
        }
        let suspect = try self.expect(stays, Diary.hidden, loads: 90)
        #expect(suspect.loadingPlace == nil && suspect.evidence.isOneOfTwo)
        let reason = try #require(suspect.reasons.first { $0.name == "one-of-two" })
        #expect(reason.points < 0)
        #expect(reason.statement.en.contains("90 of the trips") && reason.statement.zh.contains("无法分辨"))
        #expect(suspect.alertFacts.contains(reason.statement))
        // Once a place of loading, it is none while that is open; confirmed by a person it is one.
        var likely = suspect
        likely.isLikely = true
        #expect(Diary.search(stays, known: [likely]).map { $0.loadingPlace == nil } == [true])
        likely.status = .confirmed
        #expect(Diary.search(stays, known: [likely]).map { $0.loadingPlace == nil } == [false])
    }

    @Test func sensorsTellWhichOfTwo() throws {
        for isFirst in [true, false] {
            let stays = Self.days { diary, turn in
                let isHeard = turn % 3 == 0
                let (spots, lengths) = ([Self.plantYard, Diary.hidden], [9.0, 9.0])
                for (index, spot) in spots.enumerated() {
                    let takes = isHeard && (index == 0) == isFirst
                    diary.halt(spot, lengths[index], loading: takes ? 400 : 0, heard: isHeard ? 540 : 0)
                }
                diary.halt(Diary.sites[turn % 4], 20)
            }
            let suspect = try self.expect(stays, isFirst ? Self.plantYard : Diary.hidden, loads: 90)
            #expect(suspect.loadingPlace != nil && !suspect.evidence.isOneOfTwo)
        }
    }

    @Test func tankersTellWhichOfTwo() throws {
        for spot in [Self.plantYard, Diary.hidden] {
            var stays = Self.days { diary, turn in
                diary.halt(Self.plantYard, 9)
                diary.halt(Diary.hidden, 9)
                diary.halt(Diary.sites[turn % 4], 20)
            }
            stays += Diary.trucks(2, days: 2, prefix: "B") { diary, _, _ in diary.halt(spot, 50) }
            #expect(try self.expect(stays, spot, loads: 90).loadingPlace != nil)
        }
    }

    /// Trucks that loaded at the plant of the registers stand in the yard as well.
    @Test func trucksOfALicensedPlantTellWhichOfTwo() throws {
        let yard = Diary.Spot(6, -3)
        let stays = Self.days { diary, turn in
            diary.halt(turn % 3 == 0 ? Diary.plant : Diary.hidden, 8)
            diary.halt(yard, Self.wait(turn))
            diary.halt(Diary.sites[turn % 4], 20)
        }
        #expect(try self.expect(stays, Diary.hidden, loads: 60).loadingPlace != nil)
    }

    /// What the yard is taken to wait for is no likely plant itself: then the yard is judged like any place.
    @Test func aYardOfNoPlantIsJudgedByItself() throws {
        let stays = Self.days { diary, turn in
            diary.halt(Diary.hidden, 8)
            diary.halt(Self.siteYard, Self.wait(turn))
            diary.halt(Diary.sites[0], 20)
        }
        // The place before it is a public car park beside a plant of the registers.
        let mortar = Diary.trucks(9, days: 12, prefix: "M") { diary, _, _ in diary.halt(Diary.hidden, 30) }
        let parked = (1...9).flatMap { truck in
            var diary = Diary("T\(truck)")
            for day in 0..<60 {
                diary.night(day: -60 + day)
                for _ in 0..<6 {
                    diary.halt(Diary.hidden, 50)
                    diary.halt(Diary.plant, 1)
                }
            }
            return diary.stays
        }
        let world = Diary.world { registers in
            registers.vehicles += (1...9).map { Vehicle(plate: "浙F2000\($0)", terminal: "M\($0)", kind: .mortar) }
            var plant = registers.plants[0]
            plant.plantID = "N1"
            plant.fence = .circle(
                center: Diary.hidden.coordinate.moved(metres: 150, bearingDegrees: 0), radiusMetres: 20)
            registers.plants.append(plant)
        }
        #expect(Diary.search(stays, in: world).first.map { $0.metres(from: Diary.hidden) < 60 } ?? false)
        let found = Diary.search(stays + mortar + parked, in: world)
        #expect(found.count == 1)
        #expect(found.first.map { $0.metres(from: Self.siteYard) < 60 } ?? false)
        #expect(found.first?.evidence.companions == nil)
    }
}
