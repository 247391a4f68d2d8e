import Foundation
import LocalServers
import MQTTClient
import Supervision
import TestSupport
import Testing

/// What waited in the session while ingestion was away comes before the broker has answered SUBSCRIBE.
@Suite struct BacklogTests {
    /// Publishes while nobody reads, and waits until the broker holds it.
    private func publish(_ payloads: some Sequence<(terminal: String, payload: String)>, to site: Site) throws {
        let publisher = try MQTTPublisher(
            settings: MQTTSettings(host: "127.0.0.1", port: Int(site.broker.port), clientID: "backlog"))
        try publisher.connect()
        for (terminal, payload) in payloads {
            try publisher.publish(topic: "fleet/v1/\(terminal)/position", payload: Array(payload.utf8))
        }
        try #require(try publisher.drain())
        publisher.disconnect()
    }

    private static func report(_ second: Int, _ more: String = "") -> String {
        #"{"time":\#(1_772_400_000_000 + second * 1000),"lat":30.7,"lon":120.7\#(more)}"#
    }

    /// A thousand arrays of a thousand reports were one batch once, which no seal could be verified of.
    @Test func aBacklogOfLargeMessagesIsManyBatches() async throws {
        let site = try await Site()
        let first = try site.startIngestion()
        try await site.waitUntilReady()
        #expect(await first.stop().shellCode == 0, "\(site.ending)")
        let padding = #","note":"\#(String(repeating: "x", count: 200_000))""#
        try self.publish((0..<120).lazy.map { ("L\($0)", Self.report($0, padding)) }, to: site)
        let array = "[" + (0..<1000).map { Self.report($0) }.joined(separator: ",") + "]"
        try self.publish((0..<120).lazy.map { ("A\($0)", array) }, to: site)
        let second = try site.startIngestion()
        try await site.waitForRows(120_120)
        try await site.waitUntilReady()
        #expect(await second.stop().shellCode == 0, "\(site.ending)")
        #expect(try site.number("SELECT sum(stored) FROM lane") == 240)
        #expect(try site.number("SELECT sum(duplicate + quarantined + ignored) FROM lane") == 0)
        #expect(try site.number("SELECT max(raw_bytes) FROM batch") < 17 << 20)
        // 50,000 rows close a batch; a mebibyte may have been read meanwhile.
        let ahead = (1 << 20) / array.utf8.count + 1
        #expect(try site.number("SELECT max(positions) FROM batch") <= 50_000 + ahead * 1000)
        let seals = try await site.run("verify-seals")
        #expect(seals.code == 0, "\(seals.text)")
    }

    /// A megabyte of reports that are none is a thousand rows of quarantine and its bytes once.
    @Test func refusedReportsDoNotMultiplyTheirMessage() async throws {
        let site = try await Site()
        let ingestion = try site.startIngestion()
        try await site.waitUntilReady()
        let junk =
            "["
            + (0..<1000).map { #"{"none":"\#($0)\#(String(repeating: "y", count: 900))"}"# }
            .joined(separator: ",") + "]"
        try self.publish((0..<20).lazy.map { ("J\($0)", junk) }, to: site)
        #expect(
            try await eventually(within: .seconds(60)) { try site.number("SELECT sum(quarantined) FROM lane") == 20 })
        #expect(await ingestion.stop().shellCode == 0, "\(site.ending)")
        #expect(try site.number("SELECT count(*) FROM quarantine") == 20_000)
        #expect(try site.number("SELECT sum(octet_length(raw)) FROM quarantine") == 20 * junk.utf8.count)
        #expect(try site.number("SELECT min(octet_length(raw)) FROM quarantine_entry") == junk.utf8.count)
        let retry = try await site.run("quarantine", "retry")
        #expect(retry.code == 0, "\(retry.text)")
        #expect(retry.text.contains("20000"), "\(retry.text)")
    }

    /// A constraint that somebody added to the table of batches: the lane stops with a line that says so, and goes on
    /// where it was when that is mended.
    @Test func aRefusedBatchStopsTheLaneWithALine() async throws {
        let site = try await Site()
        try site.execute("ALTER TABLE batch ADD CONSTRAINT mine CHECK (message_count < 0) NOT VALID")
        let first = try site.startIngestion()
        try await site.waitUntilReady()
        try self.publish((0..<10).lazy.map { ("T\($0)", Self.report($0)) }, to: site)
        #expect(
            try await eventually(within: .seconds(60)) {
                site.text("serve.log").contains("check constraints and triggers")
            }, "\(site.ending)")
        _ = await first.stop()
        #expect(site.stored() == 0)
        try site.execute("ALTER TABLE batch DROP CONSTRAINT mine")
        let second = try site.startIngestion()
        try await site.waitForRows(10)
        #expect(await second.stop().shellCode == 0, "\(site.ending)")
    }
}
