import Foundation
import LocalServers
import Supervision
import TestSupport
import Testing

/// What nobody should send: it neither stops anything nor vanishes.
@Suite struct HostileTests {
    /// A line of a recording and the reason under which it is kept; nil: no publisher may send it.
    private static let lines: [(topic: String, payload: String, reason: String?)] = [
        ("fleet/v1/T1/position", #""{\"time\": \"2026-03-02T08:00:00Z\", \"lat\": 30""#, "malformed"),
        ("fleet/v1/T1/position", "\"\(String(repeating: "a", count: 70_000))\"", "malformed"),
        ("fleet/v1/T1/position", #"{"time":"2026-03-02T08:00:00Z","lat":1e999,"lon":120}"#, "out-of-range"),
        (
            "fleet/v1/T1/position", #"{"time":"2026-03-02T08:00:00Z","lat":30,"lon":120,"seq":9223372036854775808}"#,
            "out-of-range"
        ),
        ("fleet/v1/T1/position", #"{"time":99999999999999999999999,"lat":30,"lon":120}"#, "bad-time"),
        ("fleet/v1/T1/position", #"{"time":"2026-03-02T08:00:00Z","lat":91,"lon":120}"#, "out-of-range"),
        ("fleet/v1/T1/position", #"{"time":"1970-01-01T00:00:00Z","lat":30,"lon":120}"#, "bad-time"),
        ("fleet/v1/T1/position", #"{"time":"2099-01-01T00:00:00Z","lat":30,"lon":120}"#, "bad-time"),
        ("fleet/v1/T1/position", #""a\u0000b""#, "malformed"),
        ("fleet/v1/T1/position", "[]", "empty"),
        ("fleet/v1/T1/position", #"{"time":"2026-03-02T08:00:00Z","lat":"30","lon":120}"#, "wrong-type"),
        ("fleet/v1/it's \\\"quoted\\\"/position", "{}", "bad-terminal"),
        ("fleet/v1/\(String(repeating: "x", count: 300))/position", "{}", "bad-terminal"),
        ("fleet/v1/T1/nonsense", "{}", "unknown-topic"),
        ("fleet/v1/+/position", "{}", nil),
        ("fleet/v1/a\\u0000b/position", "{}", nil),
    ]

    @Test func eachIsKeptWithItsReason() async throws {
        let broker = try await TestServers.shared.makePrivateBroker()
        let installation = try await Installation(broker: broker.url)
        let service = try await installation.serve()
        let folder = try await TestServers.shared.makeFolder()
        var text = ""
        func good(_ minute: Int) -> String {
            #"{"topic":"fleet/v1/T1/position","payload":{"time":"2026-03-02T07:\#(minute + 10):00Z","lat":30.7,"lon":120.7}}"#
        }
        for (index, line) in Self.lines.enumerated() {
            text += good(index) + "\n" + #"{"topic":"\#(line.topic)","payload":\#(line.payload)}"# + "\n"
        }
        text += "this is no JSON\n"
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/hostile.ndjson"))
        let replay = try await installation.run("replay", folder + "/hostile.ndjson")
        #expect(replay.code == 0)
        #expect(replay.errors.split(separator: "\n").count == 3, "what is passed over is said: \(replay.errors)")

        let counts = try await installation.caughtUp()
        let kept = Self.lines.compactMap(\.reason)
        #expect(counts["stored"] == Self.lines.count)
        #expect(counts["quarantined"] == kept.count)
        #expect(counts["received"] == Self.lines.count + kept.count)
        for reason in Set(kept) {
            let found = try await installation.run("status", "--json").output
            #expect(found.contains("\"\(reason)\":\(kept.count { $0 == reason })"), "\(reason) in \(found)")
        }
        #expect(try installation.count("SELECT count(*) FROM quarantine WHERE octet_length(raw) = 70000") == 1)
        #expect(try await service.isReady())
        #expect(await service.stop().isSuccess)
        try await broker.stop()
    }
}
