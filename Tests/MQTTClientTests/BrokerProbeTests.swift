import LocalServers
import MQTTClient
import TestSupport
import Testing

/// What a broker can be seen to be, from outside.
@Suite struct BrokerProbeTests {
    private func settings(_ broker: MosquittoBroker, _ version: MQTTSettings.ProtocolVersion = .v5) -> MQTTSettings {
        MQTTSettings(host: "127.0.0.1", port: Int(broker.port), clientID: "probe", version: version)
    }

    @Test func aBrokerOfMQTT5SaysWhatItTakes() async throws {
        let broker = try await TestServers.shared.makePrivateBroker(
            profile: "allow_anonymous true\nmax_packet_size 1000\nmax_inflight_messages 20\nretain_available false\n"
                + "max_keepalive 10\n")
        let capabilities = try BrokerProbe.capabilities(self.settings(broker))
        #expect(capabilities.receiveMaximum == 20)
        #expect(capabilities.maximumPacketSize == 1000)
        #expect(capabilities.isRetainAvailable == false)
        #expect(capabilities.keepAliveSeconds == 10, "120 was asked for")
        #expect(capabilities.maximumQoS == nil, "QoS 2, which is not said")
        let older = try BrokerProbe.capabilities(self.settings(broker, .v311))
        #expect(older.receiveMaximum == nil && older.maximumPacketSize == nil)
        try await broker.stop()
    }

    @Test func anonymousClientsAreRefusedByABrokerThatAsksWho() async throws {
        let broker = try await TestServers.shared.makePrivateBroker(profile: "allow_anonymous false\n")
        let error = #expect(throws: MQTTError.self) { try BrokerProbe.capabilities(self.settings(broker)) }
        #expect(error?.code == .refused)
        try await broker.stop()
    }

    /// A SUBACK of 0 is no refusal, and no promise either: the filter is named, and no queue is tried that is none.
    @Test(arguments: MQTTSettings.ProtocolVersion.allCases, [0, 1])
    func aSubscriptionWithoutPromiseIsSeen(version: MQTTSettings.ProtocolVersion, quality: Int) async throws {
        let broker = try await TestServers.shared.makePrivateBroker(
            profile: "max_qos \(quality)\nallow_anonymous true\nmax_queued_messages 0\n")
        let settings = self.settings(broker, version)
        let filters = ["grants/a/#", "grants/b"]
        let lesser = try BrokerProbe.filtersWithoutPromise(of: filters, settings)
        #expect(lesser == (quality == 0 ? filters : []))
        // Ingestion's way, where the answer comes within a read.
        let consumer = try MQTTConsumer(settings: settings, filters: filters) { _, _ in }
        try consumer.open()
        while !consumer.isSubscribed { _ = try consumer.read(limit: 10, waitingUpTo: 50) }
        #expect(consumer.filtersWithoutPromise == lesser)
        consumer.disconnect()
        if quality == 0 {
            #expect(try BrokerProbe.keptMessages(of: 20, settings, topic: "check/x") == nil)
        }
        try await broker.stop()
    }

    @Test(arguments: MQTTSettings.ProtocolVersion.allCases)
    func aLimitedQueueIsSeen(version: MQTTSettings.ProtocolVersion) async throws {
        let limited = try await TestServers.shared.makePrivateBroker(
            profile: "allow_anonymous true\nmax_queued_messages 50\n")
        let kept = try BrokerProbe.keptMessages(of: 200, self.settings(limited, version), topic: "check/x")
        #expect(kept.map { (50..<200).contains($0) } == true, "\(kept ?? -1)")
        // It leaves no session behind: nothing of what is sent now is kept.
        try publish(0..<5, to: "check/x", self.settings(limited, version))
        let reader = try Reader(self.settings(limited, version), topic: "check/x")
        try reader.readRest()
        #expect(reader.payloads.isEmpty)
        try await limited.stop()
        let shipped = try await TestServers.shared.makePrivateBroker()
        #expect(try BrokerProbe.keptMessages(of: 1100, self.settings(shipped, version), topic: "check/x") == 1100)
        try await shipped.stop()
    }

    /// mosquitto counts the bytes of what waits, and takes one message more.
    @Test(arguments: MQTTSettings.ProtocolVersion.allCases)
    func aQueueLimitedInBytesIsSeen(version: MQTTSettings.ProtocolVersion) async throws {
        let broker = try await TestServers.shared.makePrivateBroker(
            profile: "allow_anonymous true\nmax_queued_messages 0\nmax_queued_bytes 20000\n")
        let settings = self.settings(broker, version)
        let kept = try BrokerProbe.keptMessages(of: 200, bytes: 300, settings, topic: "check/x")
        #expect(kept.map { (60..<100).contains($0) } == true, "\(kept ?? -1)")
        #expect(try BrokerProbe.keptMessages(of: 200, settings, topic: "check/x") == 200)
        #expect(try BrokerProbe.keepsMessage(of: 299_000, settings, topic: "check/x") == true)
        try await broker.stop()
    }

    /// What is over the limit is acknowledged and thrown away.
    @Test(arguments: MQTTSettings.ProtocolVersion.allCases, ["", "max_inflight_messages 0\n"])
    func aLimitOfAMessagesLengthIsSeen(version: MQTTSettings.ProtocolVersion, window: String) async throws {
        let broker = try await TestServers.shared.makePrivateBroker(
            profile: "allow_anonymous true\nmessage_size_limit 10000\n" + window)
        let settings = self.settings(broker, version)
        #expect(try BrokerProbe.keepsMessage(of: 10_000, settings, topic: "check/x") == true)
        for bytes in [10_001, 299_000] {
            #expect(try BrokerProbe.keepsMessage(of: bytes, settings, topic: "check/x") == false, "\(bytes)")
        }
        try await broker.stop()
        let shipped = try await TestServers.shared.makePrivateBroker()
        #expect(
            try BrokerProbe.keepsMessage(of: 299_000, self.settings(shipped, version), topic: "check/x") == true)
        try await shipped.stop()
    }
}
