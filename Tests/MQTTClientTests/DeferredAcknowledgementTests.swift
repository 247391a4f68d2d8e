import Foundation
import MQTTClient
import TestSupport
import Testing

/// Decision D1 and the traps of its library, against a real broker.
@Suite struct DeferredAcknowledgementTests {
    /// A consumer and what it has read.
    private final class Reader {
        var payloads: [String] = []
        private var consumer: MQTTConsumer?

        init(_ settings: MQTTSettings, topic: String) throws {
            self.consumer = try MQTTConsumer(settings: settings, filters: [topic]) { [unowned self] _, payload in
                self.payloads.append(payload.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) })
            }
            try self.consumer?.connect()
        }

        /// Reads until `count` messages are there.
        func read(_ count: Int) throws {
            var patience = 200
            while self.payloads.count < count, patience > 0 {
                _ = try self.consumer?.read(limit: count - self.payloads.count, waitingUpTo: 50)
                patience -= 1
            }
        }

        /// Reads until nothing more comes.
        func readRest() throws {
            var before = -1
            while before != self.payloads.count {
                before = self.payloads.count
                _ = try self.consumer?.read(limit: 100_000, waitingUpTo: 150)
            }
        }

        func acknowledge() throws { try self.consumer?.acknowledge() }

        /// What a kill does: the client goes without a word.
        func vanish() { self.consumer = nil }
    }

    private func settings(_ id: String, _ version: MQTTSettings.ProtocolVersion) async throws -> MQTTSettings {
        var settings = MQTTSettings(host: "127.0.0.1", port: Int(try await TestServers.shared.mqttPort), clientID: id)
        settings.version = version
        settings.receiveMaximum = 1000
        return settings
    }

    private func publish(_ range: Range<Int>, to topic: String, _ settings: MQTTSettings) throws {
        var settings = settings
        settings.clientID += "-publisher"
        let publisher = try MQTTPublisher(settings: settings)
        try publisher.connect()
        for number in range { try publisher.publish(topic: topic, payload: Array(String(number).utf8)) }
        #expect(try publisher.drain())
        publisher.disconnect()
    }

    @Test(arguments: MQTTSettings.ProtocolVersion.allCases)
    func whatIsNotAcknowledgedComesAgain(version: MQTTSettings.ProtocolVersion) async throws {
        let topic = "ack/\(UUID().uuidString)"
        let settings = try await self.settings(topic, version)
        try Reader(settings, topic: topic).vanish()
        try self.publish(0..<500, to: topic, settings)

        // The backlog of a resumed session comes before SUBACK: connecting must acknowledge none of it.
        let first = try Reader(settings, topic: topic)
        try first.read(500)
        #expect(first.payloads.count == 500)
        first.vanish()

        let second = try Reader(settings, topic: topic)
        try second.readRest()
        #expect(Set(second.payloads) == Set((0..<500).map(String.init)))
        try second.acknowledge()
        // Let the broker take the acknowledgements before the socket closes.
        try second.readRest()
        second.vanish()

        let third = try Reader(settings, topic: topic)
        try third.readRest()
        #expect(third.payloads.isEmpty)
    }

    @Test(arguments: MQTTSettings.ProtocolVersion.allCases)
    func aSmallWindowDoesNotStopTheFlow(version: MQTTSettings.ProtocolVersion) async throws {
        let topic = "window/\(UUID().uuidString)"
        var settings = try await self.settings(topic, version)
        settings.receiveMaximum = 20
        let reader = try Reader(settings, topic: topic)
        try self.publish(0..<300, to: topic, settings)
        var seen = 0
        for _ in 0..<300 where reader.payloads.count < 300 {
            try reader.readRest()
            #expect(reader.payloads.count > seen, "the window must open again after an acknowledgement")
            seen = reader.payloads.count
            try reader.acknowledge()
        }
        #expect(reader.payloads == (0..<300).map(String.init))
    }

    @Test func keepAliveAcknowledgesNothingWhileSomethingIsUncommitted() async throws {
        let topic = "keepalive/\(UUID().uuidString)"
        let settings = try await self.settings(topic, .v5)
        try Reader(settings, topic: topic).vanish()
        try self.publish(0..<10, to: topic, settings)
        var payloads = 0
        var consumer: MQTTConsumer? = try MQTTConsumer(settings: settings, filters: [topic]) { _, _ in payloads += 1 }
        try consumer?.connect()
        while payloads < 10 { _ = try consumer?.read(limit: 10, waitingUpTo: 50) }
        try consumer?.keepAlive(nothingIsUncommitted: false)
        consumer = nil
        let again = try Reader(settings, topic: topic)
        try again.readRest()
        #expect(again.payloads.count == 10)
    }

    @Test func saysWhatIsWrongWhenNobodyListens() throws {
        let settings = MQTTSettings(host: "127.0.0.1", port: 1, clientID: "nobody")
        let consumer = try MQTTConsumer(settings: settings, filters: ["x"]) { _, _ in }
        let error = #expect(throws: MQTTError.self) { try consumer.connect() }
        #expect(error?.code == .connectionFailed)
        #expect(error?.message.contains("127.0.0.1:1") == true)
    }
}
