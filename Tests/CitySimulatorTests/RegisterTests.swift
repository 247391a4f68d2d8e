import Chronology
import Foundation
import Geodesy
import Registers
import Testing

@testable import CitySimulator

@Suite("Registers and files")
struct RegisterTests {
    private static let city = SimulatedCity(CityPlan(seed: 3, trucks: 6, days: 1))

    @Test("National formats are kept")
    func nationalFormats() {
        let registers = Self.city.registers
        #expect(registers.vehicles.allSatisfy { NationalFormats.plate($0.plate) == nil })
        #expect(Self.city.companies.allSatisfy { $0.creditCode.map { NationalFormats.creditCode($0) == nil } ?? true })
        #expect(Self.city.districts.allSatisfy { NationalFormats.districtCode($0.district) == nil })
        let many = SimulatedCity(CityPlan(seed: 3, trucks: 500, days: 0)).registers.vehicles
        #expect(Set(many.map(\.plate)).count == 500)
        #expect(many.allSatisfy { NationalFormats.plate($0.plate) == nil })
    }

    @Test("Ids are unique, references lead somewhere")
    func references() {
        let registers = Self.city.registers
        let plants = Set(registers.plants.map(\.plantID))
        #expect(Set(registers.sites.map(\.siteID)).count == registers.sites.count)
        #expect(registers.sites.flatMap(\.approvedPlants).allSatisfy(plants.contains))
        #expect(registers.vehicles.allSatisfy { $0.homePlant.map(plants.contains) ?? false })
        #expect(Set(registers.vehicles.map(\.terminal)).count == registers.vehicles.count)
        #expect(Set(registers.places.map(\.kind)).count == 6)
        #expect(registers.plants.contains { $0.status == .suspended })
    }

    @Test(
        "Each file has the contract's columns",
        arguments: [
            (
                RegisterKind.plants,
                "plant_id,name,credit_code,licence_no,licence_kind,status,valid_from,valid_to,district,capacity_m3_per_year,lat,lon,radius_m,fence_wkt,coordinates"
            ),
            (
                .sites,
                "site_id,name,permit_no,status,valid_from,valid_to,district,approved_plants,lat,lon,radius_m,fence_wkt,coordinates"
            ),
            (.places, "place_id,name,kind,lat,lon,radius_m,fence_wkt,coordinates"),
            (
                .vehicles,
                "plate,terminal,kind,company,capacity_m3,tare_t,gross_limit_t,home_plant,registered_from,registered_to,blind_spot_camera"
            ),
            (.terminals, "terminal,dialect,drum_forward,right_camera_channel,coordinates"),
            (
                .zones,
                "zone_id,name,rule,days,from,to,permit_plates,lat,lon,radius_m,fence_wkt,coordinates"
            ),
            (.tickets, "ticket_id,plant_id,site_id,plate,product,volume_m3,issued_at"),
            (.companies, "company,credit_code,kind,district,contact"),
            (.districts, "district,name,parent,fence_wkt"),
        ])
    func columns(kind: RegisterKind, header: String) throws {
        let text = try #require(Self.city.csv(kind, tickets: Self.city.tickets(ofDay: 0)))
        let lines = text.split(separator: "\n")
        #expect(lines.first.map(String.init) == header)
        #expect(lines.count > 2)
        let reader = CommaSeparatedReader(text)
        #expect(reader.rows.allSatisfy { $0.count == header.split(separator: ",").count })
    }

    @Test("Fences and dates read back as they are in the model")
    func readsBack() throws {
        let reader = CommaSeparatedReader(try #require(Self.city.csv(.plants)))
        let plants = Self.city.registers.plants
        #expect(reader.rows.count == plants.count)
        for (row, plant) in zip(reader.rows, plants) {
            let wkt = try #require(reader.value("fence_wkt", of: row))
            switch plant.fence {
            case .polygon: #expect(try Fence.parse(wkt: wkt, in: .wgs84) == plant.fence)
            case .circle(let center, let radius):
                #expect(reader.value("lat", of: row).flatMap(Double.init) == center.latitude)
                #expect(reader.value("lon", of: row).flatMap(Double.init) == center.longitude)
                #expect(reader.value("radius_m", of: row).flatMap(Double.init) == radius)
            }
            #expect(reader.value("valid_to", of: row)?.isEmpty == (plant.period.to == nil))
        }
    }

    @Test("A written city is complete, and its truth reads back")
    func files() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("city-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let summary = try Self.city.write(to: folder.path)
        let names = Set(try FileManager.default.contentsOfDirectory(atPath: folder.path))
        let expected =
            SimulatedCity.registerKinds.map { $0.rawValue + ".csv" }
            + [
                "traffic.ndjson", "truth-deliveries.csv", "truth-hidden-plants.csv", "truth-exposure.csv",
                "truth-incidents.csv", "truth-alerts.csv", "city.json",
            ]
        #expect(names == Set(expected))
        func text(_ name: String) throws -> String {
            String(decoding: try Data(contentsOf: folder.appendingPathComponent(name)), as: UTF8.self)
        }
        #expect(try TruthDelivery.read(csv: try text("truth-deliveries.csv")) == Self.city.truth(ofDay: 0))
        let lines = try text("traffic.ndjson").split(separator: "\n")
        #expect(lines.count == summary.messages)
        for line in lines.prefix(500) {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect(Set((object ?? [:]).keys) == ["topic", "payload", "sent"])
        }
    }

    @Test("A city without end is not written to files")
    func endless() {
        #expect(throws: EndlessCity.self) {
            try SimulatedCity(CityPlan(trucks: 1, days: nil)).write(to: "/nonexistent")
        }
    }
}
