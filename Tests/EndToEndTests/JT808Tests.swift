import Foundation
import LocalServers
import Supervision
import TestSupport
import Testing

/// Frames and a gateway's JSON through the whole product, read by the register of terminals.
@Suite struct JT808Tests {
    /// A location with fatigue, the drum in reverse and channel 9 lost, then the same under the next serial number.
    private static let first =
        "7e0200403101000000000137000000010001000000040000000301d5260b07329538000c01a900bb26030216000052010214040000000115"
        + "04000001001604000000004e7e"
    private static let again =
        "7e0200403101000000000137000000010002000000040000000301d5260b07329538000c01a900bb26030216000052010214040000000115"
        + "04000001001604000000004d7e"
    private static let heartbeat = "7e0002400001000000000137000000010003777e"
    private static let badChecksum =
        "7e0200401c01000000000137000000010004000000000000000301d5260b07329538000c01a900bb260302160001207e"
    private static let batch =
        "7e0704403f01000000000137000000010005000200001c000000000000000301d5260b07329538000c01a900bb260302160100001c000000"
        + "000000000301d5260b07329538000c01a900bb2603021601307d017e"
    /// The drum in reverse again, five minutes later.
    private static let later =
        "7e0200401f01000000000137000000010006000000000000000301d5260b07329538000c01a900bb260302160500520102757e"
    private static let gateway =
        #"{"body":{"alarm":0,"altitude":12,"direction":187,"latitude":30746123,"longitude":120755512,"speed":425,"#
        + #""status":3,"time":"260302160200","extra":{"fuel_meter":523,"rssi":31}},"#
        + #""header":{"encrypt":0,"len":28,"msg_id":512,"msg_sn":7,"phone":"013700000001"}}"#

    private func replay(_ lines: [String], _ name: String, on installation: Installation) async throws {
        let path = try await TestServers.shared.makeFolder() + "/" + name
        try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: URL(fileURLWithPath: path))
        let replay = try await installation.run("replay", path)
        #expect(replay.code == 0, "\(replay.errors)")
    }

    private func raw(_ hex: String) -> String { #"{"topic":"jt808/013700000001/raw","payload_hex":"\#(hex)"}"# }

    /// Imports how the one terminal is to be read.
    private func importTerminal(drumForward: String, into installation: Installation) async throws {
        let path = try await TestServers.shared.makeFolder() + "/terminals.csv"
        let text = """
            terminal,dialect,drum_forward,right_camera_channel,coordinates
            013700000001,jt808,\(drumForward),9,wgs84

            """
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        let outcome = try await installation.run("import", "terminals", path)
        #expect(outcome.code == 0, "\(outcome.errors)")
    }

    @Test func framesBecomeReports() async throws {
        let broker = try await TestServers.shared.makePrivateBroker()
        let installation = try await Installation(broker: broker.url)
        try await self.importTerminal(drumForward: "mixes", into: installation)
        let service = try await installation.serve()
        try await self.replay(
            [
                self.raw(Self.first), self.raw(Self.again), self.raw(Self.heartbeat), self.raw(Self.badChecksum),
                self.raw(Self.batch), #"{"topic":"jt808/x/13700000001/up","payload":\#(Self.gateway)}"#,
            ], "frames.ndjson", on: installation)
        let counts = try await installation.caughtUp()
        #expect(counts["received"] == 6)
        #expect(counts["stored"] == 3 && counts["duplicate"] == 1)
        #expect(counts["ignored"] == 1 && counts["quarantined"] == 1)
        #expect(counts["positions"] == 4 && counts["camera_reports"] == 1 && counts["alarms"] == 2)
        #expect(try installation.count("SELECT count(*) FROM terminal WHERE name = '13700000001'") == 1)
        #expect(try installation.count("SELECT count(*) FROM quarantine WHERE reason = 'bad-checksum'") == 1)
        #expect(
            try installation.count("SELECT count(*) FROM camera_report WHERE cameras = 'right_blind_spot=lost'") == 1)
        #expect(try installation.count("SELECT count(*) FROM position WHERE drum = -10") == 1)

        // What no report carries is read from the sealed message.
        let raw = try await installation.run("raw", "013700000001", "2026-03-02T08:02:00Z", "--purpose", "test")
        #expect(raw.output.contains("fuel 52.3 L") && raw.output.contains("signal strength 31"), "\(raw)")

        for phone in ["013700000001", "13700000001"] {
            let list = try await installation.run("quarantine", "list", "--terminal", phone)
            #expect(list.lines.count == 1 && list.output.contains("bad-checksum"), "\(list)")
            let hold = try await installation.run("hold", "add", "--terminal", phone, "--reason", "案 7")
            #expect(hold.code == 0 && hold.output.contains("13700000001"), "\(hold)")
        }
        #expect(try installation.count("SELECT count(*) FROM legal_hold WHERE terminal = '13700000001'") == 2)
        #expect(try await installation.run("hold", "add", "--terminal", "9", "--reason", "案 7").code == 1)

        // What an import changes holds for the next message.
        try await self.importTerminal(drumForward: "discharges", into: installation)
        try await self.replay([self.raw(Self.later)], "later.ndjson", on: installation)
        #expect(try await installation.caughtUp()["positions"] == 5)
        #expect(try installation.count("SELECT count(*) FROM position WHERE drum = 10") == 1)
        #expect(await service.stop().isSuccess)
        try await broker.stop()
    }

    /// A location without items, under this serial number.
    private static func location(serial: UInt16, second: Int) -> String {
        let digits = UInt8(second / 10 * 16 + second % 10)
        var bytes: [UInt8] = [0x02, 0x00, 0x40, 0x1C, 0x01, 0, 0, 0, 0, 0x01, 0x37, 0, 0, 0, 0x01]
        bytes += [UInt8(serial >> 8), UInt8(truncatingIfNeeded: serial), 0, 0, 0, 0, 0, 0, 0, 0x03]
        bytes += [0x01, 0xD5, 0x26, 0x0B, 0x07, 0x32, 0x95, 0x38, 0, 0x0C, 0x01, 0xA9, 0, 0xBB]
        bytes += [0x26, 0x03, 0x02, 0x16, 0x00, digits]
        bytes.append(bytes.reduce(0, ^))
        let escaped = bytes.flatMap { byte -> [UInt8] in
            switch byte {
            case 0x7D: [0x7D, 0x01]
            case 0x7E: [0x7D, 0x02]
            default: [byte]
            }
        }
        return ([0x7E] + escaped + [0x7E]).map { String(format: "%02x", $0) }.joined()
    }

    /// After 65,535 a terminal counts from 0, and so does the ledger that is shown to its owner.
    @Test func aGapAfterTheWrapHasTheTerminalsOwnNumbers() async throws {
        let broker = try await TestServers.shared.makePrivateBroker()
        let installation = try await Installation(broker: broker.url)
        let service = try await installation.serve()
        let serials = Array(65_530...65_535) + [0, 1, 3]
        let frames = serials.enumerated().map { self.raw(Self.location(serial: UInt16($1), second: $0)) }
        try await self.replay(frames, "wrap.ndjson", on: installation)
        #expect(try await installation.caughtUp()["stored"] == 9)
        let page = try await installation.run("ledger", "013700000001")
        #expect(page.lines.contains { $0.hasPrefix("  2–2 (1)  ") }, "\(page.output)")
        let table = try await installation.run("ledger", "13700000001", "--format", "csv")
        #expect(table.lines.contains { $0.contains("serial_gap") && $0.contains(",2,2,1,") }, "\(table.output)")
        let json = try await installation.run("ledger", "13700000001", "--format", "json")
        #expect(!json.output.contains("65538"), "\(json.output)")
        #expect(await service.stop().isSuccess)
        try await broker.stop()
    }
}
