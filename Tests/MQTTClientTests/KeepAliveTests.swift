import CMosquitto
import Foundation
import TestSupport
import Testing

@testable import MQTTClient

/// A PINGREQ waits in the same queue as the acknowledgements.
@Suite struct KeepAliveTests {
    /// One falls due while a commit takes its time: it leaves with the acknowledgements, or not at all.
    @Test(arguments: MQTTSettings.ProtocolVersion.allCases, [true, false])
    func aPingThatFallsDueDuringACommitWaitsForIt(
        version: MQTTSettings.ProtocolVersion, isCommitted: Bool
    ) async throws {
        let topic = "keepalive/\(UUID().uuidString)"
        var settings = MQTTSettings(
            host: "127.0.0.1", port: Int(try await TestServers.shared.mqttPort), clientID: topic, version: version)
        // The broker waits half as long again: enough for a task that waits for its turn beside many others.
        settings.keepAliveSeconds = 40
        try Reader(settings, topic: topic).vanish()
        try publish(0..<10, to: topic, settings)
        var count = 0
        var consumer: MQTTConsumer? = try MQTTConsumer(settings: settings, filters: [topic]) { _, _ in count += 1 }
        let pointer = try #require(consumer).client.pointer
        LibraryLog.keep(of: pointer)
        try consumer?.connect()
        let isRead = try await eventually {
            _ = try consumer?.read(limit: 10, waitingUpTo: 50)
            return count == 10
        }
        #expect(isRead)

        let isQueued = try await eventually {
            try consumer?.keepAlive(nothingIsUncommitted: false)
            return LibraryLog.has("sending PINGREQ", of: pointer)
        }
        #expect(isQueued)
        if isCommitted {
            try consumer?.acknowledge()
            // Its answer comes after the broker has taken the acknowledgements before it.
            let isAnswered = try await eventually {
                _ = try consumer?.read(limit: 10, waitingUpTo: 50)
                return LibraryLog.has("received PINGRESP", of: pointer)
            }
            #expect(isAnswered)
            try consumer?.keepAlive(nothingIsUncommitted: true)
        }
        consumer = nil
        let next = try Reader(settings, topic: topic)
        try next.readRest()
        #expect(next.payloads == (isCommitted ? [] : (0..<10).map(String.init)))
    }
}

/// What libmosquitto says in its log: the only sign of a packet that it has queued and not written.
private enum LibraryLog {
    /// A lock of pthread: the thread sanitizer does not see the slow path of `Mutex`, which lies in a library that is
    /// not instrumented, and calls two contenders a race.
    private static let lock = NSLock()
    // Read and written with the lock held only.
    nonisolated(unsafe) private static var lines: [UInt: [String]] = [:]

    static func keep(of client: OpaquePointer) {
        self.lock.withLock { self.lines[UInt(bitPattern: client)] = [] }
        mosquitto_log_callback_set(client) { client, _, _, text in
            guard let client, let text else { return }
            let line = String(cString: text)
            LibraryLog.lock.withLock { LibraryLog.lines[UInt(bitPattern: client), default: []].append(line) }
        }
    }

    static func has(_ text: String, of client: OpaquePointer) -> Bool {
        self.lock.withLock { self.lines[UInt(bitPattern: client)]?.contains { $0.contains(text) } ?? false }
    }
}
