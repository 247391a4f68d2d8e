import Chronology
import FleetStore
import IngestionPipeline
import MQTTClient
import PostgresClient
import Telemetry

/// The MQTT consumer as the pipeline's source of messages. A new client is made for every connection: destroying one
/// is the sure way to forget acknowledgements that must not be sent.
final class MQTTSource: MessageSource {
    private let settings: MQTTSettings
    private let topics: [String]
    private var consumer: MQTTConsumer?
    /// Filled by the consumer's callback, emptied by each call.
    private var inbox = RawBatch()

    init(settings: MQTTSettings, topics: [String]) {
        self.settings = settings
        self.topics = topics
    }

    func connect(into batch: inout RawBatch) throws {
        self.abandon()
        let consumer = try MQTTConsumer(settings: self.settings, filters: self.topics) {
            [unowned self] topic, payload in
            self.inbox.append(topic: topic, payload: payload, receivedAt: Clocks.now())
        }
        self.consumer = consumer
        try self.collect(into: &batch) { try consumer.connect() }
    }

    func read(into batch: inout RawBatch, limit: Int, waitingUpTo milliseconds: Int32) throws -> Bool {
        let consumer = try self.connected()
        var more = false
        try self.collect(into: &batch) { more = try consumer.read(limit: limit, waitingUpTo: milliseconds) }
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

    /// Lends the lane's batch to the callback for the time of `body`.
    private func collect(into batch: inout RawBatch, _ body: () throws -> Void) throws {
        swap(&self.inbox, &batch)
        defer { swap(&self.inbox, &batch) }
        try body()
    }
}

/// The log as the pipeline's store.
final class LogStore: LaneStore {
    private let url: String
    private let lane: String
    private let runID: String
    private var writer: LogWriter?

    init(url: String, lane: String, runID: String) {
        self.url = url
        self.lane = lane
        self.runID = runID
    }

    func open() throws(LaneStoreError) -> LaneHead {
        do throws(StoreError) {
            self.writer = nil
            let writer = try LogWriter(url: self.url, lane: self.lane)
            self.writer = writer
            return LaneHead(lane: writer.lane, number: writer.lastNumber, hash: writer.lastHash)
        } catch {
            throw LaneStoreError(error)
        }
    }

    func commit(
        _ batch: ProcessedBatch, sealed: BatchSeal, number: Int64, raw: RawBatch
    ) throws(LaneStoreError) -> MessageCounts {
        let record = BatchRecord(
            number: number, hash: sealed.hash, sealed: sealed.compressed, rawByteCount: sealed.rawByteCount,
            messageCount: raw.messages.count, firstReceivedAt: raw.messages.first?.receivedAt ?? .distantPast,
            lastReceivedAt: raw.messages.last?.receivedAt ?? .distantPast)
        do throws(StoreError) {
            return try self.opened().store(record, positions: batch.positions, cameras: batch.cameras) {
                positions, cameras in
                var settled = batch
                let counts = settled.settle(positions: positions, cameras: cameras, in: raw)
                return (counts, settled.quarantined)
            }
        } catch {
            throw LaneStoreError(error)
        }
    }

    func publish(_ latest: [LoggedPosition], heartbeat: LaneHeartbeat) throws(LaneStoreError) {
        var beat = PartStore.Beat(
            part: PartName.ingestion.rawValue, runID: self.runID, isReady: heartbeat.isSubscribed,
            message: heartbeat.message, metrics: MetricsRegistry.shared.text)
        beat.uncommitted = heartbeat.uncommitted
        beat.lastReceivedAt = heartbeat.lastReceivedAt
        do throws(StoreError) {
            try self.opened().publish(latest, beat)
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
            case .reconnect, .refuseRow: .reconnect
            case .stop: .stop
            }
        self.init(remedy, error.description)
    }
}
