import Chronology
import Geodesy
import Registers
import Testing

@testable import CitySimulator

@Suite("Honest trucks have a life beside their trips, where the plan says so")
struct EverydayTests {
    private static let city = SimulatedCity(
        CityPlan(seed: 3, trucks: 40, days: 2, hasEverydayLife: true, hasEveryCase: false))
    private static let days = city.days(0) + city.days(1)
    private static var incidents: [TruthIncident] { self.days.flatMap(\.incidents) }
    private static var drops: [TruthDelivery] { self.days.flatMap(\.drops) }

    @Test("Without the options a seed gives the same city as ever, byte by byte")
    func ordinaryCities() {
        let city = SimulatedCity(CityPlan(seed: 11, trucks: 12, days: 2, shortestSampling: 20, hasEveryCase: false))
        let truth = TruthDelivery.csv(city.truth(ofDays: 0..<2))
        #expect(self.fingerprint(truth.utf8) == 0x678F_2200_D649_0A7E)
        var lines: [UInt8] = []
        for message in city.traffic() {
            message.appendReplayLine(to: &lines)
            lines.append(0x0A)
        }
        #expect(self.fingerprint(lines) == 0x9965_C639_A087_C3C3)
        #expect(city.city.facilities(.roadside).isEmpty)
    }

    /// FNV-1a of 64 bits.
    private func fingerprint(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }

    @Test("Each happens, the wait for the pump with a drop, all others without", arguments: EdgeCase.everyday)
    func happens(edgeCase: EdgeCase) {
        #expect(Self.drops.contains { $0.edgeCases.contains(edgeCase) } == (edgeCase == .waitForPump))
        #expect(Self.incidents.contains { $0.edgeCase == edgeCase } == (edgeCase != .waitForPump))
    }

    @Test("Almost every honest mixer at work lives so, and none that breaks the rules")
    func whoLivesSo() {
        let everyday = Set(Self.incidents.filter { EdgeCase.everyday.contains($0.edgeCase) }.map(\.terminal))
        let (honest, others) = (
            Self.city.city.trucks.filter { $0.livesEveryday(Self.city.plan) },
            Self.city.city.trucks.filter { !$0.livesEveryday(Self.city.plan) }
        )
        #expect(honest.count > 20 && others.count > 10)
        #expect(honest.allSatisfy { $0.kind == .mixer && !$0.isCrooked && !$0.isPump })
        #expect(honest.count { everyday.contains($0.terminal) } * 10 >= honest.count * 8)
        #expect(others.allSatisfy { !everyday.contains($0.terminal) })
    }

    @Test("A day is one chain that begins and ends on the truck's own spot, some in the yard of the plant")
    func chain() {
        for day in Self.days {
            let truck = Self.city.city.trucks[day.truck]
            #expect((truck.depot == truck.homePlant) == truck.sleepsInYard(Self.city.plan))
            #expect(Self.city.city.facilities[truck.depot].yard.contains(truck.parking))
            #expect(day.segments.first?.point == truck.parking && day.segments.last?.point == truck.parking)
            #expect(day.segments.last?.end == TruckDay.length && day.segments.last?.drive == nil)
            for (a, b) in zip(day.segments, day.segments.dropFirst()) {
                #expect(a.end == b.start)
                let end = a.drive.map { $0.path.point(at: $0.path.length).point } ?? a.point
                #expect(end.distance(to: b.point) < 0.1)
                #expect(a.loadAtEnd == b.loadAtStart)
            }
            for drive in day.segments.compactMap(\.drive) {
                let fastest = (0...drive.seconds).map { drive.speed(at: $0) }.max() ?? 0
                #expect(fastest <= 106 / 3.6 + 0.01)
            }
        }
    }

    @Test("No load is dropped in it: what is on the truck stays there, or goes back to a plant or a depot")
    func nothingIsDelivered() {
        let city = Self.city.city
        for day in Self.days {
            for incident in day.incidents where EdgeCase.everyday.contains(incident.edgeCase) {
                #expect(
                    day.drops.allSatisfy { $0.unloadEnd <= incident.start || incident.end <= $0.unloadStart },
                    "\(incident)")
                let start = Self.city.plan.start(ofDay: day.day)
                let seconds = Int(incident.start.seconds(since: start))..<Int(incident.end.seconds(since: start))
                for segment in day.segments where seconds.contains(segment.start) && segment.end <= seconds.upperBound {
                    guard segment.loadAtEnd < segment.loadAtStart else { continue }
                    let ends = city.facilities.filter { $0.yard.contains(segment.point) }.map(\.kind)
                    #expect(ends.contains(.concretePlant) || ends.contains(.depot), "\(incident)")
                }
            }
        }
    }

    @Test("Halts of an empty truck are where no register knows a place, near the plant and far from it")
    func haltsAreNowhere() {
        let city = Self.city.city
        var metres: [Double] = []
        for day in Self.days {
            let plant = city.facilities[city.trucks[day.truck].homePlant].yard.centre
            for segment in day.segments where segment.drive == nil {
                guard city.facilities(.roadside).contains(where: { city.facilities[$0].yard.contains(segment.point) })
                else { continue }
                #expect(segment.loadAtStart == 0 && (1200...5400).contains(segment.end - segment.start))
                let known = city.facilities.filter(\.kind.isRegistered).map {
                    $0.yard.fence.distanceMetres(to: Plane.coordinate(segment.point))
                }
                #expect((known.min() ?? 0) > 80)
                metres.append(segment.point.distance(to: plant))
            }
        }
        #expect(metres.contains { $0 < 1500 } && metres.contains { $0 > 4000 })
    }

    @Test("A broken-down truck stands for an hour on the road, and a towed one goes on at 12 km/h")
    func breakdowns() throws {
        let city = Self.city.city
        for edgeCase in [EdgeCase.breakdownReturned, .breakdownTowed, .refusedAtGate] {
            let (day, incident) = try #require(
                Self.days.lazy.flatMap { day in day.incidents.map { (day, $0) } }.first { $1.edgeCase == edgeCase })
            let start = Int(incident.start.seconds(since: Self.city.plan.start(ofDay: day.day)))
            let drive = try #require(day.segments.first { $0.start == start && $0.drive != nil }?.drive)
            let longest = try #require(
                (0..<drive.seconds).filter { drive.speed(at: $0 + 1) == 0 }.map { drive.travelled[$0] }
                    .reduce(into: [Float: Int]()) { $0[$1, default: 0] += 1 }.max { $0.value < $1.value })
            #expect((50 * 60 - 5...70 * 60 + 65).contains(longest.value), "\(edgeCase.rawValue)")
            let stood = drive.path.point(at: Double(longest.key)).point
            let isOnRoad = city.roads.roads.contains { road in
                zip(road.shape, road.shape.dropFirst()).contains { stood.distance(toSegment: $0, $1) < 10 }
            }
            #expect(isOnRoad)
            if edgeCase == .breakdownTowed {
                let after = (0...drive.seconds).filter { drive.travelled[$0] > longest.key }
                #expect((after.map { drive.speed(at: $0) * 3.6 }.max() ?? 0) <= 12.1)
            }
            if edgeCase == .refusedAtGate {
                #expect(abs(drive.path.gateIn - Double(longest.key) - 600) < 5)
            } else {
                #expect(drive.path.turning != nil)
            }
        }
    }

    @Test("Who waits for the pump has had the note since the beginning, and who comes back has one, too")
    func notes() throws {
        let tickets = Self.days.flatMap(\.tickets)
        for drop in Self.drops where drop.edgeCases.contains(.waitForPump) && !drop.isBlackSupply {
            let note = try #require(
                tickets.first {
                    $0.plate == drop.plate && drop.loadStart <= $0.issuedAt && $0.issuedAt <= drop.loadEnd
                })
            #expect((70 * 60...110 * 60).contains(drop.loadEnd.seconds(since: note.issuedAt)))
        }
        let returned: Set<EdgeCase> = [.breakdownReturned, .breakdownTowed, .refusedAtGate]
        for incident in Self.incidents where returned.contains(incident.edgeCase) {
            #expect(
                tickets.contains {
                    $0.plate == incident.plate && (0...240).contains(incident.start.seconds(since: $0.issuedAt))
                })
        }
        let others = Self.incidents.filter { EdgeCase.everyday.subtracting(returned).contains($0.edgeCase) }
        #expect(
            others.allSatisfy { incident in
                !tickets.contains {
                    $0.plate == incident.plate && incident.start < $0.issuedAt && $0.issuedAt < incident.end
                }
            })
    }

    @Test("Pumped pours begin with a cubic metre of priming mortar on a note of its own")
    func primingMortar() {
        let tickets = Self.days.flatMap(\.tickets)
        let priming = tickets.filter { $0.product?.hasSuffix("砂浆") ?? false }
        #expect(priming.count * 3 > tickets.count / 4 && priming.count < tickets.count / 3)
        for note in priming {
            #expect(note.volumeCubicMetres == 1 && note.ticketID.hasSuffix("-P"))
            let concrete = tickets.first { $0.ticketID + "-P" == note.ticketID }
            #expect(concrete?.plate == note.plate && concrete?.plantID == note.plantID)
            #expect(concrete?.siteID == note.siteID && concrete?.product?.hasPrefix("C") == true)
            #expect((0...120).contains(concrete?.issuedAt.seconds(since: note.issuedAt) ?? -1))
        }
    }
}
