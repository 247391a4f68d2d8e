import Chronology
import Geodesy
import Telemetry
import Testing

@testable import CitySimulator

@Suite("Every message is one that the service accepts")
struct PayloadTests {
    @Test("The decoder refuses nothing and knows every field", arguments: [UInt64(1), 2, 3])
    func decodes(seed: UInt64) {
        let city = SimulatedCity(CityPlan(seed: seed, trucks: 12, days: 1, shortestSampling: 30, longestSampling: 60))
        let decoder = MessageDecoder()
        var message = DecodedMessage()
        var positions = 0
        var cameras = 0
        var hasDrum = false
        for sent in city.traffic() {
            decoder.decode(
                topic: Array(sent.topic.utf8).span, payload: sent.payload.span, receivedAt: sent.sent, into: &message)
            #expect(message.refusals.isEmpty, "seed \(seed): \(String(decoding: sent.payload, as: UTF8.self))")
            #expect(message.unknownFieldCount == 0)
            #expect(message.positions.allSatisfy { $0.recordedAt < sent.sent })
            positions += message.positions.count
            cameras += message.cameras.count
            hasDrum = hasDrum || message.positions.contains { ($0.drum ?? 0) < -30 }
        }
        #expect(positions > 3000)
        #expect(cameras > 500)
        #expect(hasDrum)
    }

    @Test("A report says where the truck is, in whichever system the terminal writes")
    func saysWhereTheTruckIs() throws {
        let plan = CityPlan(
            seed: 6, trucks: 12, days: 1, shortestSampling: 60, longestSampling: 60, hasCheats: false, hasNoise: false,
            hasFaults: false, hasCameras: false)
        let city = SimulatedCity(plan)
        let decoder = MessageDecoder()
        var message = DecodedMessage()
        #expect(city.city.trucks.contains { $0.habits.coordinates == .gcj02 })
        let days = Dictionary(uniqueKeysWithValues: city.days(0).map { (city.city.trucks[$0.truck].terminal, $0) })
        for (index, sent) in city.traffic().enumerated() where index.isMultiple(of: 7) {
            decoder.decode(
                topic: Array(sent.topic.utf8).span, payload: sent.payload.span, receivedAt: sent.sent, into: &message)
            let report = try #require(message.positions.first)
            let terminal = try #require(message.terminal)
            let day = try #require(days[terminal.text])
            let second = Int(report.recordedAt.seconds(since: plan.start(ofDay: 0)))
            var segment = 0
            let state = day.state(at: second, from: &segment)
            // Half of the sixth decimal, and what is left of the way to GCJ-02 and back.
            #expect(Plane.point(report.coordinate).distance(to: state.point) < 0.3)
            #expect(abs(Double(report.speed ?? 0) / 36 - state.speed) < 0.52)
        }
    }

    @Test(
        "Numbers are written exactly",
        arguments: [
            (Sample(second: 0, latitudeE6: 30_750_001, longitudeE6: 120_000_000), #""lat":30.750001,"lon":120.000000"#),
            (Sample(second: 0, latitudeE6: -1, longitudeE6: -120_000_001), #""lat":-0.000001,"lon":-120.000001"#),
            (Sample(second: 0, latitudeE6: 0, longitudeE6: 0, drum: -8), #""drum_rpm":-0.8"#),
            (Sample(second: 0, latitudeE6: 0, longitudeE6: 0, odometer: 100_007), #""odometer_km":1000.07"#),
        ])
    func writesNumbers(sample: Sample, text: String) throws {
        let truck = try #require(SimulatedCity(CityPlan(trucks: 1)).city.trucks.first)
        let bytes = PayloadWriter.positions([sample], habits: truck.habits, dayStart: Instant(seconds: 0))
        #expect(String(decoding: bytes, as: UTF8.self).contains(text))
    }

    /// As many as were asked for, and none twice: the plan says how many that may be.
    @Test func aCityHasAsManyTrucksAsItsPlanAllows() {
        #expect(CityPlan(trucks: 6250).trucks == 6250 && CityPlan(trucks: .max).trucks == CityPlan.mostTrucks)
        #expect(Set((1...CityPlan.mostTrucks).map { CityNames.plate($0) }).count == CityPlan.mostTrucks)
    }
}
