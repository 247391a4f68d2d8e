import Chronology
import Deliveries
import Geodesy
import Suspicions
import Telemetry
import Testing

@testable import CitySimulator

@Suite("The score of hand-made tables")
struct ScoreTests {
    private static let noon = Instant(seconds: 1_772_424_000)
    private static let spot = Coordinate(latitudeE7: 307_500_000, longitudeE7: 1_207_500_000)

    /// A drop of `terminal` that begins `minute` minutes after noon and takes twenty minutes.
    private func truth(
        _ terminal: String, _ minute: Double, rules: [String] = [], origin: TruthDelivery.OriginKind = .plant,
        destination: TruthDelivery.DestinationKind = .site
    ) -> TruthDelivery {
        let start = Self.noon.advanced(bySeconds: minute * 60)
        return TruthDelivery(
            truthID: "D\(minute)", loadID: "L\(minute)", plate: "浙F00001", terminal: terminal, originKind: origin,
            originID: "P001", originCoordinate: Self.spot, loadStart: start.advanced(bySeconds: -3600),
            loadEnd: start.advanced(bySeconds: -3000), destinationKind: destination, destinationID: "S001",
            destinationCoordinate: Self.spot, unloadStart: start, unloadEnd: start.advanced(bySeconds: 1200),
            isBlackSupply: !Set(rules).subtracting(["supplier-not-approved"]).isEmpty, expectedRules: rules)
    }

    /// What a perfect analysis makes of it, moved by `seconds`.
    private func found(
        _ truth: TruthDelivery, movedBy seconds: Double = 0, rules: [String]? = nil, verdict: Verdict? = nil
    ) throws -> JudgedDelivery {
        let rules = rules ?? truth.expectedRules
        let terminal = try #require(TerminalID(truth.terminal))
        let isKnown = (truth.originKind == .plant, truth.destinationKind == .site)
        let delivery = Delivery(
            deliveryID: "D", loadID: "L", terminal: terminal, plate: nil,
            origin: isKnown.0
                ? DeliveryEnd(kind: .plant, id: truth.originID, coordinate: Self.spot)
                : DeliveryEnd(kind: .unknown, coordinate: Self.spot),
            loadStart: truth.loadStart.advanced(bySeconds: seconds), loadEnd: truth.loadEnd,
            destination: isKnown.1
                ? DeliveryEnd(kind: .site, id: truth.destinationID, coordinate: Self.spot)
                : DeliveryEnd(kind: .unknown, coordinate: Self.spot),
            unloadStart: truth.unloadStart.advanced(bySeconds: seconds),
            unloadEnd: truth.unloadEnd.advanced(bySeconds: seconds), distanceKilometres: 10, coverage: 1,
            confidence: [:], isFinal: true, settledAt: truth.unloadEnd)
        let judgements = rules.map {
            Judgement(rule: $0, outcome: .hit, severity: 4, facts: [], registerRevision: 1)
        }
        let isSuspicious = !Set(rules).subtracting(["supplier-not-approved"]).isEmpty
        return JudgedDelivery(
            delivery: delivery, judgements: judgements, verdict: verdict ?? (isSuspicious ? .suspicious : .clear),
            score: 0)
    }

    private var drops: [TruthDelivery] {
        [
            self.truth("A", 0), self.truth("A", 90, rules: ["unlicensed-origin"], origin: .hiddenPlant),
            self.truth("A", 180, rules: ["unregistered-destination"], destination: .unregistered),
            self.truth("B", 0, rules: ["supplier-not-approved"]), self.truth("B", 100, rules: ["licence-invalid"]),
        ]
    }

    @Test("A perfect analysis")
    func perfect() throws {
        let table = Score.compare(truth: self.drops, found: try self.drops.map { try self.found($0) }.reversed())
        #expect(table.matched == 5)
        #expect(table.recall == 1)
        #expect(table.precision == 1)
        #expect(table.originsRight == 5)
        #expect(table.destinationsRight == 5)
        #expect((table.blackSupply, table.blackSupplyCaught) == (3, 3))
        #expect((table.honest, table.honestAccused, table.inventedAccused) == (2, 0, 0))
        #expect(table.medianUnloadStartError == 0)
        let rules = table.rules.filter { self.drops.flatMap(\.expectedRules).contains($0.key) }
        #expect(rules.count == 4)
        #expect(rules.values.allSatisfy { $0.expected == 1 && $0.hits == 1 && $0.right == 1 })
    }

    @Test("A missed drop, and one that never was")
    func missedAndInvented() throws {
        var found = try self.drops.dropFirst().map { try self.found($0) }
        let invented = self.truth("B", 400, rules: ["unlicensed-origin"])
        found.append(try self.found(invented))
        let table = Score.compare(truth: self.drops, found: found)
        #expect(table.matched == 4)
        #expect(table.recall == 0.8)
        #expect(table.precision == 0.8)
        #expect(table.inventedAccused == 1)
        #expect(table.honestAccused == 0)
        let rule = try #require(table.rules["unlicensed-origin"])
        #expect((rule.expected, rule.hits, rule.right) == (1, 2, 1))
    }

    @Test(
        "A shifted drop is the same one as long as it is near",
        arguments: [(30.0, 1), (-900, 1), (1490, 1), (1510, 0), (-1510, 0)])
    func shifted(seconds: Double, matched: Int) throws {
        let drop = self.truth("A", 0)
        let table = Score.compare(truth: [drop], found: [try self.found(drop, movedBy: seconds)])
        #expect(table.matched == matched)
        #expect(table.medianUnloadStartError == (matched == 1 ? abs(seconds) : nil))
        #expect(table.medianLoadStartError == (matched == 1 ? abs(seconds) : nil))
    }

    @Test("Pairs are one to one, by the longest common time, and never across terminals")
    func oneToOne() throws {
        let (first, second) = (self.truth("A", 0), self.truth("A", 22))
        // One long stay over both, and a short one over the second.
        var long = try self.found(first)
        long.delivery.unloadEnd = second.unloadEnd.advanced(bySeconds: -300)
        let short = try self.found(second, movedBy: 10)
        let table = Score.compare(truth: [first, second], found: [long, short, long])
        #expect(table.matched == 2)
        #expect(table.medianUnloadStartError == 5)
        #expect(Score.compare(truth: [self.truth("A", 0)], found: [try self.found(self.truth("B", 0))]).matched == 0)
    }

    @Test("Guilt is counted by the verdict, and places by kind, id and distance")
    func verdictsAndPlaces() throws {
        let honest = self.truth("A", 0)
        let black = self.truth("A", 90, rules: ["unlicensed-origin"], origin: .hiddenPlant)
        var accused = try self.found(honest, rules: ["unlicensed-origin"])
        accused.delivery.origin.id = "P002"
        var spared = try self.found(black, rules: [], verdict: .insufficientData)
        spared.delivery.origin.coordinate = Coordinate(latitudeE7: 307_600_000, longitudeE7: 1_207_500_000)
        let table = Score.compare(truth: [honest, black], found: [accused, spared])
        #expect((table.honestAccused, table.honest) == (1, 1))
        #expect((table.blackSupplyCaught, table.blackSupply) == (0, 1))
        #expect(table.insufficient == 1)
        #expect(table.originsRight == 0)
        #expect(table.destinationsRight == 2)
    }

    @Test("Nothing compared with nothing has no shares, and prints all the same")
    func empty() {
        let table = Score.compare(truth: [], found: [])
        #expect(table.recall == nil)
        #expect(table.precision == nil)
        #expect(table.json.contains(#""recall":null"#))
        #expect(table.text.contains("–"))
    }

    @Test("The table's columns are aligned, a Chinese character counting two")
    func text() throws {
        let table = Score.compare(truth: self.drops, found: try self.drops.map { try self.found($0) })
        let lines = table.text.split(separator: "\n").prefix(9)
        let widths = Set(lines.map { $0.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x2E80 ? 2 : 1) } })
        #expect(widths.count == 1)
        #expect(table.text.contains("1.0000"))
        #expect(
            table.json.contains(#""unlicensed-origin":{"expected":1,"hits":1,"right":1,"recall":1.0,"precision":1.0,"#))
    }

    @Test(
        "A file of truth that cannot be read says where",
        arguments: [
            ("is_black_supply", "maybe"), ("unload_start", "yesterday"), ("origin_lat", "91"), ("origin_kind", "x"),
        ])
    func badTruth(column: String, value: String) {
        let good = TruthDelivery.csv([self.truth("A", 0), self.truth("A", 90)])
        var lines = good.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        let index = lines[0].firstIndex { $0 == column } ?? 0
        lines[2][index] = value[...]
        let bad = lines.map { $0.joined(separator: ",") }.joined(separator: "\n")
        #expect(throws: TruthFileError(line: 3, column: column)) { try TruthDelivery.read(csv: bad) }
        #expect(throws: Never.self) { try TruthDelivery.read(csv: "\u{FEFF}" + good) }
    }
}
