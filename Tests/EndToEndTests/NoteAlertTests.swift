import Foundation
import LocalServers
import Supervision
import TestSupport
import Testing

/// Delivery notes that are judged by themselves, in a running installation.
@Suite struct NoteAlertTests {
    private static let header = "ticket_id,plant_id,site_id,plate,issued_at\n"

    /// Rule, plate and status of each, in their order.
    private static func alerts(_ installation: Installation) async throws -> [String] {
        try await installation.run("alerts", "--format", "ndjson").lines.map {
            let row = try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
            return ["rule", "plate", "status"].map { row[$0] as? String ?? "" }.joined(separator: " ")
        }.sorted()
    }

    /// The file says which note the number is of: the other is withdrawn, and what was said of it is over.
    private static func correctANumber(_ installation: Installation, _ folder: String) async throws {
        let file = "\(folder)/corrected.csv"
        let note = "K3,P1,S1,浙F00003,2026-03-02T12:00:00+08:00\n"
        try Data((self.header + note).utf8).write(to: URL(fileURLWithPath: file))
        #expect(try await installation.run("import", "tickets", file).output.contains("1 unchanged\n"))
        let outcome = try await installation.run("import", "tickets", file, "--replace")
        #expect(outcome.code == 0 && outcome.output.contains("1 unchanged, 1 withdrawn"), "\(outcome)")
        _ = try await installation.caughtUp()
        #expect(
            try await Self.alerts(installation) == [
                "duplicate-ticket 浙F00002 closed", "ghost-ticket 浙F00001 closed", "ghost-ticket 浙F00002 closed",
                "ghost-ticket 浙F00002 open",
            ])
    }

    /// The order was cancelled: the truck need not have been anywhere.
    private static func cancelANote(_ installation: Installation, _ folder: String) async throws {
        let file = "\(folder)/cancelled.csv"
        let notes = "K2,P1,S1,浙F00002,2026-03-02T12:00:00+08:00\nK7,P1,S1,浙F00002,2026-03-02T12:00:00+08:00\n"
        try Data((self.header + notes).utf8).write(to: URL(fileURLWithPath: file))
        #expect(try await installation.run("import", "tickets", file, "--withdraw", "--replace").code == 2)
        for (withdrawn, unknown) in [(1, 1), (0, 2)] {
            let outcome = try await installation.run("import", "tickets", file, "--withdraw")
            #expect(outcome.output.contains("\(withdrawn) withdrawn, \(unknown) not known"), "\(outcome)")
        }
        _ = try await installation.caughtUp()
        #expect(try await Self.alerts(installation).contains { $0.hasSuffix("open") } == false)
    }

    @Test func notesWithoutALoadAndNumbersUsedTwiceRaiseAlertsOfTheirOwn() async throws {
        let broker = try await TestServers.shared.makePrivateBroker()
        let installation = try await Installation(broker: broker.url)
        let folder = try await TestServers.shared.makeFolder()
        try await RecordedTrack.importing(
            "plants",
            "plant_id,name,licence_kind,status,valid_from,lat,lon,radius_m\nP1,一号站,concrete,valid,2020-01-01,30.70,120.70,100\n",
            installation, folder)
        try await RecordedTrack.importing(
            "vehicles", "plate,terminal,kind\n浙F00001,T1,mixer\n浙F00002,T2,mixer\n浙F00003,T3,mixer\n", installation,
            folder)
        let service = try await installation.serve()
        // T1 is 20 km away for four hours, T2 stands near the plant, T3 is not heard of.
        var (far, near) = (
            RecordedTrack("T1", latitude: 30.70, longitude: 120.90),
            RecordedTrack("T2", latitude: 30.70, longitude: 120.7015)
        )
        far.drive(90, metres: 20, every: 60, times: 240)
        near.drive(90, metres: 0, every: 60, times: 240)
        try await RecordedTrack.replay(far.take() + near.take(), installation, folder)
        let notes = [
            "K1,P1,S1,浙F00001,2026-03-02T12:00:00+08:00", "K2,P1,S1,浙F00002,2026-03-02T12:00:00+08:00",
            "K3,P1,S1,浙F00003,2026-03-02T12:00:00+08:00", "K3,P1,S2,浙F00002,2026-03-02T12:30:00+08:00",
            // The same number of the year before.
            "K2,P1,S2,浙F00003,2025-03-02T12:00:00+08:00",
        ]
        try await RecordedTrack.importing(
            "tickets", Self.header + notes.joined(separator: "\n") + "\n", installation, folder)
        _ = try await installation.caughtUp()
        // Nobody is accused who was near, or of whom nothing is known; a number is held against the later note.
        #expect(try await Self.alerts(installation) == ["duplicate-ticket 浙F00002 open", "ghost-ticket 浙F00001 open"])
        #expect(
            try installation.count(
                """
                SELECT count(*) FROM alert
                WHERE rule = 'ghost-ticket' AND severity = 4 AND delivery_id IS NULL
                    AND abs(latitude - 30.70) < 0.001 AND abs(longitude - 120.70) < 0.001
                """) == 1)
        // Judged again they say the same once more.
        try await RecordedTrack.importing(
            "tickets", Self.header + "K9,P1,S1,浙F00003,2026-03-02T12:10:00+08:00\n", installation, folder)
        _ = try await installation.caughtUp()
        #expect(try installation.count("SELECT count(*) FROM alert") == 2)
        // The terminals had been confused: who was accused was near, and who was not is.
        try await RecordedTrack.importing(
            "vehicles", "plate,terminal,kind\n浙F00001,T2,mixer\n浙F00002,T1,mixer\n", installation, folder)
        _ = try await installation.caughtUp()
        #expect(
            try await Self.alerts(installation) == [
                "duplicate-ticket 浙F00002 open", "ghost-ticket 浙F00001 closed", "ghost-ticket 浙F00002 open",
                "ghost-ticket 浙F00002 open",
            ])
        try await Self.correctANumber(installation, folder)
        try await Self.cancelANote(installation, folder)
        #expect(await service.stop().isSuccess)
        try await broker.stop()
    }
}
