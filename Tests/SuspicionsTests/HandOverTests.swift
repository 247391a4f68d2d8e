import Chronology
import Deliveries
import Geodesy
import Registers
import Suspicions
import Telemetry
import Testing

/// A terminal that goes from one truck to another: nobody is charged with what the truck before did.
@Suite struct HandOverTests {
    private static let noon = Instant(rfc3339: "2026-03-02T12:00:00+08:00")!

    /// A terminal that reports every ten seconds on a road to the east, and the alerts that its reports raise.
    private struct Stream {
        var alerts = VehicleAlerts(terminal: TerminalID("T1")!)
        var opened: [VehicleAlert] = []
        var closed: [VehicleAlert] = []
        let surroundings: AlertSurroundings
        private var time: Instant
        private var east = 2000.0

        /// - Parameter isHandedOver: another truck gets the terminal at noon.
        init(isHandedOver: Bool, from start: Double) {
            let rows = [
                Vehicle(
                    plate: "浙F00001", terminal: "T1", kind: .mixer,
                    period: ValidPeriod(from: .distantPast, to: isHandedOver ? HandOverTests.noon : nil)),
                Vehicle(
                    plate: "浙F00002", terminal: isHandedOver ? "T1" : "T2", kind: .mixer,
                    period: ValidPeriod(from: HandOverTests.noon, to: nil)),
            ]
            self.surroundings = AlertSurroundings(world: Case { $0.registers.vehicles = rows }.world)
            self.time = HandOverTests.noon.advanced(bySeconds: start * 60)
        }

        /// Minutes before and after noon.
        mutating func drive(until end: Double, kmh: Double) {
            while self.time < HandOverTests.noon.advanced(bySeconds: end * 60) {
                self.time = self.time.advanced(bySeconds: 10)
                self.east += kmh / 3.6 * 10
                var report = PositionReport(recordedAt: self.time, coordinate: Case.point(self.east))
                report.speed = Int16(kmh * 10)
                self.note(self.alerts.take(report, receivedAt: self.time, in: self.surroundings))
            }
        }

        mutating func look(at minute: Double) {
            let now = HandOverTests.noon.advanced(bySeconds: minute * 60)
            self.note(self.alerts.tick(at: now, in: self.surroundings))
        }

        private mutating func note(_ changes: [VehicleAlert.Change]) {
            for change in changes {
                switch change {
                case .opened(let alert): self.opened.append(alert)
                case .closed(let alert): self.closed.append(alert)
                }
            }
        }

        /// The plate by the time at which each opened.
        var plates: [String?] {
            self.opened.map { self.surroundings.world.vehicle($0.terminal, at: $0.openedAt)?.plate }
        }
    }

    @Test func speedingOverAHandOverIsTwoAlertsOfTwoTrucks() throws {
        var stream = Stream(isHandedOver: true, from: -5)
        stream.drive(until: 5, kmh: 110)
        #expect(stream.opened.map(\.rule) == [.speeding, .speeding] && stream.plates == ["浙F00001", "浙F00002"])
        // Each is about one truck from its beginning to its end.
        let (first, second) = (try #require(stream.closed.first), try #require(stream.opened.last))
        #expect(first.alertID == stream.opened[0].alertID && first.closedAt.map { $0 < Self.noon } == true)
        #expect(second.since >= Self.noon)
        var one = Stream(isHandedOver: false, from: -5)
        one.drive(until: 5, kmh: 110)
        #expect(one.opened.count == 1 && one.closed.isEmpty)
    }

    /// The next truck's driver has not driven what the last one's did.
    @Test(arguments: [(true, []), (false, [.fatigueDriving])] as [(Bool, [VehicleAlert.Rule])])
    func drivingEndsWithTheTruck(isHandedOver: Bool, expected: [VehicleAlert.Rule]) {
        var stream = Stream(isHandedOver: isHandedOver, from: -180)
        stream.drive(until: 120, kmh: 40)
        #expect(stream.opened.map(\.rule) == expected)
    }

    /// The truck that is to have the terminal is not silent: it was never heard of.
    @Test(arguments: [(true, []), (false, [.silentVehicle])] as [(Bool, [VehicleAlert.Rule])])
    func nobodyIsSilentInAnothersPlace(isHandedOver: Bool, expected: [VehicleAlert.Rule]) {
        var stream = Stream(isHandedOver: isHandedOver, from: -10)
        stream.drive(until: -1, kmh: 40)
        stream.look(at: 600)
        #expect(stream.opened.map(\.rule) == expected)
    }

    @Test func whatWasTakenStaysTaken() {
        var stream = Stream(isHandedOver: true, from: -10)
        stream.drive(until: -5, kmh: 110)
        let time = stream.alerts.time
        #expect(stream.alerts.handOver().count == 1 && stream.alerts.time == time)
        #expect(stream.alerts.standing.isEmpty && stream.alerts.handOver().isEmpty)
    }
}
