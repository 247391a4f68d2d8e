import Chronology
import CitySimulator
import Safety
import Telemetry
import Testing

/// A simulated city through the decoder into days: the figures come out as they are in truth.
@Suite struct CityExposureTests {
    /// What a terminal said, decoded.
    private struct Said {
        var positions: [PositionReport] = []
        var cameras: [CameraReport] = []
    }

    private func said(in city: SimulatedCity) -> [TerminalID: Said] {
        var (said, seen): ([TerminalID: Said], [TerminalID: Set<Instant>]) = ([:], [:])
        let decoder = MessageDecoder()
        var message = DecodedMessage()
        for sent in city.traffic() {
            decoder.decode(
                topic: Array(sent.topic.utf8).span, payload: sent.payload.span, receivedAt: sent.sent, into: &message)
            guard let terminal = message.terminal else { continue }
            for position in message.positions
            where seen[terminal, default: []].insert(position.recordedAt).inserted {
                said[terminal, default: Said()].positions.append(position)
            }
            said[terminal, default: Said()].cameras += message.cameras
        }
        return said
    }

    private func days(of terminal: TerminalID, _ said: Said) -> [SafetyDay] {
        let positions = said.positions.sorted { $0.recordedAt < $1.recordedAt }
        let dates = Set(positions.map { $0.recordedAt.date(at: .shanghai) })
        return dates.sorted().map { date in
            let start = Instant(startOf: date, at: .shanghai)
            let end = Instant(startOf: CivilDate(daysSince1970: date.daysSince1970 + 1), at: .shanghai)
            let lead = SafetyParameters.standard.cameras.lead
            let window = start.advanced(bySeconds: -lead)..<end.advanced(bySeconds: SafetyDay.tail)
            let places = positions.filter { ExposureDay.hasPlace($0) }
            return SafetyDay.derive(
                terminal: terminal, date: date,
                from: SafetyDay.Reports(
                    positions: positions.filter { window.contains($0.recordedAt) },
                    cameras: said.cameras.filter { window.contains($0.recordedAt) },
                    before: places.last { $0.recordedAt < start }, after: places.first { $0.recordedAt >= end }))
        }
    }

    /// Of terminals that nobody tampers with: kilometres within 4 % of each truck's truth (a terminal without an
    /// odometer cuts corners every 30 s) and 1 % of the city's; the cameras' true rate between what is known to be ok
    /// and that with the unknown.
    @Test(arguments: [UInt64(4), 9])
    func exposureIsThatOfTheTruth(seed: UInt64) throws {
        let city = SimulatedCity(
            CityPlan(seed: seed, trucks: 11, days: 2, shortestSampling: 10, longestSampling: 30, hasCheats: false))
        let truth = Dictionary(grouping: (0..<2).flatMap { city.exposure(ofDay: $0) }, by: \.terminal)
        let said = self.said(in: city)
        var (driven, trueDriven) = (0.0, 0.0)
        var (ok, unknown, moving, trueOK, trueMoving) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for (terminal, reports) in said.sorted(by: { $0.key.text < $1.key.text }) {
            let sums = self.days(of: terminal, reports).reduce(into: SafetyDay()) { $0 += $1 }
            let expected = try #require(truth[terminal.text])
            let kilometres = expected.reduce(0) { $0 + $1.metres } / 1000
            #expect(
                abs(sums.exposure.kilometres - kilometres) <= 0.04 * kilometres + 0.2,
                "\(terminal.text): \(sums.exposure.kilometres) for \(kilometres)")
            driven += sums.exposure.kilometres
            trueDriven += kilometres
            guard expected.allSatisfy({ $0.cameraOkSeconds != nil }) else {
                #expect(sums.camera.effectiveRate ?? 0 == 0 && sums.camera.unknownShare ?? 1 == 1)
                continue
            }
            ok += Double(sums.camera.movingMicroseconds.ok) / 1e6
            unknown += Double(sums.camera.movingMicroseconds.unknown) / 1e6
            moving += Double(sums.camera.movingMicroseconds.total) / 1e6
            trueOK += Double(expected.reduce(0) { $0 + ($1.cameraOkSeconds ?? 0) })
            trueMoving += Double(expected.reduce(0) { $0 + $1.movingSeconds })
        }
        // An exposure that is 5 % wrong is seen, by its kilometres and by its hours.
        for wrong in [0.95, 1, 1.05] {
            #expect(
                (abs(wrong * driven - trueDriven) <= 0.01 * trueDriven) == (wrong == 1),
                "\(wrong) × \(driven) km for \(trueDriven)")
            #expect(
                (abs(wrong * moving - trueMoving) <= 0.03 * trueMoving) == (wrong == 1),
                "\(wrong) × \(moving) s for \(trueMoving)")
        }
        let share = trueOK / trueMoving
        #expect(ok / moving - 0.01 <= share && share <= (ok + unknown) / moving + 0.01, "\(ok / moving) for \(share)")
    }
}
