import Chronology
import Telemetry
import Testing

@testable import CitySimulator

@Suite("Traffic is a function of the plan")
struct TrafficTests {
    private static let plan = CityPlan(seed: 48, trucks: 5, days: 3, shortestSampling: 60, longestSampling: 120)
    /// All its messages.
    private static let whole = Array(SimulatedCity(plan).traffic())

    private func fingerprint(_ messages: some Sequence<TrafficMessage>) -> Int {
        var hasher = Hasher()
        for message in messages { hasher.combine(message) }
        return hasher.finalize()
    }

    @Test("The same plan gives the same bytes, another seed gives others")
    func sameSeedSameBytes() {
        let first = self.fingerprint(Self.whole)
        #expect(first == self.fingerprint(SimulatedCity(Self.plan).traffic()))
        var other = Self.plan
        other.seed = 49
        #expect(first != self.fingerprint(SimulatedCity(other).traffic()))
    }

    /// Messages of the first day that are sent more than ten minutes into the second.
    private var lateOverTheJoint: Int {
        let joint = Self.plan.start(ofDay: 1)
        let reports = Self.whole.filter { $0.sent > joint.advanced(bySeconds: 600) && $0.payload.first == 0x5B }
            .flatMap { message in
                var decoded = DecodedMessage()
                MessageDecoder().decode(
                    topic: Array(message.topic.utf8).span, payload: message.payload.span, receivedAt: message.sent,
                    into: &decoded)
                return decoded.positions
            }
        return reports.count { $0.recordedAt < joint }
    }

    @Test("Messages come in the order of sending, none before the first day begins")
    func sorted() {
        var last = Self.plan.start(ofDay: 0)
        for message in Self.whole {
            #expect(message.sent >= last)
            last = message.sent
        }
        #expect(last > Self.plan.start(ofDay: 2).advanced(bySeconds: 80_000))
        // Else this would say nothing about the joints between the days.
        #expect(self.lateOverTheJoint > 10)
    }

    @Test("A start in the middle gives the rest of the whole", arguments: [0.0, 30_000, 86_400, 100_000, 200_000])
    func startsAnywhere(seconds: Double) {
        let start = Self.plan.start(ofDay: 0).advanced(bySeconds: seconds)
        let rest = Self.whole.filter { $0.sent >= start }
        #expect(!rest.isEmpty)
        #expect(Array(SimulatedCity(Self.plan).traffic(from: start)) == rest)
    }

    @Test("A copy reads on for itself, and reading the truth between disturbs nothing")
    func copies() {
        let city = SimulatedCity(Self.plan)
        let whole = self.fingerprint(Self.whole)
        var reader = city.traffic()
        var read: [TrafficMessage] = []
        for count in 0..<6000 {
            guard let message = reader.next() else { break }
            read.append(message)
            if count == 3000 {
                var copy = reader
                for _ in 0..<2000 { _ = copy.next() }
                _ = city.truth(ofDay: 1)
            }
        }
        while let message = reader.next() { read.append(message) }
        #expect(self.fingerprint(read) == whole)
    }

    @Test("An endless city begins with the days of a city that ends")
    func endless() {
        var plan = Self.plan
        plan.days = nil
        let endless = SimulatedCity(plan)
        // The last minutes are left out: late messages of the last day come after it in both.
        let end = plan.start(ofDay: 2)
        let finite = Self.whole.prefix { $0.sent < end }
        #expect(self.fingerprint(finite) == self.fingerprint(endless.traffic().prefix { $0.sent < end }))
        #expect(endless.truth(ofDay: 1) == SimulatedCity(Self.plan).truth(ofDay: 1))
        var later = endless.traffic(from: plan.start(ofDay: 7))
        #expect(later.next().map { $0.sent >= plan.start(ofDay: 7) } == true)
    }

    @Test("The city has all the faults that it is meant to have, and none when they are switched off")
    func faults() {
        let withFaults = Self.whole
        let texts = withFaults.map { String(decoding: $0.payload, as: UTF8.self) }
        #expect(texts.contains { $0.hasPrefix("[") })
        #expect(texts.contains { $0.contains(#""fix":false"#) })
        #expect(texts.contains { $0.contains(#""lost""#) || $0.contains(#""fault""#) || $0.contains(#""occluded""#) })
        let redelivered = withFaults.count - Set(withFaults.map { [$0.topic.hashValue, $0.payload.hashValue] }).count
        #expect(redelivered > 0)

        var plan = Self.plan
        plan.hasFaults = false
        let without = Array(SimulatedCity(plan).traffic())
        #expect(without.allSatisfy { $0.payload.first == UInt8(ascii: "{") })
        #expect(Set(without.map { [$0.topic.hashValue, $0.payload.hashValue] }).count == without.count)
        // A terminal that falls silent for long on a haul is part of the truth; the seed has none.
        let truths = [true, false].map { hasFaults in
            plan.hasFaults = hasFaults
            plan.hasEveryCase = false
            return SimulatedCity(plan).truth(ofDay: 0)
        }
        #expect(truths[0] == truths[1])
    }

    @Test("A late report is late by hours at most")
    func boundedDelay() {
        // `startsAnywhere` rests on this: whatever is sent on a day was recorded on it or on the day before.
        for truck in SimulatedCity(Self.plan).city.trucks {
            for day in 0..<200 {
                let faults = TerminalFaults(truck: truck, day: day, plan: Self.plan)
                #expect(faults.outages.allSatisfy { $0.upperBound < 2 * TruckDay.length })
            }
        }
    }
}
