import Chronology
import Deliveries
import Foundation
import Registers
import Telemetry
import Tracks
import Testing

/// Late, duplicate and out-of-order reports end in the same deliveries as sorted ones.
@Suite struct LateReportTests {
    /// A vehicle as the service keeps it: what is stored of its reports, checkpoints of its fold, and the rows that
    /// stand.
    /// What came late makes it go back to the last checkpoint before, and replace what had been settled since.
    private struct Desk {
        let world: World
        private var log: [Instant: (report: PositionReport, receivedAt: Instant)] = [:]
        private var fold = VehicleFold(terminal: Trip.terminal)
        private var checkpoints: [Data] = []
        private var rows: [Delivery] = []
        private var stays: [StayRecord] = []

        init(world: World) { self.world = world }

        var deliveries: [Delivery] { self.rows.sorted { $0.unloadStart < $1.unloadStart } }
        var halts: [StayRecord] { self.stays.sorted { $0.start < $1.start } }

        mutating func take(_ arrived: [(report: PositionReport, receivedAt: Instant)]) throws {
            let fresh = arrived.filter { self.log[$0.report.recordedAt] == nil }
            guard let earliest = fresh.map(\.report.recordedAt).min() else { return }
            for row in fresh where self.log[row.report.recordedAt] == nil { self.log[row.report.recordedAt] = row }
            if let time = self.fold.time, time >= earliest { try self.goBack(before: earliest) }
            let start = self.fold.time ?? .distantPast
            self.rows.removeAll { !$0.isFinal || $0.settledAt > start }
            var halts: [StayRecord] = []
            let next = self.log.values.filter { $0.report.recordedAt > start }
                .sorted { $0.report.recordedAt < $1.report.recordedAt }
            for (index, row) in next.enumerated() {
                self.rows += self.fold.take(
                    row.report, receivedAt: row.receivedAt, in: self.world, stays: &halts)
                if index % 40 == 39 { self.checkpoints.append(try JSONEncoder().encode(self.fold)) }
            }
            self.rows += self.fold.openDeliveries(in: self.world)
            let starts = Set(halts.map(\.start))
            self.stays.removeAll { $0.end > start || starts.contains($0.start) }
            self.stays += halts
        }

        private mutating func goBack(before time: Instant) throws {
            self.fold = VehicleFold(terminal: Trip.terminal)
            while let saved = self.checkpoints.last {
                let fold = try JSONDecoder().decode(VehicleFold.self, from: saved)
                if let reached = fold.time, reached < time {
                    self.fold = fold
                    return
                }
                self.checkpoints.removeLast()
            }
        }
    }

    /// The day in another order: every report once at least, some twice, most a little late, stretches by hours.
    private static func shuffled(_ reports: [PositionReport], _ random: inout Scatter) -> [(PositionReport, Instant)] {
        var outage = 0.0
        return reports.flatMap { report -> [(PositionReport, Instant)] in
            let roll = random.next()
            if roll > 0.97 { outage = (random.next() + 1) * 7200 }
            if roll < -0.9 { outage = 0 }
            let late = outage + (random.next() + 1) * 60
            let arrival = (report, report.recordedAt.advanced(bySeconds: late))
            return roll > 0.8 ? [arrival, (report, arrival.1.advanced(bySeconds: 600))] : [arrival]
        }.sorted { ($0.1, $0.0.recordedAt) < ($1.1, $1.0.recordedAt) }
    }

    @Test(arguments: 0..<24) func anyOrderGivesTheSame(seed: UInt64) throws {
        let world = Trip.world()
        let reports = VehicleFoldPropertyTests.wildTrip(seed: seed).reports
        var sorted = Desk(world: world)
        try sorted.take(reports.map { ($0, $0.recordedAt) })
        var random = Scatter(seed: seed &+ 77)
        var rest = Self.shuffled(reports, &random)[...]
        #expect(rest.map(\.0.recordedAt) != reports.map(\.recordedAt))
        var desk = Desk(world: world)
        while !rest.isEmpty {
            let count = Int((random.next() + 1) * 40) + 1
            try desk.take(rest.prefix(count).map { ($0.0, $0.1) })
            rest = rest.dropFirst(count)
        }
        #expect(desk.deliveries == sorted.deliveries)
        #expect(desk.halts == sorted.halts)
    }
}
