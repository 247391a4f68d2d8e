import LocalServers
import MQTTClient
import TestSupport
import Testing

/// A line that passes a few bytes at a time between a broker with a backlog and a subscriber that comes back.
@Suite struct SlowLineTests {
    /// The backlog of an outage comes before SUBACK, in many more pieces than the wait for SUBACK has steps.
    @Test(arguments: MQTTSettings.ProtocolVersion.allCases)
    func aBacklogComesWholeInPieces(version: MQTTSettings.ProtocolVersion) async throws {
        let large = [UInt8](repeating: UInt8(ascii: "x"), count: 20_000)
        let sent = [large] + (0..<300).map { Array("message \($0)".utf8) }
        let pieces = FaultProxy.Pieces(bytes: 24, milliseconds: 0)
        try await self.resume(sent, version, keepAliveSeconds: 120, in: pieces) { (consumer) throws(MQTTError) in
            try consumer.connect()
        }
    }

    /// Sends `sent` while the consumer is away, and has it read everything through one slow connection.
    private func resume(
        _ sent: [[UInt8]], _ version: MQTTSettings.ProtocolVersion, keepAliveSeconds: Int, in pieces: FaultProxy.Pieces,
        connecting: (MQTTConsumer) throws(MQTTError) -> Void
    ) async throws {
        let broker = try await TestServers.shared.makePrivateBroker()
        var settings = MQTTSettings(host: "127.0.0.1", port: Int(broker.port), clientID: "slow", version: version)
        settings.keepAliveSeconds = keepAliveSeconds
        try MQTTConsumer(settings: settings, filters: ["slow"]) { _, _ in }.connect()
        try Self.publish(sent, settings)
        let proxy = try FaultProxy(to: broker.port)
        proxy.order { $0.pieces = pieces }
        settings.port = Int(proxy.port)
        var received: [[UInt8]] = []
        let consumer = try MQTTConsumer(settings: settings, filters: ["slow"]) { _, payload in
            received.append(payload.withUnsafeBufferPointer { Array($0) })
        }
        try connecting(consumer)
        #expect(consumer.resumedSession)
        let isWhole = try await eventually(within: .seconds(120)) {
            _ = try consumer.read(limit: 1000, waitingUpTo: 50)
            try consumer.acknowledge()
            return received.count >= sent.count && consumer.isSubscribed
        }
        #expect(isWhole, "\(received.count) of \(sent.count)")
        #expect(received == sent, "in order, each once")
        #expect(proxy.totalConnections == 1)
        consumer.disconnect()
        try await broker.stop()
    }

    private static func publish(_ payloads: [[UInt8]], _ settings: MQTTSettings) throws {
        var settings = settings
        settings.clientID += "-publisher"
        let publisher = try MQTTPublisher(settings: settings)
        try publisher.connect()
        for payload in payloads { try publisher.publish(topic: "slow", payload: payload) }
        #expect(try publisher.drain())
        publisher.disconnect()
    }
}
