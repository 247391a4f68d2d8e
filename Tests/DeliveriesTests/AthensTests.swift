import Chronology
import Deliveries
import Foundation
import Geodesy
import Registers
import Telemetry
import TestSupport
import Testing

/// A day of real mixer trucks: 30 s fixes, terminals that sleep when parked, no speed, no register of sites.
@Suite struct AthensTests {
    /// Beside the repository, where it is given out with the task; never a part of it.
    static let file = SharedData.url("athens/trucks-2002-09-13.csv")?.path

    static func tracks() throws -> [TerminalID: [PositionReport]] {
        let text = try String(contentsOfFile: try #require(Self.file), encoding: .utf8)
        var tracks: [TerminalID: [PositionReport]] = [:]
        for line in text.split(whereSeparator: \.isNewline).dropFirst() {
            let fields = line.split(separator: ",")
            guard fields.count == 4, let terminal = TerminalID(fields[0]),
                let time = Instant(rfc3339: fields[1] + "+03:00"), let longitude = Double(fields[2]),
                let latitude = Double(fields[3]),
                let coordinate = Coordinate(latitude: latitude, longitude: longitude)
            else { continue }
            tracks[terminal, default: []].append(PositionReport(recordedAt: time, coordinate: coordinate))
        }
        return tracks.mapValues { $0.sorted { $0.recordedAt < $1.recordedAt } }
    }

    static func world() -> World {
        let centers = [(37.990, 23.881), (38.131, 23.841), (38.108, 23.769)]
        let plants = centers.enumerated().compactMap { index, center in
            Coordinate(latitude: center.0, longitude: center.1).map {
                Plant(
                    plantID: "P\(index + 1)", name: "P\(index + 1)", licenceKind: .concrete, status: .valid,
                    period: .always, fence: .circle(center: $0, radiusMetres: 250))
            }
        }
        return World(registers: RegisterSnapshot(plants: plants))
    }

    /// One delivery as a line, to be laid over the trail by whoever compares the two.
    private static func line(_ delivery: Delivery) -> String {
        func place(_ end: DeliveryEnd) -> String {
            let point = end.coordinate.map { "\($0.latitude),\($0.longitude)" } ?? ","
            return "\(end.id ?? end.kind.rawValue),\(point)"
        }
        let factors = delivery.confidence.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return "DELIVERY,\(delivery.terminal.text),\(place(delivery.origin)),\(delivery.loadStart?.description ?? ""),"
            + "\(delivery.loadEnd?.description ?? ""),\(place(delivery.destination)),\(delivery.unloadStart),"
            + "\(delivery.unloadEnd),\(delivery.coverage),\(factors.joined(separator: " "))"
    }

    @Test(.enabled(if: Self.file != nil, "the day of real trucks is not beside the repository"))
    func aDayOfRealTrucks() throws {
        let world = Self.world()
        var deliveries: [Delivery] = []
        var reports = 0
        for (terminal, track) in try Self.tracks().sorted(by: { $0.key < $1.key }) {
            var fold = VehicleFold(terminal: terminal)
            for report in track { deliveries += fold.take(report, receivedAt: report.recordedAt, in: world) }
            deliveries += fold.openDeliveries(in: world)
            reports += track.count
        }
        if ProcessInfo.processInfo.environment["ATHENS_DETAILS"] != nil {
            for delivery in deliveries { print(Self.line(delivery)) }
        }
        #expect(reports == 11_511)
        #expect((40...101).contains(deliveries.count))
        for delivery in deliveries {
            let minutes = delivery.unloadEnd.seconds(since: delivery.unloadStart) / 60
            #expect((8...180).contains(minutes))
            #expect(delivery.origin.kind == .plant)
            #expect((0.3...60).contains(delivery.distanceKilometres ?? 0))
        }
        #expect(deliveries.filter { $0.coverage >= 0.9 }.count * 10 >= deliveries.count * 8)
    }
}
