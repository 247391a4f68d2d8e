import Chronology
import FleetStore
import IngestionPipeline
import MQTTClient
import Metrics
import PostgresClient
import Seals
import Telemetry

/// The MQTT consumer as the pipeline's source of messages. A new client is made for every connection: destroying one
/// is the sure way to forget acknowledgements that must not be sent.
final class MQTTSource: MessageSource {
    private let settings: MQTTSettings
    private let topics: [String]
    private var consumer: MQTTConsumer?
    /// Where the consumer's callback puts what comes; between two calls it holds only what came while connecting.
    private var inbox = RawBatch()
    private let warn: (String) -> Void

    /// - Parameter warn: takes a line about a subscription that is less than was asked for.
    init(settings: MQTTSettings, topics: [String], warn: @escaping (String) -> Void) {
        self.settings = settings
        self.topics = topics
        self.warn = warn
    }

    func connect() throws {
        self.abandon()
        let consumer = try MQTTConsumer(settings: self.settings, filters: self.topics) {
            [unowned self] topic, payload in
            self.inbox.append(topic: topic, payload: payload, receivedAt: Clocks.now())
        }
        self.consumer = consumer
        try consumer.open()
    }

    var isSubscribed: Bool { self.consumer?.isSubscribed ?? false }

    var hasResumedSession: Bool { self.consumer?.resumedSession ?? false }

    func read(into batch: inout RawBatch, limit: Int, bytes: Int, waitingUpTo milliseconds: Int32) throws -> Bool {
        let consumer = try self.connected()
        // What came while connecting comes first.
        batch.append(self.inbox)
        self.inbox.reset()
        // Lends the lane's batch to the callback.
        swap(&self.inbox, &batch)
        defer { swap(&self.inbox, &batch) }
        let wasSubscribed = consumer.isSubscribed
        let more = try consumer.read(limit: limit, bytes: bytes, waitingUpTo: milliseconds)
        if consumer.isSubscribed, !wasSubscribed, !consumer.filtersWithoutPromise.isEmpty {
            self.warn(BrokerProfile.withoutPromise(consumer.filtersWithoutPromise))
        }
        return more
    }

    func acknowledge() throws { try self.connected().acknowledge() }

    func keepAlive(nothingIsUncommitted: Bool) throws {
        try self.connected().keepAlive(nothingIsUncommitted: nothingIsUncommitted)
    }

    func abandon() {
        self.consumer = nil
        self.inbox.reset()
    }

    func disconnect() {
        self.consumer?.disconnect()
        self.abandon()
    }

    private func connected() throws -> MQTTConsumer {
        guard let consumer else { throw MQTTError(.connectionFailed, "not connected") }
        return consumer
    }
}

/// The log as the pipeline's store.
final class LogStore: LaneStore {
    private let url: String
    private let lane: String
    private let runID: String
    private let board: LaneBoard
    private var writer: LogWriter?
    private let unknownFields = Counter(label: MetricHelp.unknownFields)

    /// - Parameter board: sums up what all lanes of the process say of themselves.
    init(url: String, lane: String, runID: String, board: LaneBoard) {
        self.board = board
        self.url = url
        self.lane = lane
        self.runID = runID
    }

    func open() throws(LaneStoreError) -> LaneHead {
        do throws(StoreError) {
            self.writer = nil
            let writer = try LogWriter(url: self.url, lane: self.lane)
            try writer.catchUpLatest()
            self.writer = writer
            return LaneHead(lane: writer.lane, number: writer.lastNumber, hash: writer.lastHash)
        } catch {
            throw LaneStoreError(error)
        }
    }

    func changedDevices() throws(LaneStoreError) -> DeviceDirectory? {
        do throws(StoreError) {
            return try self.opened().changedDevices()
        } catch {
            throw LaneStoreError(error)
        }
    }

    func sendAhead(_ batch: ProcessedBatch, number: Int64) throws(LaneStoreError) {
        do throws(StoreError) {
            try self.opened().sendAhead(batch.positions, number: number)
        } catch {
            throw LaneStoreError(error)
        }
    }

    func commit(
        _ batch: ProcessedBatch, number: Int64, raw: RawBatch, seal: () -> BatchSeal?
    ) throws(LaneStoreError) -> CommittedBatch {
        let record = BatchRecord(
            number: number, hash: [], sealed: [], rawByteCount: 0, messageCount: raw.messages.count,
            firstReceivedAt: raw.messages.first?.receivedAt ?? .distantPast,
            lastReceivedAt: raw.messages.last?.receivedAt ?? .distantPast, terminals: batch.terminals)
        do throws(StoreError) {
            var positions: [RowOutcome] = []
            let counts = try self.opened().store(
                record, positions: batch.positions, contradictions: batch.contradictions, cameras: batch.cameras,
                alarms: batch.alarms,
                seal: { record in
                    guard let sealed = seal() else { return false }
                    record.hash = sealed.hash
                    record.sealed = sealed.compressed
                    record.rawByteCount = sealed.rawByteCount
                    return true
                }
            ) { outcomes in
                var settled = batch
                let counts = settled.settle(
                    positions: outcomes.positions, cameras: outcomes.cameras, alarms: outcomes.alarms, in: raw)
                positions = outcomes.positions
                return Settlement(counts: counts, quarantined: settled.quarantined, ledger: settled.ledger)
            }
            self.unknownFields.increment(by: batch.unknownFieldCount)
            return CommittedBatch(counts: counts, positions: positions)
        } catch {
            throw LaneStoreError(error)
        }
    }

    func publish(_ latest: [LoggedPosition], heartbeat: LaneHeartbeat) throws(LaneStoreError) {
        let all = self.board.post(heartbeat, of: self.lane, at: Clocks.monotonicMilliseconds())
        var beat = PartStore.Beat(
            part: PartName.ingestion.rawValue, runID: self.runID, isReady: all.isSubscribed, message: all.message,
            metrics: MetricsRegistry.shared.text)
        beat.uncommitted = all.uncommitted
        beat.lastReceivedAt = all.lastReceivedAt
        do throws(StoreError) {
            try self.opened().publish(latest, beat, now: Clocks.now())
        } catch {
            throw LaneStoreError(error)
        }
    }

    func close() { self.writer = nil }

    private func opened() throws(StoreError) -> LogWriter {
        guard let writer else { throw StoreError.database(PostgresError(.connectionFailed, message: "not connected")) }
        return writer
    }
}

extension LaneStoreError {
    fileprivate init(_ error: StoreError) {
        let remedy: Remedy =
            switch error.remedy {
            case .retry: .retry
            case .reconnect: .reconnect
            // Where no row is to blame: a constraint or a trigger that this program does not know.
            case .refuseRow: .reconnectAFewTimes
            case .stop: .stop
            }
        self.init(
            remedy,
            remedy == .stop || remedy == .reconnectAFewTimes ? StopAdvice.line(for: error) : error.description)
    }
}
