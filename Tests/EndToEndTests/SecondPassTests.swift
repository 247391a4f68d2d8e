import Foundation
import LocalServers
import Supervision
import TestSupport
import Testing

/// What is made from all vehicles together, and what people and registers change in it, in a running installation.
@Suite struct SecondPassTests {
    /// The traffic of a city, with the positions of each terminal in arrays of hundreds: as buffered stretches come.
    private static func regroup(_ file: String, to target: String) throws {
        var pending: [String: [Any]] = [:]
        var order: [String] = []
        var lines: [Data] = []
        func write(_ topic: String) throws {
            guard let reports = pending.removeValue(forKey: topic) else { return }
            lines.append(try JSONSerialization.data(withJSONObject: ["topic": topic, "payload": reports]))
        }
        for line in try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n") {
            let data = Data(line.utf8)
            let object = try JSONSerialization.jsonObject(with: data) as? [String: Any]
            guard let topic = object?["topic"] as? String, topic.hasSuffix("/position"),
                let payload = object?["payload"]
            else {
                lines.append(data)
                continue
            }
            if pending[topic] == nil { order.append(topic) }
            pending[topic, default: []] += payload as? [Any] ?? [payload]
            if pending[topic]?.count ?? 0 >= 500 { try write(topic) }
        }
        for topic in order { try write(topic) }
        try Data(lines.joined(separator: Data("\n".utf8))).write(to: URL(fileURLWithPath: target))
    }

    private static func rows(_ installation: Installation, _ command: String) async throws -> [[String: Any]] {
        try await installation.run(command, "--format", "ndjson").lines.map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }

    private static func expectNothingChanges(_ installation: Installation) async throws {
        let outcome = try await installation.run("analyse", "--diff")
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("0 added, 0 changed, 0 withdrawn"), "\(outcome.output)")
    }

    @Test func aCityIsJudgedFromAllThatIsStored() async throws {
        let broker = try await TestServers.shared.makePrivateBroker()
        let installation = try await Installation(broker: broker.url)
        let folder = try await TestServers.shared.makeFolder()
        #expect(
            try await installation.run(
                "simulate", folder, "--seed", "11", "--trucks", "20", "--days", "4", "--shortest-sampling", "30",
                "--longest-sampling", "60"
            ).code == 0)
        try Self.regroup("\(folder)/traffic.ndjson", to: "\(folder)/grouped.ndjson")
        let service = try await installation.serve()
        for kind in ["districts", "companies", "plants", "sites", "places", "vehicles", "terminals", "tickets"] {
            #expect(try await installation.run("import", kind, "\(folder)/\(kind).csv").code == 0)
        }
        #expect(try await installation.run("replay", "\(folder)/grouped.ndjson").code == 0)
        _ = try await installation.caughtUp()

        // Loads at suspected plants name them, and deriving all again gives the same.
        let suspects = try await Self.rows(installation, "suspected-plants")
        let named = try await Self.rows(installation, "deliveries").filter {
            $0["origin_kind"] as? String == "suspected_plant"
        }
        let id = try #require(named.first?["origin_id"] as? String)
        #expect(suspects.contains { $0["suspected_plant_id"] as? String == id })
        #expect(
            try installation.count(
                "SELECT count(*) FROM alert WHERE rule = 'suspected-plant' AND status = 'open'") == suspects.count)
        try await Self.expectNothingChanges(installation)
        #expect(
            try installation.count(
                """
                SELECT count(DISTINCT said ->> 'rule') FROM delivery, jsonb_array_elements(content -> 'judgements') said
                WHERE said ->> 'rule' = 'off-corridor' AND said ->> 'outcome' <> 'insufficient'
                """) == 1)

        try await Self.dismiss(id, installation)
        try await Self.correctALicence(installation, folder)
        try await Self.inventANote(installation, folder)
        try await Self.copyANumber(installation, folder)
        try await Self.register(id, installation, folder)
        try await Self.misdeclare(installation, folder)
        #expect(await service.stop().isSuccess)
        try await broker.stop()
    }

    /// Registers that came before any truck could not be asked about; now they are, and accuse nobody meanwhile.
    @Test func registersThatCameFirstAreQuestioned() async throws {
        let broker = try await TestServers.shared.makePrivateBroker()
        let installation = try await Installation(broker: broker.url)
        let folder = try await TestServers.shared.makeFolder()
        #expect(
            try await installation.run(
                "simulate", folder, "--seed", "11", "--trucks", "10", "--days", "2", "--shortest-sampling", "30",
                "--longest-sampling", "60"
            ).code == 0)
        try Self.regroup("\(folder)/traffic.ndjson", to: "\(folder)/grouped.ndjson")
        let service = try await installation.serve()
        for kind in ["places", "vehicles", "terminals"] {
            #expect(try await installation.run("import", kind, "\(folder)/\(kind).csv").code == 0)
        }
        for kind in ["plants", "sites"] {
            let text = try String(contentsOfFile: "\(folder)/\(kind).csv", encoding: .utf8)
            let wrong = text.replacingOccurrences(of: "wgs84", with: "gcj02")
            #expect(wrong != text)
            try Data(wrong.utf8).write(to: URL(fileURLWithPath: "\(folder)/wrong.csv"))
            #expect(try await installation.run("import", kind, "\(folder)/wrong.csv").code == 0)
        }
        #expect(try await installation.run("replay", "\(folder)/grouped.ndjson").code == 0)
        let counts = try await installation.caughtUp()
        #expect(counts["coordinate_questions"] ?? 0 > 4)
        for command in ["check", "status"] {
            #expect(try await installation.run(command).output.contains("--keep-coordinates"))
        }
        #expect(service.log.contains("Coordinates of the registers are in question"))
        // Nearly all of them were loaded and unloaded outside these fences.
        let all = try await Self.rows(installation, "deliveries")
        let held = try await Self.accused(installation)
        #expect(held.count < all.count / 2, "\(held.count) of \(all.count)")
        #expect(
            try installation.count(
                "SELECT count(*) FROM delivery WHERE verdict = 'insufficient_data' AND content::text LIKE '%in question%'"
            )
                > all.count / 4)
        try await Self.expectAlertsOfSuspectsOnly(installation)
        try await Self.confirmPlants(installation, folder)
        // With the right ones nothing is asked any more.
        for kind in ["plants", "sites"] {
            #expect(try await installation.run("import", kind, "\(folder)/\(kind).csv", "--replace").code == 0)
        }
        #expect(try await installation.caughtUp()["coordinate_questions"] == 0)
        #expect(
            try installation.count("SELECT count(*) FROM delivery WHERE content::text LIKE '%in question%'") == 0)
        try await Self.expectAlertsOfSuspectsOnly(installation)
        #expect(await service.stop().isSuccess)
        try await broker.stop()
    }

    /// Whoever imports them again on the web as they are, and insists, answers what was asked about them.
    private static func confirmPlants(_ installation: Installation, _ folder: String) async throws {
        let text = try String(contentsOfFile: "\(folder)/plants.csv", encoding: .utf8)
        let file = Data(text.replacingOccurrences(of: "wgs84", with: "gcj02").utf8).base64EncodedString()
        let said = try await Web(port: installation.port).post(
            "/api/v1/registers/plants/file", #"{"name":"plants.csv","file":"\#(file)","keep_coordinates":true}"#)
        #expect(said.status == 200 && said.json["stored"] as? Bool == true, "\(said.body)")
        #expect(
            try installation.count(
                "SELECT count(*) FROM coordinate_question WHERE kind = 'plants' AND answered_at IS NULL") == 0)
        let plants = try installation.count(
            "SELECT count(DISTINCT id) FROM register_entry WHERE kind = 'plants' AND known_to IS NULL")
        #expect(
            try installation.count(
                "SELECT count(DISTINCT id) FROM coordinate_question WHERE kind = 'plants' AND answered_at IS NOT NULL")
                == plants)
    }

    /// What stands and what is alerted about is what the halts and the registers say now.
    private static func expectAlertsOfSuspectsOnly(_ installation: Installation) async throws {
        let found = try await Self.rows(installation, "suspected-plants").compactMap {
            $0["suspected_plant_id"] as? String
        }
        let open = try await Self.rows(installation, "alerts").filter {
            $0["rule"] as? String == "suspected-plant" && $0["status"] as? String == "open"
        }.compactMap { $0["alert_id"] as? String }
        #expect(open.sorted() == found.map { "A-suspected-plant-" + $0 }.sorted())
        #expect(try installation.count("SELECT count(*) FROM suspected_plant") == found.count)
    }

    /// Who was loaded or unloaded at no registered place, it is said.
    private static func accused(_ installation: Installation) async throws -> [String] {
        try await Self.rows(installation, "deliveries").filter {
            let said = $0["suspicions"] as? String ?? ""
            return said.contains("unlicensed-origin") || said.contains("unregistered-destination")
        }.compactMap { $0["delivery_id"] as? String }
    }

    /// Dismissed, it is a known place, and what was said of the loads there is kept with who and why.
    private static func dismiss(_ id: String, _ installation: Installation) async throws {
        #expect(try await installation.run("suspected-plants", "decide", id, "dismissed", "--reason", "x").code == 1)
        #expect(try await installation.run("suspected-plants", "decide", id, "checking", "--reason", "案 7").code == 0)
        #expect(
            try await installation.run(
                "suspected-plants", "decide", id, "dismissed", "--reason", "现场为洗车场", "--place-kind", "wash"
            ).code == 0)
        _ = try await installation.caughtUp()
        #expect(try await Self.rows(installation, "deliveries").allSatisfy { $0["origin_id"] as? String != id })
        #expect(
            try installation.count(
                "SELECT least(count(*), 1) FROM delivery_superseded WHERE reason LIKE '%dismissed: 现场为洗车场'") == 1)
        let found = try await Self.rows(installation, "suspected-plants").first {
            $0["suspected_plant_id"] as? String == id
        }
        #expect(found?["status"] as? String == "dismissed")
        #expect(try await installation.run("suspected-plants", "history", id).output.contains("checking → dismissed"))
        let alert = try await Self.rows(installation, "alerts").first {
            $0["alert_id"] as? String == "A-suspected-plant-" + id
        }
        #expect(alert?["status"] as? String == "closed")
        try await Self.expectNothingChanges(installation)
    }

    /// A corrected licence changes what is said of the plant's own loads, and of no other's.
    private static func correctALicence(_ installation: Installation, _ folder: String) async throws {
        let before = try await Self.rows(installation, "deliveries")
        let plant = try #require(
            before.first { $0["origin_kind"] as? String == "plant" && $0["verdict"] as? String == "clear" }?[
                "origin_id"]
                as? String)
        let lines = try String(contentsOfFile: "\(folder)/plants.csv", encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: true)
        let row = try #require(lines.first { $0.contains(plant) })
        let corrected = "\(lines[0])\n" + row.replacingOccurrences(of: ",valid,", with: ",revoked,") + "\n"
        try Data(corrected.utf8).write(to: URL(fileURLWithPath: "\(folder)/corrected.csv"))
        let derived = try installation.count("SELECT count(*) FROM derive_request")
        #expect(try await installation.run("import", "plants", "\(folder)/corrected.csv").code == 0)
        _ = try await installation.caughtUp()
        let after = try await Self.rows(installation, "deliveries")
        #expect(before.count == after.count)
        var changed = 0
        for (old, new) in zip(before, after) where !NSDictionary(dictionary: old).isEqual(to: new) {
            changed += 1
            #expect(new["origin_id"] as? String == plant, "\(new)")
            #expect((new["suspicions"] as? String ?? "").contains("licence-invalid"), "\(new)")
        }
        #expect(changed > 0)
        #expect(try installation.count("SELECT count(*) FROM derive_request") <= derived + 20)
        #expect(
            try installation.count(
                "SELECT least(count(*), 1) FROM delivery_superseded WHERE reason LIKE '%plants corrected.csv%'") == 1)
        try await Self.expectNothingChanges(installation)
    }

    private static func status(ofAlert id: String, _ installation: Installation) async throws -> String? {
        try await Self.rows(installation, "alerts").first { $0["alert_id"] as? String == id }?["status"] as? String
    }

    /// A place that somebody looks at again turns out to be a plant of the register: nothing moved, and it stands
    /// accused no more.
    private static func register(_ id: String, _ installation: Installation, _ folder: String) async throws {
        let alert = "A-suspected-plant-" + id
        #expect(try await installation.run("suspected-plants", "decide", id, "checking", "--reason", "案 8").code == 0)
        _ = try await installation.caughtUp()
        #expect(try await Self.status(ofAlert: alert, installation) == "open")
        let suspect = try #require(
            try await Self.rows(installation, "suspected-plants").first { $0["suspected_plant_id"] as? String == id })
        let (lat, lon) = (try #require(suspect["lat"]), try #require(suspect["lon"]))
        let row =
            "plant_id,name,licence_kind,status,valid_from,lat,lon,radius_m\nP-NEW,新站,concrete,valid,2020-01-01,\(lat),\(lon),250\n"
        try Data(row.utf8).write(to: URL(fileURLWithPath: "\(folder)/new.csv"))
        #expect(try await installation.run("import", "plants", "\(folder)/new.csv").code == 0)
        _ = try await installation.caughtUp()
        #expect(try await Self.status(ofAlert: alert, installation) == "closed")
        #expect(
            try await Self.rows(installation, "deliveries").contains { $0["origin_id"] as? String == "P-NEW" })
        #expect(
            try installation.count(
                """
                SELECT count(*) FROM suspected_plant s
                WHERE NOT EXISTS (SELECT FROM suspect_decision d WHERE d.suspected_plant_id = s.suspected_plant_id)
                    AND NOT EXISTS (
                        SELECT FROM alert a
                        WHERE a.alert_id = 'A-suspected-plant-' || s.suspected_plant_id AND a.status = 'open')
                """) == 0, "each lead has its alert")
        try await Self.expectNothingChanges(installation)
    }

    /// A number that was given out two months before counts on the delivery that took it, until that note is withdrawn.
    private static func copyANumber(_ installation: Installation, _ folder: String) async throws {
        func suspicions(_ id: String) async throws -> String? {
            try await Self.rows(installation, "deliveries").first { $0["delivery_id"] as? String == id }?["suspicions"]
                as? String
        }
        let delivery = try #require(
            try await Self.rows(installation, "deliveries").first {
                $0["verdict"] as? String == "clear" && !($0["ticket_id"] as? String ?? "").isEmpty
            })
        let (id, number) = (
            try #require(delivery["delivery_id"] as? String), try #require(delivery["ticket_id"] as? String)
        )
        let plant = try #require(delivery["origin_id"] as? String)
        let year = try #require((delivery["load_end"] as? String)?.prefix(4))
        for (name, year) in [("before", String((Int(year) ?? 0) - 1)), ("copy", String(year))] {
            let note =
                "ticket_id,plant_id,site_id,plate,issued_at\n\(number),\(plant),S1,浙F99999,\(year)-01-02T10:00:00+08:00\n"
            try Data(note.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name).csv"))
            #expect(try await installation.run("import", "tickets", "\(folder)/\(name).csv").code == 0)
            _ = try await installation.caughtUp()
            let said = try #require(try await suspicions(id))
            #expect(said.contains("duplicate-ticket") == (name == "copy"), "\(name): \(said)")
            try await Self.expectNothingChanges(installation)
        }
        // The file says which note the number is of.
        let lines = try String(contentsOfFile: "\(folder)/tickets.csv", encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: true)
        let own = try #require(lines.first { $0.hasPrefix("\(number),\(plant),") })
        try Data("\(lines[0])\n\(own)\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/own.csv"))
        let outcome = try await installation.run("import", "tickets", "\(folder)/own.csv", "--replace")
        #expect(outcome.code == 0 && outcome.output.contains("1 unchanged, 1 withdrawn"), "\(outcome)")
        _ = try await installation.caughtUp()
        #expect(try await suspicions(id)?.contains("duplicate-ticket") == false)
        try await Self.expectNothingChanges(installation)
    }

    /// A note for a truck that was seen in its depot all the time.
    private static func inventANote(_ installation: Installation, _ folder: String) async throws {
        let delivery = try #require(
            try await Self.rows(installation, "deliveries").first { $0["origin_kind"] as? String == "plant" })
        let plate = try #require(delivery["plate"] as? String)
        let plant = try #require(delivery["origin_id"] as? String)
        let day = try #require((delivery["load_end"] as? String)?.prefix(10))
        let note = "ticket_id,plant_id,site_id,plate,issued_at\nGHOST-1,\(plant),S1,\(plate),\(day)T03:00:00+08:00\n"
        try Data(note.utf8).write(to: URL(fileURLWithPath: "\(folder)/ghost.csv"))
        #expect(try await installation.run("import", "tickets", "\(folder)/ghost.csv").code == 0)
        _ = try await installation.caughtUp()
        #expect(
            try installation.count("SELECT count(*) FROM note_due") == 0,
            "every note is judged")
    }

    /// Fences that fit the trucks' halts far better in another system are questioned before they accuse a city.
    private static func misdeclare(_ installation: Installation, _ folder: String) async throws {
        let sites = try await installation.run("export", "sites")
        #expect(sites.code == 0)
        let wrong = sites.output.replacingOccurrences(of: "wgs84", with: "gcj02")
        #expect(wrong != sites.output)
        try Data(wrong.utf8).write(to: URL(fileURLWithPath: "\(folder)/wrong.csv"))
        let refused = try await installation.run("import", "sites", "\(folder)/wrong.csv")
        #expect(refused.code == 1 && refused.errors.contains("--keep-coordinates"), "\(refused)")
        #expect(refused.errors.contains("wgs84"), "\(refused)")
        let known = try await installation.run("export", "sites")
        #expect(known.output == sites.output)
        #expect(
            try await installation.run("import", "sites", "\(folder)/wrong.csv", "--keep-coordinates", "--replace").code
                == 0)
    }
}
