import Chronology
import Deliveries
import Foundation
import Geodesy
import Registers
import Seals
import Suspicions
import Telemetry
import TestSupport
import Testing
import Tracks

@testable import Evidence

/// What stands in a package.
@Suite struct PackageTests {
    private let key = EvidenceSigningKey()

    private func text(_ path: String, _ package: EvidencePackage) throws -> String {
        let file = try #require(package.files.first { $0.path == path }, "\(path)")
        return try #require(String(validating: file.bytes, as: UTF8.self), "\(path)")
    }

    @Test func everythingThatTheReportPromisesIsThere() async throws {
        let package = try await EvidencePackage.make(Sample.evidence(), signedBy: self.key)
        let report = try self.text(PackageLayout.report, package)
        for words in [
            "无资质来源", "不是违法认定", "案 2026-17", "浙F12345", "&lt;不在&gt;", "&quot;一号&quot; &lt;工地&gt;, A&amp;B",
            "WGS-84", self.key.publicKey.fingerprint, "<svg", "@page { size: A4",
        ] { #expect(report.contains(words), "\(words)") }
        #expect(!report.contains("<script") && !report.contains("http://") || report.contains("http://www.w3.org"))
        #expect(try self.text("registers/sites.csv", package).contains("known_when_judged"))
        #expect(try self.text(PackageLayout.messages, package).split(separator: "\n").count == 45)
        let positions = try self.text(PackageLayout.positions, package).split(separator: "\n")
        #expect(positions.count == 43)
        #expect(positions.dropFirst().allSatisfy { $0.hasSuffix(",true") })
        #expect(try self.text(PackageLayout.refusals, package).contains("out-of-range"))
        #expect(try self.text(PackageLayout.cameras, package).contains("right_blind_spot,lost"))
        #expect(try self.text(PackageLayout.trailGPX, package).contains("<trkpt"))
        #expect(try self.text(PackageLayout.judgement, package).contains("\"counterfacts\""))
        for picture in [PackageLayout.map, PackageLayout.timeline] {
            let parser = XMLParserCheck(try self.text(picture, package))
            #expect(parser.isWellFormed, "\(picture)")
        }
    }

    /// Of a delivery that is derived no more the report says so before all else, and the package what it is now.
    @Test func aSupersededDeliverySaysWhatBecameOfIt() async throws {
        var evidence = try Sample.evidence()
        let at = Sample.time("2026-03-02T12:00:00Z")
        evidence.supersededAt = at
        evidence.earlierForms = [
            SupersededForm(
                judged: evidence.judged, world: evidence.world, until: at,
                reason: "admin: registers changed (revision 8: sites.csv)")
        ]
        var now = evidence.judged
        now.delivery.deliveryID = "D-T1-20260302T090000Z"
        now.verdict = .clear
        evidence.successors = [now]
        let package = try await EvidencePackage.make(evidence, signedBy: self.key)
        let report = try self.text(PackageLayout.report, package)
        for words in ["已被取代", "superseded", "sites.csv", "D-T1-20260302T090000Z"] {
            #expect(report.contains(words), "\(words)")
        }
        #expect(try self.text(PackageLayout.head, package).contains("\"superseded_at\": \"\(at)\""))
        #expect(try self.text(PackageLayout.successors, package).contains("D-T1-20260302T090000Z"))
        #expect(try self.text(PackageLayout.earlier, package).contains("\"cause\": \"registers\""))
        _ = try EvidenceVerifier.verify(package.files, key: nil)
        let standing = try await EvidencePackage.make(Sample.evidence(), signedBy: self.key)
        #expect(!standing.files.contains { $0.path == PackageLayout.successors })
        #expect(try !self.text(PackageLayout.report, standing).contains("已被取代"))
    }

    /// One end of it is a suspected plant: the package has its card, what people decided, and why it is that grave.
    @Test func aSuspectedPlantComesWithItsCard() async throws {
        var evidence = try Sample.evidence()
        let id = "X-307000-1207000"
        evidence.judged.delivery.origin.kind = .suspectedPlant
        evidence.judged.delivery.origin.id = id
        evidence.judged.delivery.confidence["origin"] = 0.85
        evidence.judged.judgements[0].parameters["urgent_confidence"] = 0.7
        var card = PlantEvidence()
        (card.loads, card.trucks, card.visits) = (23, 5, 31)
        (card.firstSeen, card.lastSeen) = (Sample.start.advanced(bySeconds: -864_000), Sample.start)
        card.hours[22] = 23
        let suspect = SuspectedPlant(
            suspectedPlantID: id, coordinate: try #require(evidence.judged.delivery.origin.coordinate),
            radiusMetres: 80, evidence: card, score: 72.5,
            reasons: [
                PlantReason(
                    name: "loads", points: 15, statement: Statement(zh: "疑似装料 23 车次。", en: "23 likely loads."))
            ], isLikely: true, parametersVersion: 1, registerRevision: 7)
        func decision(_ status: SuspectStatus, _ at: String, _ reason: String) -> SuspectDecision {
            SuspectDecision(status: status, at: Sample.time(at), by: "王", reason: reason)
        }
        let decisions = [
            decision(.checking, "2026-03-01T00:00:00Z", ""), decision(.dismissed, "2026-03-03T00:00:00Z", "<洗车场>"),
        ]
        evidence.suspects = [
            EvidenceSuspect(
                suspectedPlantID: id, card: suspect, cardAt: evidence.derivedAt, isOfJudgement: true,
                decisions: decisions)
        ]
        let package = try await EvidencePackage.make(evidence, signedBy: self.key)
        _ = try EvidenceVerifier.verify(package.files, key: self.key.publicKey)
        let bytes = Data(try self.text(PackageLayout.suspects, package).utf8)
        let document = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
        let plant = try #require((document["suspected_plants"] as? [[String: Any]])?.first)
        #expect(plant["suspected_plant_id"] as? String == id && plant["status_when_judged"] as? String == "checking")
        #expect(plant["card_is_that_of_the_judgement"] as? Bool == true)
        let shown = try #require(plant["card"] as? [String: Any])
        #expect((shown["counts"] as? [String: Any])?["loads"] as? Int == 23)
        #expect((shown["reasons"] as? [[String: Any]])?.map { $0["name"] as? String } == ["loads"])
        let known = (plant["decisions"] as? [[String: Any]])?.map { $0["known_when_judged"] as? Bool }
        #expect(known == [true, false])
        let report = try self.text(PackageLayout.report, package)
        for words in [
            "85 %", "70 %", "urgent_confidence", id, "72.5", "疑似装料 23 车次", "22:00 × 23", "核查中 checking",
            "&lt;洗车场&gt;", "判定时（2026-03-02 18:00:00）",
        ] { #expect(report.contains(words), "\(words)") }
        // Not kept at that time: the package says so, and of one that is gone as well.
        evidence.suspects[0].isOfJudgement = false
        let later = try await EvidencePackage.make(evidence, signedBy: self.key)
        #expect(try self.text(PackageLayout.report, later).contains("判定时的证据卡未留存"))
        evidence.suspects[0].card = nil
        let gone = try await EvidencePackage.make(evidence, signedBy: self.key)
        #expect(try self.text(PackageLayout.report, gone).contains("现已不再检出"))
        #expect(try self.text(PackageLayout.suspects, gone).contains("\"card\": null"))
        // No suspected plant, no such file; and an older package had none.
        let plain = try await EvidencePackage.make(Sample.evidence(), signedBy: self.key)
        #expect(!plain.files.contains { $0.path == PackageLayout.suspects })
        _ = try EvidenceVerifier.verify(plain.files, key: self.key.publicKey)
    }

    /// An expired row stands in the table and the report, with the days for which it was valid.
    @Test func anExpiredPlantIsShownWithItsValidity() async throws {
        var evidence = try Sample.evidence()
        let center = try #require(evidence.judged.delivery.origin.coordinate)
        let period = ValidPeriod(from: Sample.time("2024-12-31T16:00:00Z"), to: Sample.time("2025-12-31T16:00:00Z"))
        let plant = Plant(
            plantID: "P004", name: "旧站", licenceKind: .concrete, status: .valid, period: period,
            fence: .circle(center: center, radiusMetres: 100))
        evidence.registers.append(
            EvidenceRegisterRow(
                entry: 99, record: .plant(plant), knownFrom: Sample.time("2026-01-01T00:00:00Z"), knownTo: nil,
                importedBy: "clerk", source: "plants.csv"))
        let package = try await EvidencePackage.make(evidence, signedBy: self.key)
        let row = try #require(
            try self.text("registers/plants.csv", package).split(separator: "\n").first { $0.contains("P004") })
        #expect(row.contains("2025-01-01") && row.contains("2025-12-31") && row.contains("true"))
        let report = try self.text(PackageLayout.report, package)
        #expect(report.contains("旧站") && report.contains("2025-01-01 – 2025-12-31"))
    }

    /// Both ends have the name that a register gives them, and a rule without parameters says nothing of any.
    @Test func theReportNamesTheEndsAndNoEmptyParameters() async throws {
        var evidence = try Sample.evidence()
        let hit = try #require(evidence.judged.judgements.first)
        var bare = hit
        bare.parameters = [:]
        evidence.judged.judgements.append(bare)
        let package = try await EvidencePackage.make(evidence, signedBy: self.key)
        let report = try self.text(PackageLayout.report, package)
        #expect(report.contains("工地 site &quot;一号&quot; &lt;工地&gt;, A&amp;B S1 ("))
        #expect(report.contains("未登记地点 unknown place ("))
        #expect(report.contains("参数：margin = 80；登记库版本 7") && report.contains("<p>登记库版本 7"))
        #expect(!report.contains("参数：；"))
    }

    /// What a camera said holds for as long as the rules believe it, and is unknown after that.
    @Test func aCameraThatFellSilentIsUnknownInThePicture() async throws {
        func width(holdSeconds: Double) async throws -> Double {
            var evidence = try Sample.evidence()
            evidence.parameters.driving.cameraHold = holdSeconds
            let package = try await EvidencePackage.make(evidence, signedBy: self.key)
            let bars = try self.text(PackageLayout.timeline, package).matches(
                of: /<rect x="[\d.]+" y="274" width="([\d.]+)" height="14"/)
            #expect(bars.count == 1)
            return try #require(bars.first.flatMap { Double($0.1) })
        }
        let (short, long) = (try await width(holdSeconds: 240), try await width(holdSeconds: 480))
        #expect(abs(long / short - 2) < 0.01, "\(short) \(long)")
    }

    @Test func theSameCaseGivesTheSameBytes() async throws {
        let one = try await EvidencePackage.make(Sample.evidence(), signedBy: self.key)
        let other = try await EvidencePackage.make(Sample.evidence(), signedBy: self.key)
        #expect(one.manifestHash == other.manifestHash)
    }

    /// The register was corrected after the message had come: it is read by what was known then.
    @Test func messagesAreReadByTheSettingsOfTheirTime() async throws {
        let shifted = TerminalSettings(terminal: "T1", coordinates: .gcj02)
        let evidence = try Sample.evidence([shifted])
        // The log has what the defaults gave; by the register's row the coordinates would be others.
        let package = try await EvidencePackage.make(evidence, signedBy: self.key)
        let head = try self.text(PackageLayout.head, package)
        #expect(head.contains("\"messages_decoded_differently\": 0"))
        _ = try EvidenceVerifier.verify(package.files, key: nil)

        var other = evidence
        for index in other.stored.indices { other.stored[index].report.coordinate.latitudeE7 += 1 }
        let differing = try await EvidencePackage.make(other, signedBy: self.key)
        #expect(try self.text(PackageLayout.head, differing).contains("\"messages_decoded_differently\": 42"))
    }

    @Test func withoutOriginalsThereIsNoPackage() async throws {
        var evidence = try Sample.evidence()
        evidence.messages = []
        let error = await #expect(throws: EvidenceError.self) {
            try await EvidencePackage.make(evidence, signedBy: self.key)
        }
        #expect(error?.code == .noOriginals)
    }

    @Test func aBrokenBatchIsNotPackedAsEvidence() async throws {
        var evidence = try Sample.evidence()
        evidence.batches[3].batch.sealed[20] ^= 1
        let error = await #expect(throws: EvidenceError.self) {
            try await EvidencePackage.make(evidence, signedBy: self.key)
        }
        #expect(error?.code == .brokenChain)
    }

    @Test func keysComeBackFromTheirText() throws {
        let again = try EvidenceSigningKey(pem: self.key.pem, place: "key")
        #expect(again.publicKey.fingerprint == self.key.publicKey.fingerprint)
        let pem = again.publicKey.pem
        #expect(try EvidencePublicKey(pem: pem, place: "key").bytes == self.key.publicKey.bytes)
        for bad in [
            "", pem, String(pem.dropLast(30)), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        ] {
            #expect(throws: EvidenceError.self) { try EvidenceSigningKey(pem: bad, place: "key") }
        }
        // RFC 8410, section 10.3 and 10.1: its example keys.
        let example = """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
            -----END PRIVATE KEY-----
            """
        let published = """
            -----BEGIN PUBLIC KEY-----
            MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
            -----END PUBLIC KEY-----

            """
        #expect(try EvidenceSigningKey(pem: example, place: "RFC 8410").publicKey.pem == published)
    }

    @Test func aFolderComesBackAsItWasWritten() async throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("evidence-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: root) }
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        let files = try await EvidencePackage.make(Sample.evidence(), signedBy: self.key).files
        try PackageFolder.write(files, to: root + "/package")
        #expect(try PackageFolder.read(root + "/package") == files.sorted { $0.path < $1.path })
        #expect(throws: EvidenceError.self) { try PackageFolder.write(files, to: root + "/package") }
        // What is no file of a package.
        try FileManager.default.createSymbolicLink(
            atPath: root + "/package/raw/link", withDestinationPath: "../report.html")
        #expect(throws: EvidenceError.self) { try PackageFolder.read(root + "/package") }
        try FileManager.default.removeItem(atPath: root + "/package/raw/link")
        try FileManager.default.createDirectory(atPath: root + "/package/empty", withIntermediateDirectories: true)
        #expect(throws: EvidenceError.self) { try PackageFolder.read(root + "/package") }
        #expect(throws: EvidenceError.self) { try PackageFolder.read(root + "/nowhere") }
    }
}

/// Whether tags open and close as they have to; enough for pictures that this package writes itself.
private struct XMLParserCheck {
    let isWellFormed: Bool

    init(_ text: String) {
        var open: [Substring] = []
        var isGood = true
        for tag in text.matches(of: #/<(/?)([a-z]+)[^<>]*?(/?)>/#) {
            if !tag.1.isEmpty {
                isGood = isGood && open.popLast() == tag.2
            } else if tag.3.isEmpty {
                open.append(tag.2)
            }
        }
        self.isWellFormed = isGood && open.isEmpty && text.count { $0 == "<" } == text.count { $0 == ">" }
    }
}
