import Chronology
import Deliveries
import Foundation
import Geodesy
import Registers
import Suspicions
import Telemetry
import Testing
import Tracks

/// A day of real, honest mixer trucks, judged by the rules that need no register of sites and no notes: terminals that
/// sleep, queues, breaks and jams must not be accused.
@Suite struct AthensRulesTests {
    /// Beside the repository, where it is given out with the task; never a part of it.
    static let file: String? = {
        var folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        while folder.path != "/", !FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path)
        {
            folder.deleteLastPathComponent()
        }
        let path = folder.appending(path: "../shared/data/athens/trucks-2002-09-13.csv").standardized.path
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }()

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

    static func world(_ terminals: [TerminalID]) -> World {
        let centers = [(37.990, 23.881), (38.131, 23.841), (38.108, 23.769)]
        let plants = centers.enumerated().compactMap { index, center in
            Coordinate(latitude: center.0, longitude: center.1).map {
                Plant(
                    plantID: "P\(index + 1)", name: "P\(index + 1)", licenceKind: .concrete, status: .valid,
                    period: .always, fence: .circle(center: $0, radiusMetres: 250))
            }
        }
        let vehicles = terminals.map { Vehicle(plate: $0.text, terminal: $0.text, kind: .mixer) }
        return World(registers: RegisterSnapshot(plants: plants, vehicles: vehicles))
    }

    @Test(.enabled(if: Self.file != nil, "the day of real trucks is not beside the repository"))
    func honestTrucksAreLeftAlone() throws {
        let tracks = try Self.tracks()
        let world = Self.world(tracks.keys.sorted())
        var roads = UsualRoads(world.parameters.roads)
        var deliveries: [Delivery] = []
        for (terminal, reports) in tracks.sorted(by: { $0.key < $1.key }) {
            guard let first = reports.first else { continue }
            roads.learn(reports.map(Fix.init), of: terminal, on: first.recordedAt.date(at: .shanghai))
            var fold = VehicleFold(terminal: terminal)
            for report in reports { deliveries += fold.take(report, receivedAt: report.recordedAt, in: world) }
            deliveries += fold.openDeliveries(in: world)
        }
        let judge = Judge(world: world)
        var hits: [String: Int] = [:]
        for delivery in deliveries {
            var context = DeliveryContext(asOf: delivery.unloadEnd.advanced(bySeconds: 1e6))
            context.roads = roads
            context.otherDrops = deliveries.filter {
                $0.loadID == delivery.loadID && $0.deliveryID != delivery.deliveryID
            }
            let judged = judge.judge(delivery, context)
            #expect(judged.verdict != .suspicious, "\(judged.suspicions)")
            for code in judged.suspicions { hits[code, default: 0] += 1 }
        }
        // The clock of the catalogue is China's, so that an afternoon in Athens is night.
        hits["night-pour"] = nil
        #expect(Set(hits.keys).isSubset(of: ["mid-route-stop"]))
        #expect(hits["mid-route-stop"] ?? 0 <= 3)
    }
}
