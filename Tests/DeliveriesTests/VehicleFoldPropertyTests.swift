import Chronology
import Deliveries
import Foundation
import Geodesy
import Registers
import Telemetry
import Testing

/// What holds of every track, however wild.
@Suite struct VehicleFoldPropertyTests {
    /// A day of loads, drops, halts and gaps, chosen by the seed.
    static func wildTrip(seed: UInt64) -> Trip {
        var random = Scatter(seed: seed)
        func upTo(_ limit: Double) -> Double { (random.next() + 1) / 2 * limit }
        let places = [
            Trip.plant, Trip.fuel, Trip.site, Trip.otherSite, Trip.hidden, Trip.otherPlant, Trip.depot, 7000, 25_000,
        ]
        var trip = Trip()
        trip.interval = 10 + upTo(40)
        for _ in 0..<30 {
            let place = places[min(places.count - 1, Int(upTo(Double(places.count))))]
            switch upTo(10) {
            case ..<7: trip.drive(to: place, kmh: 20 + upTo(60))
            case ..<8: trip.vanish(upTo(60), to: place)
            default: trip.drum = upTo(2) < 1 ? nil : upTo(24) - 12
            }
            switch upTo(10) {
            case ..<6: trip.stand(upTo(25))
            case ..<8: trip.sleep(upTo(90))
            default: break
            }
        }
        return trip
    }

    /// The town, or one in which the terminal comes to another truck every other hour, of another kind or with a row
    /// that has ended.
    static func world(isChanging: Bool) -> World {
        guard isChanging else { return Trip.world() }
        let start = Trip().time
        let kinds: [Vehicle.Kind] = [.mixer, .bulkCement, .mortar, .bulkCement, .mixer]
        return Trip.world { registers in
            registers.plants[1].licenceKind = .cement
            registers.vehicles = kinds.enumerated().map { index, kind in
                let from = start.advanced(bySeconds: Double(index) * 7200)
                let isSold = index % 2 == 1
                return Vehicle(
                    plate: "浙F1000\(index)", terminal: "T1", kind: kind,
                    period: ValidPeriod(from: from, to: from.advanced(bySeconds: isSold ? 3600 : 7200)))
            }
        }
    }

    private func fold(_ reports: [PositionReport], in world: World) -> (final: [Delivery], open: [Delivery]) {
        var fold = VehicleFold(terminal: Trip.terminal)
        let final = reports.flatMap { fold.take($0, receivedAt: $0.recordedAt, in: world) }
        return (final, fold.openDeliveries(in: world))
    }

    @Test(arguments: 0..<12, [false, true])
    func writtenDownAtAnyReportItGoesOnTheSame(seed: UInt64, isChanging: Bool) throws {
        let reports = Self.wildTrip(seed: seed).reports
        let world = Self.world(isChanging: isChanging)
        var straight = VehicleFold(terminal: Trip.terminal)
        var restored = straight
        for (index, report) in reports.enumerated() {
            let expected = straight.take(report, receivedAt: report.recordedAt, in: world)
            let found = restored.take(report, receivedAt: report.recordedAt, in: world)
            #expect(found == expected)
            guard (index + Int(seed)).isMultiple(of: 7) else { continue }
            let written = try JSONEncoder().encode(restored)
            #expect(written.count < 60_000)
            restored = try JSONDecoder().decode(VehicleFold.self, from: written)
            #expect(restored == straight)
            #expect(restored.openDeliveries(in: world) == straight.openDeliveries(in: world))
        }
    }

    @Test(arguments: 0..<12, [false, true])
    func duplicatesAndOldReportsChangeNothing(seed: UInt64, isChanging: Bool) {
        let reports = Self.wildTrip(seed: seed).reports
        let world = Self.world(isChanging: isChanging)
        var doubled: [PositionReport] = []
        for (index, report) in reports.enumerated() {
            doubled += [report, report, reports[max(0, index - 3)]]
        }
        #expect(self.fold(doubled, in: world) == self.fold(reports, in: world))
    }

    @Test(arguments: 0..<30, [false, true])
    func deliveriesOfOneTruckDoNotOverlap(seed: UInt64, isChanging: Bool) {
        let (final, open) = self.fold(Self.wildTrip(seed: seed).reports, in: Self.world(isChanging: isChanging))
        let all = final + open
        #expect(Set(all.map(\.deliveryID)).count == all.count)
        #expect(final.allSatisfy(\.isFinal) && open.allSatisfy { !$0.isFinal })
        for (earlier, later) in zip(all, all.dropFirst()) {
            #expect(earlier.unloadEnd <= later.unloadStart)
            #expect(later.loadID == earlier.loadID || later.loadStart.map { earlier.unloadEnd <= $0 } ?? true)
        }
        for delivery in all {
            #expect(delivery.unloadStart <= delivery.unloadEnd)
            #expect(delivery.loadEnd.map { $0 <= delivery.unloadStart } ?? true)
            #expect((0...1).contains(delivery.coverage))
            #expect(delivery.distanceKilometres.map { $0 >= 0 && $0 < 2000 } ?? true)
            #expect(delivery.unloadStart < delivery.settledAt)
        }
    }

    /// What was open and what becomes final agree in the name, unless a later stop changed the picture.
    @Test(arguments: 0..<6, [false, true])
    func finalDeliveriesComeOnce(seed: UInt64, isChanging: Bool) {
        let world = Self.world(isChanging: isChanging)
        var fold = VehicleFold(terminal: Trip.terminal)
        var names = Set<String>()
        for report in Self.wildTrip(seed: seed).reports {
            for delivery in fold.take(report, receivedAt: report.recordedAt, in: world) {
                #expect(names.insert(delivery.deliveryID).inserted)
            }
            for delivery in fold.openDeliveries(in: world) { #expect(!names.contains(delivery.deliveryID)) }
        }
    }

    /// No load of one truck is unloaded by the next: those that come after each other here are of different kinds.
    @Test(arguments: 0..<30)
    func noDeliveryIsOfTwoTrucks(seed: UInt64) {
        let world = Self.world(isChanging: true)
        let history = world.history(of: Trip.terminal)
        let (final, open) = self.fold(Self.wildTrip(seed: seed).reports, in: world)
        for delivery in final + open {
            let end = delivery.loadEnd ?? delivery.unloadStart
            #expect(history.vehicle(at: end)?.plate == history.vehicle(at: delivery.unloadStart)?.plate)
        }
    }

    @Test(arguments: 0..<30)
    func hostileReportsDoNoHarm(seed: UInt64) throws {
        var random = Scatter(seed: seed)
        let world = Trip.world()
        var fold = VehicleFold(terminal: Trip.terminal)
        let extremes: [Int32] = [0, .min, .max, 900_000_000, -900_000_000, 1_800_000_000, -1_800_000_000, 307_500_000]
        for index in 0..<2000 {
            func pick() -> Int32 { extremes[min(extremes.count - 1, Int((random.next() + 1) * 4))] }
            let isNear = random.next() > -0.5
            let coordinate =
                isNear
                ? Trip.point(random.next() * 20_000)
                : Coordinate(latitudeE7: max(-900_000_000, min(900_000_000, pick())), longitudeE7: pick())
            let time: Instant =
                switch random.next() {
                case 0.98...: .distantFuture
                case ...(-0.99): .distantPast
                default: Instant(seconds: 1_772_400_000 + Int64(index) * 20 + Int64(random.next() * 4000))
                }
            var report = PositionReport(
                recordedAt: index < 1900 && time == .distantFuture ? .distantPast : time,
                coordinate: coordinate, hasFix: random.next() > -0.9)
            report.drum = random.next() > 0 ? Int16(random.next() * 32_000) : nil
            report.load = random.next() > 0 ? pick() : nil
            report.odometer = random.next() > 0 ? pick() : nil
            _ = fold.take(report, receivedAt: .distantPast, in: world)
        }
        _ = fold.openDeliveries(in: world)
        #expect(try JSONEncoder().encode(fold).count < 60_000)
    }
}
