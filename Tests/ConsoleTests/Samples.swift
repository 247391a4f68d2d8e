import Chronology
import Console
import Deliveries
import Foundation
import Geodesy
import Logging
import Registers
import Suspicions
import Telemetry

/// 2026-03-02T08:00:00Z, the clock of all tests.
let testNow = Instant(seconds: 1_772_438_400)

func coordinate(_ latitude: Double, _ longitude: Double) -> Coordinate {
    Coordinate(latitudeE7: Int32((latitude * 1e7).rounded()), longitudeE7: Int32((longitude * 1e7).rounded()))
}

/// A report `seconds` after `testNow`.
func report(_ seconds: Int64, _ latitude: Double = 30.75, _ longitude: Double = 120.75, fix: Bool = true)
    -> PositionReport
{
    PositionReport(
        recordedAt: Instant(microseconds: testNow.microseconds + seconds * 1_000_000),
        coordinate: coordinate(latitude, longitude), hasFix: fix)
}

func terminal(_ text: String = "JX1001") throws -> TerminalID {
    guard let id = TerminalID(text) else { throw SampleError.badTerminal }
    return id
}

enum SampleError: Error { case badTerminal }

/// A delivery whose id is `D-JX1001-<number>` and that unloads `number` minutes after the start of the test's day.
func judged(_ number: Int, verdict: Verdict = .clear, hits: [String] = []) throws -> JudgedDelivery {
    let start = testNow.advanced(bySeconds: Double(number) * 60)
    let delivery = Delivery(
        deliveryID: "D-JX1001-\(number)", loadID: "L-JX1001-\(number)", terminal: try terminal(), plate: "浙F12345",
        origin: DeliveryEnd(kind: .plant, id: "P1", coordinate: coordinate(30.7, 120.7)),
        loadStart: start.advanced(bySeconds: -3600), loadEnd: start.advanced(bySeconds: -1800),
        destination: DeliveryEnd(kind: .unknown), unloadStart: start, unloadEnd: start.advanced(bySeconds: 900),
        distanceKilometres: 12.25, coverage: 0.9, confidence: ["dwell": 0.5, "chain": 1], isFinal: true,
        settledAt: start)
    let judgements = hits.map { rule in
        Judgement(
            rule: rule, outcome: .hit, severity: 4, facts: [Statement(zh: "事实", en: "a \"fact\"")],
            parameters: ["margin_m": 80], registerRevision: 7)
    }
    return JudgedDelivery(delivery: delivery, judgements: judgements, verdict: verdict, score: Double(hits.count) * 40)
}

/// A console over `fleet` that polls so rarely that only announcements move it.
func console(
    _ fleet: FakeFleet, desk: FakeDesk = FakeDesk(), registers: FakeRegisters = FakeRegisters(),
    leafletDirectory: String = "/nonexistent",
    access: ConsoleAccess = .open, evidence: any EvidenceExporting = FakeEvidence(), events: EventSources? = nil,
    _ change: (inout ConsoleConfiguration) -> Void = { _ in },
    onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
) -> ConsoleServer {
    var configuration = ConsoleConfiguration(port: 0, leafletDirectory: leafletDirectory)
    configuration.pollInterval = .seconds(3600)
    configuration.heartbeatInterval = .seconds(3600)
    configuration.minimumInterval = .zero
    change(&configuration)
    return ConsoleServer(
        configuration: configuration, fleet: fleet, access: access, evidence: evidence,
        safety: FakeSafety(), desk: desk, registers: registers, events: events, logger: quietLogger,
        now: { testNow },
        onRunning: onRunning)
}

/// Evidence packages that are one byte.
struct FakeEvidence: EvidenceExporting {
    func evidence(_ request: EvidenceRequest) async throws -> EvidenceArchive? {
        EvidenceArchive(fileName: "evidence.zip", bytes: [0])
    }
}

let quietLogger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// A JSON document as Foundation reads it: our writer is not its own judge.
struct JSONValue {
    let value: Any?

    init(_ value: Any?) { self.value = value }

    init(bytes: some Sequence<UInt8>) throws {
        self.value = try JSONSerialization.jsonObject(with: Data(bytes), options: [.fragmentsAllowed])
    }

    subscript(_ name: String) -> JSONValue { JSONValue((self.value as? [String: Any])?[name]) }
    subscript(_ index: Int) -> JSONValue {
        let list = self.list
        return list.indices.contains(index) ? list[index] : JSONValue(nil)
    }

    var text: String? { self.value as? String }
    var number: Double? { (self.value as? NSNumber)?.doubleValue }
    var flag: Bool? { self.value as? Bool }
    var isNull: Bool { self.value is NSNull }
    var list: [JSONValue] { (self.value as? [Any] ?? []).map(JSONValue.init) }
    var names: Set<String> { Set((self.value as? [String: Any] ?? [:]).keys) }
}

extension String {
    /// A page whose cells do not name their columns, as they do for narrow screens.
    var withoutHeads: String { self.replacing(#/ data-head="[^"]*"/#, with: "") }
}
