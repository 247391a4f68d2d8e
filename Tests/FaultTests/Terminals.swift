import Foundation
import MQTTClient
import Synchronization

/// A fleet that publishes at QoS 1 as terminals do: what was not acknowledged is sent again, in order.
/// Message `n` is a report of one of 20 terminals at a time of its own, so that every message is one row of the log.
final class Terminals: Sendable {
    let count: Int
    /// The number of the first message.
    private let first: Int
    private let kind: Kind
    private let settings: MQTTSettings
    private let progress = Mutex(0)
    /// Messages a second; nil: as fast as the broker takes them.
    private let rate: Int?
    private let connected = Mutex(false)
    private let end = Mutex<(isOver: Bool, isOrdered: Bool)>((false, false))

    /// How many messages, from the first on, the broker has acknowledged.
    var acknowledgedCount: Int { self.progress.withLock { $0 } }
    var isDone: Bool { self.end.withLock { $0.isOver } }
    /// False as soon as every acknowledgement of a connection that has ended is counted.
    var isConnected: Bool { self.connected.withLock { $0 } }

    /// - Parameter malformed: sends so many messages without sense before each good one.
    init(
        _ count: Int, from first: Int = 0, port: UInt16, id: String, rate: Int? = nil, malformed: Int = 0,
        kind: Kind = .position
    ) {
        self.kind = kind
        self.count = count
        self.first = first
        self.rate = rate
        self.settings = MQTTSettings(host: "127.0.0.1", port: Int(port), clientID: id)
        let thread = Thread { self.run(malformed: malformed) }
        thread.name = "terminals"
        thread.start()
    }

    deinit { self.stop() }

    func stop() { self.end.withLock { $0.isOrdered = true } }

    /// Two reports of message `n` are the same.
    private func payload(_ number: Int) -> [UInt8] {
        let time = 1_772_000_000_000 + number * 1000
        if self.kind == .camera { return Array(#"{"time":\#(time),"cameras":{"right_blind_spot":"ok"}}"#.utf8) }
        return Array(#"{"time":\#(time),"lat":30.\#(number % 900_000 + 100_000),"lon":120.7,"seq":\#(number)}"#.utf8)
    }

    private func topic(_ number: Int) -> String { "fleet/v1/F\(number % 20)/\(self.kind.rawValue)" }

    /// What they report.
    enum Kind: String, Sendable { case position, camera }

    private func run(malformed: Int) {
        defer { self.end.withLock { $0.isOver = true } }
        let group = malformed + 1
        let total = self.count * group
        var acknowledged = 0
        while acknowledged < total, !self.end.withLock({ $0.isOrdered }) {
            guard let publisher = try? MQTTPublisher(settings: self.settings, window: 200),
                (try? publisher.connect(timeoutMilliseconds: 2000)) != nil
            else {
                // Nobody there: look again in a moment. poll(2) without descriptors waits.
                _ = poll(nil, 0, 20)
                continue
            }
            self.connected.withLock { $0 = true }
            let first = acknowledged
            let clock = ContinuousClock()
            let start = clock.now
            do {
                for number in first..<total {
                    let (offset, place) = number.quotientAndRemainder(dividingBy: group)
                    let index = self.first + offset
                    let isGood = place == malformed
                    try publisher.publish(
                        topic: self.topic(index), payload: isGood ? self.payload(index) : Array("bad \(number)".utf8))
                    if let rate, number.isMultiple(of: max(1, rate / 100)) {
                        // A hundred times a second, as much as is due.
                        let due = start + .milliseconds((number - first) * 1000 / rate)
                        while clock.now < due { try publisher.exchange(waitingUpTo: 5) }
                    }
                    self.note(first + publisher.acknowledgedCount, group)
                    if self.end.withLock({ $0.isOrdered }) { break }
                }
                _ = try publisher.drain(silenceLimitMilliseconds: 5000)
            } catch {}
            acknowledged = first + publisher.acknowledgedCount
            self.note(acknowledged, group)
            self.connected.withLock { $0 = false }
        }
    }

    private func note(_ acknowledged: Int, _ group: Int) {
        self.progress.withLock { $0 = max($0, acknowledged / group) }
    }
}
