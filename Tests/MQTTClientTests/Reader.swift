import MQTTClient
import Testing

/// A consumer and what it has read.
final class Reader {
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

    /// Connects again with the same client, as after a break.
    func reconnect() throws { try self.consumer?.connect() }

    func keepAlive(nothingIsUncommitted: Bool) throws {
        try self.consumer?.keepAlive(nothingIsUncommitted: nothingIsUncommitted)
    }

    /// What a stop does.
    func disconnect() {
        self.consumer?.disconnect()
        self.consumer = nil
    }

    /// What a kill does: the client goes without a word.
    func vanish() { self.consumer = nil }
}

/// Publishes numbers as payloads at QoS 1 and waits until the broker has taken them.
func publish(_ range: Range<Int>, to topic: String, _ settings: MQTTSettings) throws {
    var settings = settings
    settings.clientID += "-publisher"
    let publisher = try MQTTPublisher(settings: settings)
    try publisher.connect()
    for number in range { try publisher.publish(topic: topic, payload: Array(String(number).utf8)) }
    #expect(try publisher.drain())
    publisher.disconnect()
}
