import Chronology
import Seals
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
        #expect(batch.contradictions.count == 1)
        let counts = batch.settle(positions: [.added, .added, .added, .conflict], cameras: [], in: raw)
        #expect(counts.stored == 2)
        #expect(counts.duplicate == 1)
        #expect(counts.quarantined == 4)
        #expect(counts.received == 7)
        #expect(counts.positions == 3)
        #expect(
            batch.quarantined.map(\.refusal.reason) == [.empty, .outOfRange, .unknownTopic, .conflict])
        #expect(batch.quarantined[1].payload == Array(raw.bytes[raw.messages[4].payload]))
    }

    /// A lane uses one batch's storage for the next: whatever the last one held, the same messages come to the same.
    @Test func aBatchThatIsUsedAgainKnowsNothingOfTheOneBefore() {
        let camera = #"{"time":"2026-03-02T07:01:00Z","cameras":{"right_blind_spot":"ok"}}"#
        let raw = self.raw([
            (Self.topic, self.position(2)), (Self.topic, self.position(1)), (Self.topic, self.position(1)),
            (Self.topic, self.position(1, lat: 30.8)), (Self.topic, self.position(1, lat: 30.8)), (Self.topic, "[]"),
            ("fleet/v1/T1/camera", camera), ("fleet/v1/T1/camera", camera), ("fleet/v1/T2/other", "{}"),
        ])
        var used = ProcessedBatch()
        var counts: [MessageCounts] = []
        for _ in 1...2 {
            used.reset()
            used.decode(raw, with: MessageDecoder())
            counts.append(
                used.settle(
                    positions: used.positions.map { _ in .added } + used.contradictions.map { _ in .conflict },
                    cameras: used.cameras.map { _ in .added }, in: raw))
        }
        var fresh = ProcessedBatch(decoding: raw, with: MessageDecoder())
        #expect(used.positions == fresh.positions && used.contradictions == fresh.contradictions)
        #expect(used.cameras == fresh.cameras && used.rowCount >= fresh.rowCount)
        #expect(used.messageCount == raw.messages.count && used.byteCount == raw.bytes.count)
        let once = fresh.settle(
            positions: [.added, .added, .conflict], cameras: fresh.cameras.map { _ in .added }, in: raw)
        #expect(counts == [once, once] && once.stored > 0 && once.duplicate > 0 && once.quarantined > 0)
        #expect(used.messageStates == fresh.messageStates && used.ledger == fresh.ledger)
        #expect(used.quarantined == fresh.quarantined && used.unknownFieldCount == fresh.unknownFieldCount)
    }

    /// A megabyte of a thousand reports that are none must not become a gigabyte.
    @Test func aMessageIsCopiedOnceForAllThatIsRefusedOfIt() {
        let array = "[" + (0..<1000).map { #"{"none":\#($0)}"# }.joined(separator: ",") + "]"
        let raw = self.raw([(Self.topic, array), (Self.topic, array)])
        let batch = ProcessedBatch(decoding: raw, with: MessageDecoder())
        #expect(batch.quarantined.count == 2000)
        #expect(batch.quarantined.allSatisfy { $0.payload == Array(array.utf8) })
        let copies = Set(batch.quarantined.map { $0.payload.withUnsafeBytes { Int(bitPattern: $0.baseAddress) } })
        #expect(copies.count == 2)
    }

    @Test func theLogsAnswersDecide() {
        let raw = self.raw((1...4).map { (Self.topic, self.position($0)) })
        var batch = ProcessedBatch(decoding: raw, with: MessageDecoder())
        let counts = batch.settle(
            positions: [.added, .duplicate, .conflict, .refused("22003")], cameras: [], in: raw)
        #expect((counts.stored, counts.duplicate, counts.quarantined) == (1, 1, 2))
        #expect(batch.quarantined.map(\.refusal.reason) == [.conflict, .refusedByStore])
    }

    /// Of a list, the report that contradicts is named; a place that was refused before it counts.
    @Test func aConflictNamesItsPlaceInTheList() {
        let raw = self.raw([
            (Self.topic, "[\(self.position(1)),\(self.position(2, lat: 91)),\(self.position(1, lat: 30.8))]"),
            (Self.topic, self.position(1, lat: 30.9)),
        ])
        var batch = ProcessedBatch(decoding: raw, with: MessageDecoder())
        _ = batch.settle(positions: [.duplicate, .conflict, .conflict], cameras: [], in: raw)
        #expect(batch.quarantined.map(\.refusal.reason) == [.outOfRange, .conflict, .conflict])
        #expect(batch.quarantined.map(\.refusal.reportIndex) == [1, 2, nil])
    }

    @Test func cameraStatesOfOneTimeBothCount() {
        let topic = "fleet/v1/T1/camera"
        func camera(_ state: String) -> String {
            "{\"time\":\"2026-03-02T07:00:00Z\",\"cameras\":{\"right_blind_spot\":\"\(state)\"}}"
        }
        let raw = self.raw([(topic, camera("ok")), (topic, camera("lost")), (topic, camera("ok"))])
        var batch = ProcessedBatch(decoding: raw, with: MessageDecoder())
        #expect(batch.cameras.count == 2)
        // The log knows no order within a batch.
        let counts = batch.settle(positions: [], cameras: [.added, .added], in: raw)
        #expect(counts.cameraReports == 2)
        #expect((counts.stored, counts.quarantined, counts.duplicate) == (1, 1, 1))
        // In one message too; and when both were there already, nothing is news.
        let together = self.raw([(topic, "[\(camera("ok")),\(camera("lost"))]")])
        var one = ProcessedBatch(decoding: together, with: MessageDecoder())
        #expect(one.settle(positions: [], cameras: [.added, .added], in: together).quarantined == 1)
        #expect(one.quarantined.map(\.refusal.reason) == [.conflict])
        var again = ProcessedBatch(decoding: together, with: MessageDecoder())
        #expect(again.settle(positions: [], cameras: [.duplicate, .duplicate], in: together).duplicate == 1)
    }

    @Test func alarmsOfAConflictCountAndMessagesWithoutAReportAreIgnored() {
        func gateway(id: Int = 512, serial: Int, speed: Int, alarm: Int) -> (topic: String, payload: String) {
            let body =
                #"{"alarm":\#(alarm),"status":3,"latitude":30700000,"longitude":120700000,"altitude":1,"speed":\#(speed),"#
                + #""direction":0,"time":"260302150000"}"#
            return (
                "jt808/x/13700000001/up",
                #"{"header":{"msg_id":\#(id),"msg_sn":\#(serial),"phone":"013700000001"},"body":\#(body)}"#
            )
        }
        let raw = self.raw([
            gateway(serial: 1, speed: 10, alarm: 2),
            gateway(serial: 2, speed: 10, alarm: 2),  // the same under a new number
            gateway(serial: 3, speed: 20, alarm: 4),  // another one of the same time
            gateway(serial: 4, speed: 10, alarm: 8),  // the same position with news
            gateway(id: 2, serial: 5, speed: 0, alarm: 0),
        ])
        var batch = ProcessedBatch(decoding: raw, with: MessageDecoder())
        #expect(batch.positions.count == 1)
        #expect(batch.alarms.map(\.report.kind) == [.overspeed, .fatigue, .danger])
        let counts = batch.settle(
            positions: [.added, .conflict], cameras: [], alarms: [.added, .added, .added], in: raw)
        #expect((counts.stored, counts.duplicate, counts.quarantined, counts.ignored) == (2, 1, 1, 1))
        #expect(counts.alarms == 3)
        #expect(batch.quarantined.map(\.refusal.reason) == [.conflict])
    }
}
