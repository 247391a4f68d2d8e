import Console
import Hummingbird
import Suspicions
import Synchronization
import Testing

/// The address of the evidence package: behind a purpose, and a download.
@Suite struct EvidenceDownloadTests {
    /// Remembers who asked for what.
    private final class FakeExporter: EvidenceExporting {
        let asked = Mutex<[EvidenceRequest]>([])

        func evidence(_ request: EvidenceRequest) async throws -> EvidenceArchive? {
            self.asked.withLock { $0.append(request) }
            switch request.deliveryID {
            case "D-JX1001-3": throw EvidenceRefusal(zh: "原文已清除", en: "the originals were dropped")
            case "D-JX1001-4": throw FleetReadingError.unavailable("test")
            case "D-JX1001-2": return nil
            default: return EvidenceArchive(fileName: "evidence-x.zip", bytes: [UInt8](repeating: 7, count: 700_000))
            }
        }
    }

    private func server(
        _ exporter: (any EvidenceExporting)?, _ fleet: FakeFleet = FakeFleet()
    ) throws -> ConsoleServer {
        let deliveries = try (1...4).map { try judged($0) }
        fleet.change { $0.deliveries = deliveries }
        return ConsoleServer(
            configuration: ConsoleConfiguration(port: 0, leafletDirectory: "/nonexistent"), fleet: fleet, access: .open,
            evidence: exporter, logger: quietLogger, now: { testNow })
    }

    @Test func thePackageIsDownloaded() async throws {
        let exporter = FakeExporter()
        try await self.server(exporter).application().test { client in
            let path = "/api/v1/deliveries/D-JX1001-1/evidence?purpose=%E6%A1%88+7"
            let answer = try await client.execute(uri: path, method: .get)
            #expect(answer.status == .ok)
            #expect(answer.headers[.contentType] == "application/zip")
            let disposition = answer.headers.first { $0.name.canonicalName == "content-disposition" }?.value
            #expect(disposition == "attachment; filename=\"evidence-x.zip\"")
            #expect(answer.headers[.cacheControl] == "no-store")
            #expect(answer.body.readableBytes == 700_000)
        }
        let request = EvidenceRequest(deliveryID: "D-JX1001-1", purpose: "案 7", reader: "unknown")
        #expect(exporter.asked.withLock { $0 } == [request])
    }

    /// The log that names who took the package says as what, and from where.
    @Test func theExporterLearnsWhoAsks() async throws {
        let (exporter, fleet) = (FakeExporter(), FakeFleet())
        let delivery = try judged(1)
        fleet.change { $0.deliveries = [delivery] }
        let access = ConsoleAccess.accounts(AccessTests.accounts(.enforcementOfficer), nil)
        try await console(fleet, access: access, evidence: exporter).application().test { client in
            let answer = try await client.execute(
                uri: "/api/v1/deliveries/D-JX1001-1/evidence?purpose=case+7", method: .get,
                headers: AccessTests.bearer)
            #expect(answer.status == .ok)
        }
        let request = try #require(exporter.asked.withLock { $0 }.first)
        #expect(request.role == "enforcement_officer")
        #expect(!request.address.isEmpty && request.address != request.reader)
    }

    @Test(arguments: [
        ("1/evidence", 400), ("1/evidence?purpose=", 400), ("1/evidence?purpose=++", 400),
        // What prints nothing, and what names no case.
        ("1/evidence?purpose=%E2%80%8B", 400), ("1/evidence?purpose=%E2%80%AE%E2%80%8B", 400),
        ("1/evidence?purpose=x.", 400),
        ("1/evidence?purpose=case&why=y", 400), ("2/evidence?purpose=case", 404), ("3/evidence?purpose=case", 409),
        ("4/evidence?purpose=case", 503),
    ])
    func whatCannotBeHadIsAProblem(path: String, status: Int) async throws {
        try await self.server(FakeExporter()).application().test { client in
            let answer = try await client.execute(uri: "/api/v1/deliveries/D-JX1001-" + path, method: .get)
            #expect(answer.status.code == status)
            #expect(answer.headers[.contentType] == "application/problem+json")
        }
    }

    /// One that is derived no more has a package of how it last stood.
    @Test func aSupersededDeliveryIsExported() async throws {
        let exporter = FakeExporter()
        let record = DeliveryRecord(judged: try judged(5), supersededAt: testNow)
        let server = ConsoleServer(
            configuration: ConsoleConfiguration(port: 0, leafletDirectory: "/nonexistent"),
            fleet: FakeFleet(FakeFleet.Content(records: [record])), access: .open, evidence: exporter,
            logger: quietLogger, now: { testNow })
        try await server.application().test { client in
            let path = "/api/v1/deliveries/D-JX1001-5/evidence?purpose=case+7"
            let answer = try await client.execute(uri: path, method: .get)
            #expect(answer.status == .ok)
        }
        #expect(exporter.asked.withLock { $0.count } == 1)
    }

    /// Of what was tried and not had the log says so, with the delivery; what is handed out the exporter notes.
    @Test func anAttemptIsNotedAsWhatItWas() async throws {
        let fleet = FakeFleet()
        try await self.server(FakeExporter(), fleet).application().test { client in
            for number in [1, 2, 3, 9] {
                let path = "/api/v1/deliveries/D-JX1001-\(number)/evidence?purpose=case+\(number)"
                _ = try await client.execute(uri: path, method: .get)
            }
        }
        #expect(fleet.accesses.map(\.subject) == ["D-JX1001-2", "D-JX1001-3", "D-JX1001-9"])
        #expect(fleet.accesses.map(\.outcome) == [.notFound, .refused, .notFound])
        #expect(fleet.accesses.allSatisfy { $0.kind == .evidence })
        #expect(fleet.accesses.map(\.purpose) == ["case 2", "case 3", "case 9"])
    }

    /// The exporter sees everything; who asks may not.
    @Test func whatTheFleetDoesNotShowIsNotExported() async throws {
        let exporter = FakeExporter()
        try await self.server(exporter).application().test { client in
            let path = "/api/v1/deliveries/D-JX1001-9/evidence?purpose=case"
            let answer = try await client.execute(uri: path, method: .get)
            #expect(answer.status == .notFound)
        }
        #expect(exporter.asked.withLock { $0 } == [])
    }
}
