import Chronology
import Deliveries
import Geodesy
import Registers
import Seals
import Suspicions
import Telemetry
import Tracks

@testable import Evidence

/// A delivery of one truck among others: two lanes, sealed as ingestion seals.
enum Sample {
    static let start = Self.time("2026-03-02T08:00:00Z")

    static func time(_ text: String) -> Instant { Instant(rfc3339: text) ?? .distantPast }

    static let delivery: JudgedDelivery = {
        guard let terminal = TerminalID("T1"), let origin = Coordinate(latitude: 30.70, longitude: 120.70),
            let destination = Coordinate(latitude: 30.72, longitude: 120.75)
        else { preconditionFailure("the sample is none") }
        let delivery = Delivery(
            deliveryID: "D-T1-20260302T084000Z", loadID: "L-T1-20260302T080000Z", terminal: terminal, plate: "浙F12345",
            origin: DeliveryEnd(kind: .unknown, coordinate: origin), loadStart: Self.start,
            loadEnd: Self.start.advanced(bySeconds: 600),
            destination: DeliveryEnd(kind: .site, id: "S1", coordinate: destination),
            unloadStart: Self.start.advanced(bySeconds: 2400), unloadEnd: Self.start.advanced(bySeconds: 3000),
            distanceKilometres: 5.2, coverage: 0.98, confidence: ["fixes": 0.9], isFinal: true,
            settledAt: Self.start.advanced(bySeconds: 4000))
        let hit = Judgement(
            rule: "unlicensed-origin", outcome: .hit, severity: 4,
            facts: [Statement(zh: "装料地点 <不在> 任何登记站点内。", en: "Loaded outside every plant.")],
            counterfacts: [Statement(zh: "线索，须核查。", en: "A lead.")], parameters: ["margin": 80],
            registerRevision: 7)
        let no = Judgement(
            rule: "night-pour", outcome: .no, severity: 1, facts: [Statement(zh: "白天。", en: "By day.")],
            registerRevision: 7)
        return JudgedDelivery(delivery: delivery, judgements: [hit, no], verdict: .suspicious, score: 40)
    }()

    /// A message of the truck, or of another one.
    static func position(_ terminal: String, minute: Int) -> (topic: String, payload: String) {
        let time = Self.start.advanced(bySeconds: Double(minute) * 60)
        let (lat, lon) = (30.70 + Double(minute) * 0.0005, 120.70 + Double(minute) * 0.00125)
        return (
            "fleet/v1/\(terminal)/position",
            #"{"time":"\#(time)","lat":\#(lat),"lon":\#(lon),"speed_kmh":30.5,"drum_rpm":2.5,"seq":\#(minute)}"#
        )
    }

    /// One batch a minute in lane 1; a camera report and a refused one in lane 2.
    static func evidence(_ devices: [TerminalSettings] = []) throws -> EvidenceCase {
        let (from, to) = EvidenceCase.period(of: Self.delivery)
        var evidence = EvidenceCase(
            judged: Self.delivery, derivedAt: Self.time("2026-03-02T10:00:00Z"), world: "registers 7, parameters 1",
            from: from, to: to, parameters: .standard, limits: .standard,
            export: EvidenceExport(
                by: "officer", at: Self.time("2026-03-03T01:00:00Z"), purpose: "案 2026-17", interface: "test",
                program: "tongxing test"))
        var chain = try SealedChain(lane: 1, name: "main")
        for minute in 0..<50 {
            let others = (0..<3).map { Self.position("T\($0 + 2)", minute: minute) }
            let own = [Self.position("T1", minute: minute)]
            try chain.take(minute.isMultiple(of: 7) ? others : own + others, minute: minute)
            if !minute.isMultiple(of: 7) {
                evidence.messages.append(.init(lane: 1, batch: Int64(minute) + 1, index: 0))
            }
        }
        var side = try SealedChain(lane: 2, name: "side")
        try side.take(
            [
                ("fleet/v1/T9/camera", "{}"),
                (
                    "fleet/v1/T1/camera",
                    #"{"time":"2026-03-02T08:20:00Z","cameras":{"right_blind_spot":"lost","cab":"ok"}}"#
                ), ("fleet/v1/T1/position", #"{"time":"2026-03-02T08:21:00Z","lat":95,"lon":120}"#),
            ], minute: 21)
        evidence.messages += [.init(lane: 2, batch: 1, index: 1), .init(lane: 2, batch: 1, index: 2)]
        let wanted = Set(evidence.messages.map(\.key))
        evidence.batches = (chain.batches + side.batches).filter { wanted.contains($0.key) }
        evidence.lanes = [chain.end, side.end]
        evidence.registers = try Self.registers(devices)
        evidence.stored = try Self.stored(evidence)
        return evidence
    }

    /// What the log would have of them.
    static func stored(_ evidence: EvidenceCase) throws -> [StoredPosition] {
        let originals = try Originals(evidence.batches)
        let decoder = MessageDecoder()
        return evidence.messages.flatMap { place -> [StoredPosition] in
            guard let message = originals.message(at: place) else { return [] }
            return DecodedReports.decode(message, decoder).positions.map { StoredPosition(report: $0, place: place) }
        }
    }

    private static func registers(_ devices: [TerminalSettings]) throws -> [EvidenceRegisterRow] {
        let center = Self.delivery.delivery.destination.coordinate ?? Coordinate(latitudeE7: 0, longitudeE7: 0)
        let site = Site(
            siteID: "S1", name: "\"一号\" <工地>, A&B", status: .active, period: .always,
            fence: .circle(center: center, radiusMetres: 150))
        let vehicle = Vehicle(plate: "浙F12345", terminal: "T1", kind: .mixer)
        let records: [RegisterRecord] = [.site(site), .vehicle(vehicle)] + devices.map(RegisterRecord.terminal)
        return records.enumerated().map { index, record in
            EvidenceRegisterRow(
                entry: Int64(index) + 1, record: record, knownFrom: Self.time("2026-01-01T00:00:00Z"), knownTo: nil,
                importedBy: "clerk", source: "sites.csv")
        }
    }
}

/// Seals batches one after the other as a lane does.
struct SealedChain {
    private let lane: Int32
    private let name: String
    private let compressor: ZstdCompressor
    private(set) var batches: [EvidenceBatch] = []

    init(lane: Int32, name: String) throws {
        self.lane = lane
        self.name = name
        self.compressor = try ZstdCompressor()
    }

    mutating func take(_ messages: [(topic: String, payload: String)], minute: Int) throws {
        var raw = RawBatch()
        let time = Sample.start.advanced(bySeconds: Double(minute) * 60 + 1.5)
        for message in messages {
            raw.append(
                topic: Array(message.topic.utf8).span, payload: Array(message.payload.utf8).span, receivedAt: time)
        }
        let previous = self.batches.last?.batch.hash ?? BatchSeal.genesis
        let number = Int64(self.batches.count) + 1
        let seal = try BatchSeal.seal(
            raw, lane: self.lane, number: number, after: previous, compressor: self.compressor)
        var counts = MessageCounts()
        counts.stored = Int64(messages.count)
        self.batches.append(
            EvidenceBatch(
                lane: self.lane, laneName: self.name,
                batch: SealedBatch(
                    number: number, sealed: seal.compressed, hash: seal.hash, previousHash: previous,
                    messageCount: messages.count, rawByteCount: seal.rawByteCount, counts: counts,
                    firstReceivedAt: time, lastReceivedAt: time)))
    }

    var end: EvidenceLane {
        let last = self.batches.last?.batch
        return EvidenceLane(
            lane: self.lane, name: self.name,
            head: ChainLink(number: last?.number ?? 0, hash: last?.hash ?? BatchSeal.genesis),
            anchor: ChainLink(number: 0, hash: BatchSeal.genesis), anchorNote: nil)
    }
}
