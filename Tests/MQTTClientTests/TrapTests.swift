import Foundation
import LocalServers
import MQTTClient
import TestSupport
import Testing

/// Each trap of deferred acknowledgement that was met while it was measured (decision D1), with both versions of MQTT.
@Suite struct TrapTests {
    private typealias Version = MQTTSettings.ProtocolVersion

    private func settings(
        _ id: String, _ version: MQTTSettings.ProtocolVersion, port: UInt16? = nil
    ) async throws -> MQTTSettings {
        let shared = try await TestServers.shared.mqttPort
        var settings = MQTTSettings(host: "127.0.0.1", port: Int(port ?? shared), clientID: id)
        settings.version = version
        settings.receiveMaximum = 1000
        return settings
    }

    private static func numbers(_ range: Range<Int>) -> [String] { range.map(String.init) }

    /// Closing a socket with unread bytes makes the kernel send a reset, and acknowledgements that were written may
    /// go with it. So acknowledged messages may come again; what was not read does, and nothing is missing.
    @Test(arguments: MQTTSettings.ProtocolVersion.allCases)
    func unreadBytesAtAKill(version: MQTTSettings.ProtocolVersion) async throws {
        let topic = "unread/\(UUID().uuidString)"
        let settings = try await self.settings(topic, version)
        try Reader(settings, topic: topic).vanish()
        try publish(0..<500, to: topic, settings)
        let first = try Reader(settings, topic: topic)
        try first.read(300)
        let read = first.payloads.count
        try first.acknowledge()
        first.vanish()
        let second = try Reader(settings, topic: topic)
        try second.readRest()
        #expect(second.payloads.count >= 500 - read)
        #expect(second.payloads == Self.numbers(500 - second.payloads.count..<500), "in order, to the last")
    }

    /// A stop says good-bye, and the farewell's write would acknowledge what was read and nobody has committed.
    @Test(arguments: MQTTSettings.ProtocolVersion.allCases)
    func aFarewellAcknowledgesNothing(version: MQTTSettings.ProtocolVersion) async throws {
        let topic = "farewell/\(UUID().uuidString)"
        let settings = try await self.settings(topic, version)
        let reader = try Reader(settings, topic: topic)
        try publish(0..<100, to: topic, settings)
        try reader.read(100)
        reader.disconnect()
        let next = try Reader(settings, topic: topic)
        try next.readRest()
        #expect(next.payloads == Self.numbers(0..<100))
    }

    /// Each queued acknowledgement writes a byte to a socket pair of the library that nobody drains here; once it is
    /// full, after about 280, `errno` says EAGAIN after every packet that was read. Only the message callback says
    /// whether there was one.
    @Test(arguments: MQTTSettings.ProtocolVersion.allCases)
    func aFullSocketPairEndsNoRead(version: MQTTSettings.ProtocolVersion) async throws {
        let topic = "pair/\(UUID().uuidString)"
        var settings = try await self.settings(topic, version)
        settings.receiveMaximum = 5000
        try Reader(settings, topic: topic).vanish()
        try publish(0..<3000, to: topic, settings)
        let reader = try Reader(settings, topic: topic)
        try reader.read(3000)
        #expect(reader.payloads == Self.numbers(0..<3000), "ten times what the pair holds, in one batch")
        reader.vanish()
    }

    /// Connecting again drops the acknowledgements that were queued: what they were for comes again, once.
    @Test(arguments: MQTTSettings.ProtocolVersion.allCases)
    func aReconnectWithQueuedAcknowledgements(version: MQTTSettings.ProtocolVersion) async throws {
        let topic = "reconnect/\(UUID().uuidString)"
        let settings = try await self.settings(topic, version)
        let reader = try Reader(settings, topic: topic)
        try publish(0..<100, to: topic, settings)
        try reader.read(100)
        try reader.reconnect()
        try reader.readRest()
        #expect(reader.payloads == Self.numbers(0..<100) + Self.numbers(0..<100))
        try reader.acknowledge()
        try reader.readRest()
        reader.vanish()
        let next = try Reader(settings, topic: topic)
        try next.readRest()
        #expect(next.payloads.isEmpty)
    }

    /// The backlog of an outage stands before SUBACK: it is read, committed and acknowledged batch by batch, and the
    /// answer comes when it comes.
    @Test(arguments: MQTTSettings.ProtocolVersion.allCases)
    func aBacklogIsReadInPartsBeforeTheAnswerToSubscribe(version: MQTTSettings.ProtocolVersion) async throws {
        let topic = "parts/\(UUID().uuidString)"
        let settings = try await self.settings(topic, version)
        try Reader(settings, topic: topic).vanish()
        try publish(0..<500, to: topic, settings)
        var payloads: [String] = []
        let consumer = try MQTTConsumer(settings: settings, filters: [topic]) { _, payload in
            payloads.append(payload.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) })
        }
        try consumer.open()
        #expect(!consumer.isSubscribed && payloads.isEmpty, "no message has been taken yet")
        // With its topic each of these payloads is more than 40 bytes.
        let isWhole = try await eventually {
            let before = payloads.count
            _ = try consumer.read(limit: 50, bytes: 1000, waitingUpTo: 50)
            try #require(payloads.count - before <= 25)
            try consumer.acknowledge()
            return payloads.count == 500
        }
        #expect(isWhole)
        #expect(payloads == Self.numbers(0..<500))
        #expect(
            try await eventually {
                _ = try consumer.read(limit: 10, waitingUpTo: 50)
                return consumer.isSubscribed
            })
        consumer.disconnect()
    }

    /// With mosquitto's defaults 20 messages are on their way at most (3.1.1; MQTT 5 by the client's receive maximum):
    /// a batch of thousands never fills, and goes on only because it closes when nothing more comes.
    @Test(arguments: MQTTSettings.ProtocolVersion.allCases)
    func aWindowOfTwenty(version: MQTTSettings.ProtocolVersion) async throws {
        let broker = try await TestServers.shared.makePrivateBroker(
            profile: "allow_anonymous true\nmax_queued_messages 0\n")
        let topic = "twenty"
        var settings = try await self.settings(topic, version, port: broker.port)
        settings.receiveMaximum = 20
        let reader = try Reader(settings, topic: topic)
        try publish(0..<200, to: topic, settings)
        try reader.readRest()
        #expect(reader.payloads.count == 20, "nothing more comes without an acknowledgement")
        while reader.payloads.count < 200 {
            let before = reader.payloads.count
            try reader.acknowledge()
            try reader.readRest()
            try #require(reader.payloads.count > before)
        }
        #expect(reader.payloads == Self.numbers(0..<200))
        try await broker.stop()
    }

    /// A commit longer than the keep-alive: the PINGREQ waits behind the commit, the connection ends, and all that
    /// was uncommitted comes again.
    @Test(arguments: MQTTSettings.ProtocolVersion.allCases)
    func anExpiredKeepAliveLosesNothing(version: MQTTSettings.ProtocolVersion) async throws {
        let topic = "expired/\(UUID().uuidString)"
        var settings = try await self.settings(topic, version)
        settings.keepAliveSeconds = 5
        let reader = try Reader(settings, topic: topic)
        try publish(0..<10, to: topic, settings)
        try reader.read(10)
        let isOver = try await eventually(within: .seconds(60)) {
            do {
                try reader.keepAlive(nothingIsUncommitted: false)
                return false
            } catch {
                return true
            }
        }
        #expect(isOver)
        reader.vanish()
        let next = try Reader(settings, topic: topic)
        try next.readRest()
        #expect(next.payloads == Self.numbers(0..<10))
    }
}
