import Chronology
import Telemetry
import Testing

@testable import IngestionPipeline

/// Every message ends in exactly one state.
@Suite struct ProcessedBatchTests {
    private static let received = Instant(rfc3339: "2026-03-02T08:00:00Z") ?? .distantPast

    private func raw(_ messages: [(topic: String, payload: String)]) -> RawBatch {
        var batch = RawBatch()
        for message in messages {
            batch.append(
                topic: Array(message.topic.utf8).span, payload: Array(message.payload.utf8).span,
                receivedAt: Self.received)
        }
        return batch
    }

    private func position(_ minute: Int, lat: Double = 30.7) -> String {
        "{\"time\":\"2026-03-02T07:\(minute < 10 ? "0" : "")\(minute):00Z\",\"lat\":\(lat),\"lon\":120.7}"
    }

    private static let topic = "fleet/v1/T1/position"

    /// All rows new: what each message of the list ends in, by letter: s stored, d duplicate, q quarantined.
    @Test func messagesOfOneBatchAreSettled() {
        let raw = self.raw([
            (Self.topic, self.position(1)),
            (Self.topic, self.position(1)),  // the same again
            (Self.topic, self.position(1, lat: 30.8)),  // another one of the same time
            (Self.topic, "[]"),
            (Self.topic, "[\(self.position(2)),\(self.position(3, lat: 91))]"),  // one good, one bad
            ("fleet/v1/T1/other", "{}"),
            (Self.topic, "[\(self.position(1)),\(self.position(4))]"),  // one known, one new
        ])
        var batch = ProcessedBatch(decoding: raw, with: MessageDecoder())
        #expect(batch.positions.count == 3)
        let added = [RowOutcome](repeating: .added, count: batch.positions.count)
        let counts = batch.settle(positions: added, cameras: [], in: raw)
        #expect(counts.stored == 2)
        #expect(counts.duplicate == 1)
        #expect(counts.quarantined == 4)
        #expect(counts.received == 7)
        #expect(counts.positions == 3)
        #expect(
            batch.quarantined.map(\.refusal.reason) == [.conflict, .empty, .outOfRange, .unknownTopic])
        #expect(batch.quarantined[2].payload == Array(raw.bytes[raw.messages[4].payload]))
    }

    @Test func theLogsAnswersDecide() {
        let raw = self.raw((1...4).map { (Self.topic, self.position($0)) })
        var batch = ProcessedBatch(decoding: raw, with: MessageDecoder())
        let counts = batch.settle(
            positions: [.added, .duplicate, .conflict, .refused("22003")], cameras: [], in: raw)
        #expect((counts.stored, counts.duplicate, counts.quarantined) == (1, 1, 2))
        #expect(batch.quarantined.map(\.refusal.reason) == [.conflict, .refusedByStore])
    }

    @Test func cameraStatesOfOneTimeBothCount() {
        let topic = "fleet/v1/T1/camera"
        func camera(_ state: String) -> String {
            "{\"time\":\"2026-03-02T07:00:00Z\",\"cameras\":{\"right_blind_spot\":\"\(state)\"}}"
        }
        let raw = self.raw([(topic, camera("ok")), (topic, camera("lost")), (topic, camera("ok"))])
        var batch = ProcessedBatch(decoding: raw, with: MessageDecoder())
        #expect(batch.cameras.count == 2)
        let counts = batch.settle(positions: [], cameras: [.added, .conflict], in: raw)
        #expect(counts.cameraReports == 2)
        #expect((counts.stored, counts.quarantined, counts.duplicate) == (1, 1, 1))
    }
}
