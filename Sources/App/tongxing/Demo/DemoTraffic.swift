import Chronology
import CitySimulator
import Foundation
import Logging
import MQTTClient

/// How far the simulated city has come; kept in the demo's folder so that a second start goes on from there.
struct DemoCity: Codable {
    var seed: UInt64
    var trucks: Int
    var startDate: CivilDate
    /// Everything sent up to this moment has been published.
    var publishedUpTo: Instant

    var plan: CityPlan {
        CityPlan(
            seed: self.seed, trucks: self.trucks, days: nil, startDate: self.startDate, shortestSampling: 10,
            longestSampling: 30)
    }

    static let fileName = "city.json"

    /// A city whose morning lies at least two hours back, so that there is something to see at once.
    static func new(seed: UInt64, trucks: Int, now: Instant) -> DemoCity {
        let morning = Self.lastMorning(before: now)
        return DemoCity(
            seed: seed, trucks: trucks, startDate: morning.date(at: .shanghai), publishedUpTo: morning)
    }

    /// After a long pause the city goes on with its last morning: the days between are left out, not made up.
    mutating func skipLongPause(now: Instant) {
        guard now.seconds(since: self.publishedUpTo) > 86400 else { return }
        self.publishedUpTo = Self.lastMorning(before: now)
    }

    private static func lastMorning(before now: Instant) -> Instant {
        let latest = now.advanced(bySeconds: -2 * 3600)
        let morning = Instant(startOf: latest.date(at: .shanghai), at: .shanghai).advanced(bySeconds: 6 * 3600)
        return morning <= latest ? morning : morning.advanced(bySeconds: -86400)
    }
}

/// Publishes the city's traffic: at `speed` times its pace until it has caught up with the clock, then as it happens.
struct DemoTraffic {
    let folder: DemoFolder
    let settings: MQTTSettings
    let speed: Double
    let logger: Logger
    let isStopRequested: () -> Bool

    /// - Returns: why it could not go on, or nil after an ordered stop.
    func run() -> String? {
        do {
            guard let data = self.folder.read(DemoCity.fileName) else { return "\(DemoCity.fileName) is missing" }
            var state = try JSONDecoder().decode(DemoCity.self, from: data)
            state.skipLongPause(now: Clocks.now())
            try self.publish(&state)
            return nil
        } catch {
            return "\(error)"
        }
    }

    private func publish(_ state: inout DemoCity) throws {
        let publisher = try MQTTPublisher(settings: self.settings, window: 500)
        try publisher.connect()
        var traffic = SimulatedCity(state.plan).traffic(from: state.publishedUpTo)
        let clock = CityClock(cityTime: state.publishedUpTo, speed: self.speed)
        var savedAt = Clocks.monotonicMilliseconds()
        while !self.isStopRequested(), let message = traffic.next() {
            while !self.isStopRequested() {
                let wait = clock.milliseconds(until: message.sent)
                if wait <= 0 { break }
                try publisher.exchange(waitingUpTo: Int32(min(wait, 200)))
            }
            guard !self.isStopRequested() else { break }
            try publisher.publish(topic: message.topic, payload: message.payload)
            state.publishedUpTo = message.sent
            if Clocks.monotonicMilliseconds() - savedAt > 1000 {
                savedAt = Clocks.monotonicMilliseconds()
                // Only what is acknowledged counts as published.
                if try publisher.drain(silenceLimitMilliseconds: 5000) { try self.save(state) }
            }
        }
        if try publisher.drain(silenceLimitMilliseconds: 2000) { try self.save(state) }
        publisher.disconnect()
    }

    private func save(_ state: DemoCity) throws {
        try self.folder.write(try JSONEncoder().encode(state), to: DemoCity.fileName)
    }
}

/// The city's clock: faster than the server's until it has caught up, then the same.
struct CityClock {
    private let startCity: Instant
    private let startMonotonic: Int
    private let speed: Double

    init(cityTime: Instant, speed: Double) {
        self.startCity = cityTime
        self.startMonotonic = Clocks.monotonicMilliseconds()
        self.speed = speed
    }

    /// How long until the city's clock shows `instant`.
    func milliseconds(until instant: Instant) -> Int {
        let elapsed = Double(Clocks.monotonicMilliseconds() - self.startMonotonic) / 1000
        let fast = instant.seconds(since: self.startCity) / self.speed - elapsed
        // Never ahead of the real time: a report from the future would be refused.
        let real = instant.seconds(since: Clocks.now())
        return Int((max(fast, real) * 1000).rounded(.up))
    }
}
