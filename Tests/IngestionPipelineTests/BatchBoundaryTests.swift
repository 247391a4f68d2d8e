import Chronology
import Geodesy
import RepeatableRandom
import Seals
import Telemetry
import Testing

@testable import IngestionPipeline

/// Where a batch ends is chance: idle time, size, a broker's pause. What a message ends in must not depend on it.
@Suite struct BatchBoundaryTests {
    private static let received = Instant(rfc3339: "2026-03-02T08:00:00Z") ?? .distantPast

    /// A log: the first report of a terminal and a time holds; what lies at `refused` is never taken.
    private struct Log {
        private struct Key: Hashable {
            var terminal: TerminalID
            var time: Instant
        }

        static let refused: Int32 = 309_000_000
        private var rows: [Key: PositionReport] = [:]
        private var cameras: [Key: Set<CameraReport>] = [:]

        var count: Int { self.rows.count + self.cameras.values.reduce(0) { $0 + $1.count } }

        /// Both of two that differ are held. Of its own batch the log knows no order.
        mutating func offer(_ rows: [LoggedCamera]) -> [RowOutcome] {
            let before = self.cameras
            return rows.map { row in
                guard row.report.cameras.first?.state != .fault else { return .refused("23514") }
                let key = Key(terminal: row.terminal, time: row.report.recordedAt)
                guard self.cameras[key, default: []].insert(row.report).inserted else { return .duplicate }
                return before[key] == nil ? .added : .conflict
            }
        }

        mutating func offer(_ row: LoggedPosition) -> RowOutcome {
            guard row.report.coordinate.latitudeE7 != Self.refused else { return .refused("23514") }
            let key = Key(terminal: row.terminal, time: row.report.recordedAt)
            guard let known = self.rows[key] else {
                self.rows[key] = row.report
                return .added
            }
            return known == row.report ? .duplicate : .conflict
        }
    }

    /// A message of one report or three, of two terminals, few times and few places, so that all of it repeats.
    private static func message(_ generator: inout SplitMix64) -> (topic: String, payload: String) {
        func report() -> String {
            let minute = Int.random(in: 1...3, using: &generator)
            let latitude = ["30.7", "30.8", "30.9"].randomElement(using: &generator) ?? ""
            return "{\"time\":\"2026-03-02T07:0\(minute):00Z\",\"lat\":\(latitude),\"lon\":120.7}"
        }
        let terminal = "T\(Int.random(in: 1...2, using: &generator))"
        if Int.random(in: 0..<3, using: &generator) == 0 {
            let state = ["ok", "lost", "fault"].randomElement(using: &generator) ?? ""
            return (
                "fleet/v1/\(terminal)/camera",
                "{\"time\":\"2026-03-02T07:0\(Int.random(in: 1...3, using: &generator)):00Z\","
                    + "\"cameras\":{\"right_blind_spot\":\"\(state)\"}}"
            )
        }
        let list = "[" + (0..<3).map { _ in report() }.joined(separator: ",") + "]"
        return ("fleet/v1/\(terminal)/position", Bool.random(using: &generator) ? list : report())
    }

    private static func states(
        _ messages: [(topic: String, payload: String)], endingAt ends: [Int]
    ) -> (states: [MessageState], rows: Int, conflicts: [Int]) {
        var log = Log()
        var states: [MessageState] = []
        var conflicts: [Int] = []
        var start = 0
        for end in ends {
            var raw = RawBatch()
            for message in messages[start..<end] {
                raw.append(
                    topic: Array(message.topic.utf8).span, payload: Array(message.payload.utf8).span,
                    receivedAt: Self.received)
            }
            var batch = ProcessedBatch(decoding: raw, with: MessageDecoder())
            let outcomes = (batch.positions + batch.contradictions).map { log.offer($0) }
            _ = batch.settle(positions: outcomes, cameras: log.offer(batch.cameras), in: raw)
            states += batch.messageStates
            conflicts += batch.quarantined.map { start + Int($0.messageIndex) }
            start = end
        }
        return (states, log.count, conflicts.sorted())
    }

    @Test(arguments: 1...300)
    func theStatesAreThoseOfMessagesStoredOneByOne(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let messages = (0..<40).map { _ in Self.message(&generator) }
        let alone = Self.states(messages, endingAt: Array(1...messages.count))
        var ends = (1..<messages.count).filter { _ in Int.random(in: 0..<6, using: &generator) == 0 }
        ends.append(messages.count)
        let together = Self.states(messages, endingAt: ends)
        #expect(together.states == alone.states)
        #expect(together.rows == alone.rows)
        #expect(together.conflicts == alone.conflicts)
        #expect(Set(alone.states).isSubset(of: [.stored, .duplicate, .quarantined]))
    }
}
