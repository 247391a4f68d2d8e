import Chronology
import Deliveries
import Foundation
import Geodesy
import Registers
import Suspicions
import Telemetry
import TestSupport
import Testing
import Tracks

/// A day of real mixer trucks and no register at all: terminals that sleep when parked, no speed, no drum.
@Suite struct AthensSuspectsTests {
    private static let file = SharedData.url("athens/trucks-2002-09-13.csv")

    private static func stays(in world: World) throws -> [StayRecord] {
        var tracks: [TerminalID: [PositionReport]] = [:]
        for line in try String(contentsOf: try #require(Self.file), encoding: .utf8).split(whereSeparator: \.isNewline)
            .dropFirst()
        {
            let fields = line.split(whereSeparator: { $0 == "," })
            guard fields.count == 4, let terminal = TerminalID(fields[0]),
                let time = Instant(rfc3339: fields[1] + "+03:00"), let longitude = Double(fields[2]),
                let latitude = Double(fields[3]), let point = Coordinate(latitude: latitude, longitude: longitude)
            else { continue }
            tracks[terminal, default: []].append(PositionReport(recordedAt: time, coordinate: point))
        }
        var stays: [StayRecord] = []
        for (terminal, reports) in tracks {
            var fold = VehicleFold(terminal: terminal)
            for report in reports.sorted(by: { $0.recordedAt < $1.recordedAt }) {
                _ = fold.take(report, receivedAt: report.recordedAt, in: world, stays: &stays)
            }
            if let open = fold.openStay { stays.append(open) }
        }
        return stays
    }

    @Test(.enabled(if: Self.file != nil, "the day of real trucks is not beside the repository"))
    func thePlantsAreAtTheTop() throws {
        let world = World(registers: RegisterSnapshot())
        let stays = try Self.stays(in: world)
        let found = SuspectedPlantSearch(world: world).run(stays, asOf: try #require(stays.map(\.end).max())) { _ in []
        }
        let plants = [(37.990, 23.881), (38.131, 23.841), (38.108, 23.769)].compactMap {
            Coordinate(latitude: $0.0, longitude: $0.1)
        }
        #expect(found.count >= plants.count)
        for plant in plants {
            #expect(found.prefix(plants.count).contains { $0.coordinate.distanceMetres(to: plant) < 250 })
        }
    }
}
