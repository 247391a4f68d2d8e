import Foundation
import MQTTClient
import TestSupport
import Testing

/// Decision D1 and the traps of its library, against a real broker.
@Suite struct DeferredAcknowledgementTests {
    private func settings(_ id: String, _ version: MQTTSettings.ProtocolVersion) async throws -> MQTTSettings {
        var settings = MQTTSettings(host: "127.0.0.1", port: Int(try await TestServers.shared.mqttPort), clientID: id)
        settings.version = version
        settings.receiveMaximum = 1000
        return settings
    }

    @Test(arguments: MQTTSettings.ProtocolVersion.allCases)
    func whatIsNotAcknowledgedComesAgain(version: MQTTSettings.ProtocolVersion) async throws {
        let topic = "ack/\(UUID().uuidString)"
        let settings = try await self.settings(topic, version)
        try Reader(settings, topic: topic).vanish()
        try publish(0..<500, to: topic, settings)

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
        try publish(0..<300, to: topic, settings)
        var seen = 0
        for _ in 0..<300 where reader.payloads.count < 300 {
            try reader.readRest()
            #expect(reader.payloads.count > seen, "the window must open again after an acknowledgement")
            seen = reader.payloads.count
            try reader.acknowledge()
        }
        #expect(reader.payloads == (0..<300).map(String.init))
    }

    @Test func saysWhatIsWrongWhenNobodyListens() throws {
        let settings = MQTTSettings(host: "127.0.0.1", port: 1, clientID: "nobody")
        let consumer = try MQTTConsumer(settings: settings, filters: ["x"]) { _, _ in }
        let error = #expect(throws: MQTTError.self) { try consumer.connect() }
        #expect(error?.code == .connectionFailed)
        #expect(error?.message.contains("127.0.0.1:1") == true)
    }
}
