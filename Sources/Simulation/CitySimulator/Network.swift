import Chronology

/// A message before its payload is written: which reports of which truck it carries, and when it is sent.
struct Envelope: Sendable {
    /// What is sent.
    enum Content: Int8, Sendable { case positions, cameras }

    /// Microseconds since the day's start.
    var sent: Int64
    var truck: Int32
    var content: Content
    var first: Int32
    var count: Int32

    /// The order of sending; equal times are ordered by truck, so that it is the same every time.
    static func precedes(_ a: Envelope, _ b: Envelope) -> Bool {
        (a.sent, a.truck, a.content.rawValue, a.first) < (b.sent, b.truck, b.content.rawValue, b.first)
    }
}

/// The mobile network between a terminal and the broker: seconds late, hours late, or twice.
struct Network {
    /// The contract lets a message carry up to 1,000 reports; devices send fewer.
    private static let chunk = 200

    private let faults: TerminalFaults
    private let truck: Int32
    private var random: SplitMix64
    private(set) var envelopes: [Envelope] = []

    init(truck: Truck, day: Int, plan: CityPlan) {
        self.faults = TerminalFaults(truck: truck, day: day, plan: plan)
        self.truck = Int32(truck.number)
        self.random = SplitMix64(seed: plan.seed, for: .network, truck: truck.number, day: day)
    }

    /// Sends the reports of one kind; `seconds` are their times, ascending.
    mutating func send(_ content: Envelope.Content, seconds: [Int32]) {
        var index = 0
        while index < seconds.count {
            guard let end = self.faults.deliveryDelayed(at: Int(seconds[index])) else {
                self.send(content, index, 1, at: Double(seconds[index]) + self.random.uniform(0.2, 2.5))
                index += 1
                continue
            }
            // Everything of the stretch, in a few arrays, one after the other.
            var sent = Double(end) + self.random.uniform(1, 20)
            let first = index
            while index < seconds.count, self.faults.deliveryDelayed(at: Int(seconds[index])) == end { index += 1 }
            for start in stride(from: first, to: index, by: Self.chunk) {
                self.send(content, start, min(Self.chunk, index - start), at: sent)
                sent += self.random.uniform(0.1, 1)
            }
        }
    }

    private mutating func send(_ content: Envelope.Content, _ first: Int, _ count: Int, at seconds: Double) {
        var envelope = Envelope(
            sent: Int64(seconds * 1000) * 1000, truck: self.truck, content: content, first: Int32(first),
            count: Int32(count))
        self.envelopes.append(envelope)
        if self.random.chance(self.faults.duplicateChance) {
            envelope.sent += Int64(self.random.uniform(1, 40) * 1000) * 1000
            self.envelopes.append(envelope)
        }
    }
}
