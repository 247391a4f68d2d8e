import Chronology
import RepeatableRandom
import Telemetry
import Testing

/// "Never sent or lost" is read out to a person: no number that came may be called missing, however often and however
/// late it came again.
@Suite struct SerialCounterTests {
    /// A run of serial numbers as the ledger has it.
    private typealias Run = (first: UInt16, count: Int32, delivery: SerialRun.Delivery)

    private static func found(_ runs: [Run]) -> NumberGaps {
        NumberGaps(
            serials: runs.enumerated().map { index, run in
                (
                    SerialRun(
                        terminal: TerminalID("13800000000")!, first: run.first, count: run.count,
                        delivery: run.delivery),
                    Instant(seconds: 1_772_000_000 + Int64(index))
                )
            })
    }

    private static func gaps(_ runs: [Run]) -> [[Int64]] { Self.found(runs).gaps.map { [$0.first, $0.last] } }

    @Test func whatComesAgainFromFarBackIsNeitherARestartNorAGap() {
        let found = Self.found([(0, 5000, .first), (500, 4500, .again), (5000, 10, .first)])
        #expect(found.restarts == 0)
        #expect(found.gaps.isEmpty)
        #expect(found.reports == 5010)
    }

    /// Heartbeats are known to nobody; they lie between reports that are.
    @Test func heartbeatsGoWithTheReportsAroundThem() {
        let story: [Run] = [(0, 1, .unknown), (1, 2000, .first), (2001, 1, .unknown), (2002, 2000, .first)]
        let again: [Run] = [(0, 1, .unknown), (1, 2000, .again), (2001, 1, .unknown), (2002, 2000, .again)]
        for first in 0..<again.count {
            for last in first..<again.count {
                let found = Self.found(story + again[first...last] + [(4002, 3, .first)])
                #expect(found.restarts == 0, "\(first)…\(last)")
                #expect(found.gaps.isEmpty, "\(first)…\(last)")
            }
        }
    }

    /// Switched on, a terminal logs in first, which is no report.
    @Test(arguments: [50, 900, 3000, 40_000] as [Int32])
    func aTerminalThatLogsInAgainBeginsToCount(before: Int32) {
        for (logIn, next) in [(3, 3), (2, 2), (4, 4), (1, 2)] as [(Int32, UInt16)] {
            let found = Self.found([
                (0, 3, .unknown), (3, before, .first), (0, logIn, .unknown), (next, 20, .first),
            ])
            #expect(found.restarts == 1, "\(before), \(logIn)")
            #expect(found.missing == Int64(next) - Int64(logIn), "\(before), \(logIn)")
        }
    }

    @Test func whatIsMissingAfterARestartIsFound() {
        #expect(Self.gaps([(0, 500, .first), (3, 100, .first), (110, 600, .first)]) == [[0, 2], [103, 109]])
    }

    @Test func whatIsLateByMuchFillsItsGap() {
        #expect(Self.gaps([(0, 100, .first), (200, 5000, .first), (100, 60, .first)]) == [[160, 199]])
        let found = Self.found([(0, 100, .first), (1200, 5000, .first), (1100, 50, .first), (6200, 1, .first)])
        #expect(found.restarts == 0)
        #expect(found.missing == 1050)
    }

    /// A terminal that was without a network sends again, under new numbers, what had come.
    @Test(arguments: [10, 1500, 3000] as [Int32])
    func aDeviceThatRepeatsItselfUnderNewNumbersLosesNone(count: Int32) {
        let next = UInt16(truncatingIfNeeded: 65_000 + count)
        let found = Self.found([(64_000, 1000, .first), (65_000, count, .again), (next, 10, .first)])
        #expect(found.restarts == 0)
        #expect(found.gaps.isEmpty)
    }

    /// The period that is asked for may begin in the midst of what came again.
    @Test func aPeriodThatBeginsWithWhatCameAgainClaimsNothing() {
        #expect(Self.gaps([(500, 1000, .again), (2001, 20, .first)]).isEmpty)
        #expect(Self.gaps([(500, 1, .unknown), (501, 1000, .again), (2001, 20, .first)]).isEmpty)
    }

    @Test func aTerminalThatDoesNotCountLosesNothing() {
        let found = Self.found((0..<2000).map { _ in (0, 1, .first) })
        #expect(found.restarts == 0)
        #expect(found.gaps.isEmpty)
    }

    /// Batches of before say nothing of delivery: the rule of before holds for them.
    @Test func withoutWordOfDeliveryTheNumbersAloneTell() {
        let runs: [Run] = [(0, 100, .unknown), (200, 50, .unknown), (3000, 5, .unknown)]
        #expect(Self.gaps(runs) == [[100, 199], [250, 2999]])
        let found = Self.found([(40_000, 10, .unknown), (0, 5, .unknown), (3000, 4, .first)])
        #expect(found.restarts == 1)
    }

    // MARK: - Any story

    /// A terminal and the broker between it and the ledger.
    private struct Story {
        var random: SplitMix64
        var arrived: [(serial: UInt16, isReport: Bool)] = []
        var told: [Run] = []
        var lost: [Int64] = []
        var restarts = 0
        /// Of the present count.
        var next: Int64 = 0
        var counted: Set<Int64> = []
        var countBegan = 0

        init(seed: UInt64) { self.random = SplitMix64(seed: seed) }

        mutating func dice(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self.random) }

        mutating func deliver(_ serial: UInt16, _ delivery: SerialRun.Delivery) {
            if let last = self.told.last, last.delivery == delivery, last.first &+ UInt16(last.count) == serial,
                last.count < 30_000
            {
                self.told[self.told.count - 1].count += 1
            } else {
                self.told.append((serial, 1, delivery))
            }
        }

        mutating func send(isReport: Bool) {
            let serial = UInt16(truncatingIfNeeded: self.next)
            self.next += 1
            self.arrived.append((serial, isReport))
            self.deliver(serial, isReport ? .first : .unknown)
        }

        mutating func goOn() {
            for _ in 0..<self.dice(2...2500) { self.send(isReport: self.dice(1...8) > 1) }
            self.send(isReport: true)
        }

        mutating func lose() {
            for _ in 0..<self.dice(1...300) {
                self.lost.append(self.next)
                self.next += 1
            }
            self.send(isReport: true)
        }

        mutating func redeliver(acrossRestarts: Bool) {
            let reach = acrossRestarts ? self.arrived.count : self.arrived.count - self.countBegan
            let back = self.dice(0...min(6000, reach))
            guard back > 0 else { return }
            for (serial, isReport) in self.arrived.suffix(back) { self.deliver(serial, isReport ? .again : .unknown) }
        }

        mutating func restart() {
            self.restarts += 1
            self.next = 0
            self.countBegan = self.arrived.count
            for _ in 0..<self.dice(0...3) { self.send(isReport: false) }
            self.send(isReport: true)
        }

        mutating func tell(acrossRestarts: Bool) {
            self.goOn()
            for _ in 0..<self.dice(1...12) {
                switch self.dice(1...8) {
                // A count that begins in a gap of the one before looks like what came late: nobody can tell.
                case 1...2 where self.next > 10: self.lose()
                case 3...5: self.redeliver(acrossRestarts: acrossRestarts)
                case 6 where self.next > 5: self.restart()
                default: self.goOn()
                }
            }
            self.goOn()
        }
    }

    /// Whatever is lost is found, and nothing else, while what is redelivered is of the present count.
    @Test(arguments: 0..<200 as Range<UInt64>)
    func everyLossIsFoundAndNothingElse(seed: UInt64) {
        var story = Story(seed: seed)
        story.tell(acrossRestarts: false)
        let found = Self.found(story.told)
        #expect(found.restarts == story.restarts, "seed \(seed)")
        let missing = found.gaps.flatMap { Array($0.first...$0.last) }.sorted()
        let isExact = missing == story.lost.sorted()
        #expect(isExact, "seed \(seed): \(found.missing) missing, \(story.lost.count) lost")
        #expect(found.reports == story.arrived.count, "seed \(seed)")
    }

    /// A broker may send again what came before a terminal's restart: then too nothing is called missing that came.
    @Test(arguments: 1000..<1200 as Range<UInt64>)
    func nothingThatCameIsCalledMissing(seed: UInt64) {
        var story = Story(seed: seed)
        story.tell(acrossRestarts: true)
        let found = Self.found(story.told)
        #expect(found.restarts == story.restarts, "seed \(seed)")
        let lost = Set(story.lost)
        #expect(found.gaps.allSatisfy { ($0.first...$0.last).allSatisfy(lost.contains) }, "seed \(seed)")
    }
}
