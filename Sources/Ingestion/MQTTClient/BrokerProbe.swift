import CMosquitto
import Glibc

/// What a broker says of itself in its CONNACK (MQTT 5); `nil` where it says nothing, or speaks 3.1.1.
package struct BrokerCapabilities: Sendable, Hashable {
    /// How many unacknowledged messages it takes from one client: mosquitto's `max_inflight_messages`,
    /// which is also how many it sends to one of MQTT 3.1.1; with MQTT 5 the client's own number decides that.
    package var receiveMaximum: Int?
    package var maximumPacketSize: Int?
    package var maximumQoS: Int?
    package var isRetainAvailable: Bool?
    /// How long it keeps a session, where that is not what was asked for.
    package var sessionExpirySeconds: Int?
    /// The keep-alive that it wants instead of what was asked for; libmosquitto obeys.
    package var keepAliveSeconds: Int?

    init() {}

    init(_ properties: OpaquePointer?) {
        self.receiveMaximum = Self.int16(properties, MQTT_PROP_RECEIVE_MAXIMUM)
        self.maximumPacketSize = Self.int32(properties, MQTT_PROP_MAXIMUM_PACKET_SIZE)
        self.maximumQoS = Self.byte(properties, MQTT_PROP_MAXIMUM_QOS)
        self.isRetainAvailable = Self.byte(properties, MQTT_PROP_RETAIN_AVAILABLE).map { $0 != 0 }
        self.sessionExpirySeconds = Self.int32(properties, MQTT_PROP_SESSION_EXPIRY_INTERVAL)
        self.keepAliveSeconds = Self.int16(properties, MQTT_PROP_SERVER_KEEP_ALIVE)
    }

    // Each call answers with NULL when the property is not there.

    private static func byte(_ properties: OpaquePointer?, _ name: mqtt5_property) -> Int? {
        var value: UInt8 = 0
        return mosquitto_property_read_byte(properties, CInt(name.rawValue), &value, false) == nil ? nil : Int(value)
    }

    private static func int16(_ properties: OpaquePointer?, _ name: mqtt5_property) -> Int? {
        var value: UInt16 = 0
        return mosquitto_property_read_int16(properties, CInt(name.rawValue), &value, false) == nil ? nil : Int(value)
    }

    private static func int32(_ properties: OpaquePointer?, _ name: mqtt5_property) -> Int? {
        var value: UInt32 = 0
        return mosquitto_property_read_int32(properties, CInt(name.rawValue), &value, false) == nil ? nil : Int(value)
    }
}

/// Looks at a broker from outside, as a client of its own that leaves nothing behind.
package enum BrokerProbe {
    /// Connects and goes again. Throws what the broker or the network said.
    package static func capabilities(_ settings: MQTTSettings) throws(MQTTError) -> BrokerCapabilities {
        let client = try MosquittoClient(settings: settings, keepsSession: false)
        mosquitto_threaded_set(client.pointer, true)
        try client.open()
        try client.flush()
        var remaining: Int32 = 5000
        while client.connectCode == nil, remaining > 0 {
            if try client.readPacket() { continue }
            try client.writeConnect()
            _ = client.wait(for: POLLIN, milliseconds: 50)
            remaining -= 50
        }
        try client.requireAccepted()
        client.forgetSession()
        return client.capabilities
    }

    /// Which of these filters the broker grants at QoS 0 only, so that it keeps nothing for who is away. Subscribes to
    /// them for a moment with a session that ends with it; `settings` name a client id of the looker's own.
    package static func filtersWithoutPromise(
        of filters: [String], _ settings: MQTTSettings
    ) throws(MQTTError) -> [String] {
        var settings = settings
        settings.sessionExpirySeconds = 0
        // The live stream begins with SUBACK: as little of it as may be.
        settings.receiveMaximum = 1
        let consumer = try MQTTConsumer(settings: settings, filters: filters, keepsSession: false) { _, _ in }
        try consumer.connect()
        defer { consumer.disconnect() }
        return consumer.filtersWithoutPromise
    }

    /// How many of `count` messages the broker keeps for a session that is away: session and topic are its own, and
    /// removed afterwards. `nil` when it may not subscribe at QoS 1 or publish there, so that nothing can be said.
    package static func keptMessages(
        of count: Int, bytes: Int = 1, _ settings: MQTTSettings, topic: String
    ) throws(MQTTError) -> Int? {
        guard let kept = try Self.kept(Array(repeating: bytes, count: count), settings, topic: topic), kept.isTaken,
            !kept.arrived.isEmpty
        else { return nil }
        return kept.arrived.count
    }

    /// Whether the broker keeps one message of so many bytes: mosquitto acknowledges what is over its
    /// `message_size_limit`, with MQTT 5 by a code that says so, and throws it away; where it has no window
    /// (`max_inflight_messages 0`), it cuts the sender off. `nil` when nothing can be said, as above.
    package static func keepsMessage(
        of bytes: Int, _ settings: MQTTSettings, topic: String
    ) throws(MQTTError) -> Bool? {
        do throws(MQTTError) {
            // Order is kept: when the small one has come, the large one was not kept.
            guard let arrived = try Self.kept([bytes, 1], settings, topic: topic)?.arrived, !arrived.isEmpty else {
                return nil
            }
            return arrived.contains(bytes)
        } catch {
            if error.code == .connectionFailed { return false }
            throw error
        }
    }

    /// What comes of messages of these lengths, sent while their subscriber is away: their lengths, and whether the
    /// broker said yes to all of them.
    private static func kept(
        _ lengths: [Int], _ settings: MQTTSettings, topic: String
    ) throws(MQTTError) -> (arrived: [Int], isTaken: Bool)? {
        var settings = settings
        settings.sessionExpirySeconds = 60
        defer { _ = try? Self.capabilities(settings) }  // a clean start ends the session
        do throws(MQTTError) {
            let absent = try MQTTConsumer(settings: settings, filters: [topic]) { _, _ in }
            try absent.connect()
            // It says good-bye: a socket that only closes may live on in a process that was started meanwhile.
            absent.disconnect()
            if !absent.filtersWithoutPromise.isEmpty { return nil }
        } catch {
            if error.code == .subscriptionRefused { return nil }
            throw error
        }
        var publishing = settings
        publishing.clientID += "-publisher"
        let publisher = try MQTTPublisher(settings: publishing)
        try publisher.connect()
        for length in lengths {
            try publisher.publish(topic: topic, payload: Array(repeating: UInt8(ascii: "x"), count: length))
        }
        let isTaken = try publisher.drain(silenceLimitMilliseconds: 3000)
        publisher.disconnect()
        return (try Self.backlog(of: lengths, settings, topic: topic), isTaken)
    }

    private static func backlog(
        of lengths: [Int], _ settings: MQTTSettings, topic: String
    ) throws(MQTTError) -> [Int] {
        var arrived: [Int] = []
        let consumer = try MQTTConsumer(settings: settings, filters: [topic]) { _, payload in
            arrived.append(payload.count)
        }
        try consumer.connect()
        // A long message takes many reads that bring nothing yet: 100 kB/s is slow.
        let patience = Duration.milliseconds(500 + (lengths.max() ?? 0) / 100)
        var (before, since) = (-1, ContinuousClock.now)
        while arrived.count < lengths.count {
            if arrived.count != before { (before, since) = (arrived.count, .now) }
            guard since.duration(to: .now) < patience else { break }
            // What came before SUBACK may fill the window.
            try consumer.acknowledge()
            _ = try consumer.read(limit: lengths.count, waitingUpTo: 100)
        }
        consumer.disconnect()
        return arrived
    }
}
