import Chronology
import Telemetry
import Testing

@Suite struct NumberGapsTests {
    private static func report(_ number: Int64, second: Int64, received: Int64? = nil) -> NumberedReport {
        NumberedReport(
            number: number, recordedAt: Instant(seconds: 1_772_000_000 + second),
            receivedAt: Instant(seconds: 1_772_000_000 + (received ?? second)))
    }

    private static func gaps(_ numbers: [Int64]) -> NumberGaps {
        NumberGaps(numbers.enumerated().map { Self.report($0.element, second: Int64($0.offset) * 20) })
    }

    @Test func numbersThatNeverCameAreNamedWithTheirNeighbours() {
        let found = Self.gaps([7, 8, 11, 12, 20])
        #expect(found.gaps.map { [$0.first, $0.last, $0.count] } == [[9, 10, 2], [13, 19, 7]])
        #expect(found.gaps.first?.before.number == 8)
        #expect(found.gaps.first?.after.number == 11)
        #expect(found.missing == 9)
        #expect(found.restarts == 0)
        #expect(found.reports == 5)
    }

    @Test func whatStandsAloneOrInOrderHasNoGap() {
        for numbers in [[], [5], [5, 6, 7], [0, 1], [-2, -1, 0]] as [[Int64]] {
            #expect(Self.gaps(numbers).gaps.isEmpty, "\(numbers)")
        }
    }

    @Test func aRestartFromZeroIsNoGap() {
        let found = Self.gaps([900, 901, 0, 1, 2])
        #expect(found.gaps.isEmpty)
        #expect(found.restarts == 1)
    }

    @Test func whatIsMissingAfterARestartIsSaid() {
        let found = Self.gaps([900, 901, 3, 4])
        #expect(found.gaps.map { [$0.first, $0.last] } == [[0, 2]])
        #expect(found.gaps.first?.followsRestart == true)
        #expect(found.restarts == 1)
    }

    @Test func aSecondCountThroughTheSameNumbersIsARestart() {
        let found = Self.gaps([0, 1, 2, 1, 2, 3])
        #expect(found.restarts == 1)
        #expect(found.gaps.map { [$0.first, $0.last] } == [[0, 0]])
    }

    /// A list with two reports of one second that came twice, as after a crash before the acknowledgement.
    @Test func whatIsDeliveredAgainIsNoRestart() {
        let found = NumberGaps([
            Self.report(48_205, second: 0), Self.report(48_206, second: 0), Self.report(48_205, second: 0, received: 9),
            Self.report(48_206, second: 0, received: 9), Self.report(48_207, second: 20),
        ])
        #expect(found.gaps.isEmpty)
        #expect(found.restarts == 0)
        #expect(found.reports == 3)
    }

    @Test func twoReportsOutOfOrderAreNoRestart() {
        let found = Self.gaps([10, 12, 11, 13])
        #expect(found.gaps.isEmpty)
        #expect(found.restarts == 0)
    }

    /// A buffered report has its own time, so the store gives it where it belongs.
    @Test func aLateArrivalClosesItsGap() {
        let early = [Self.report(1, second: 0), Self.report(2, second: 20), Self.report(4, second: 60)]
        #expect(NumberGaps(early).missing == 1)
        let late = early + [Self.report(3, second: 40, received: 90_000)]
        #expect(NumberGaps(late.sorted { $0.recordedAt < $1.recordedAt }).missing == 0)
    }

    @Test func numbersAtTheEndsOfTheirRangeDoNotTrap() {
        _ = Self.gaps([.max, .min, .max, 0, .min, 1, .max - 1]).missing
        let found = Self.gaps([.min, .max])
        #expect(found.gaps.count == 1)
        #expect(found.missing == .max)
        #expect(Self.gaps([0, .max, .min, -1]).missing == .max, "never less than nothing")
    }

    /// What lies in quarantine was neither not sent nor lost.
    @Test func whatWasRefusedIsNotMissing() {
        var found = Self.gaps([1, 2, 6, 7])
        found.close(by: [Self.report(4, second: 50), Self.report(6, second: 50), Self.report(9, second: 50)])
        #expect(found.gaps.map { [$0.first, $0.last] } == [[3, 3], [5, 5]])
        #expect(found.gaps.map { [$0.before.number, $0.after.number] } == [[2, 4], [4, 6]])
        found.close(by: [Self.report(3, second: 50), Self.report(5, second: 50)])
        #expect(found.gaps.isEmpty && found.missing == 0)
    }

    /// A number that is missing from two counts came once: the gap of its time is closed.
    @Test func ofTwoGapsTheOneOfItsTimeIsMeant() {
        for (second, rest) in [(Int64(30), Int64(4000)), (4030, 20)] {
            var found = NumberGaps(
                [(0, 0), (1, 20), (3, 40), (0, 4000), (1, 4020), (3, 4040)].map {
                    Self.report(Int64($0.0), second: Int64($0.1))
                })
            #expect(found.missing == 2)
            found.close(by: [Self.report(2, second: second)])
            #expect(found.gaps.count == 1)
            #expect(found.gaps.first?.before.recordedAt == Self.report(0, second: rest == 20 ? 20 : 4020).recordedAt)
        }
    }

    private static func serials(_ runs: [(UInt16, Int32)]) -> NumberGaps {
        NumberGaps(
            serials: runs.enumerated().map { index, run in
                (
                    SerialRun(terminal: TerminalID("13800000000")!, first: run.0, count: run.1),
                    Instant(seconds: 1_772_000_000 + Int64(index))
                )
            })
    }

    @Test func serialNumbersWrap() {
        let found = Self.serials([(65_530, 6), (0, 5), (5, 1)])
        #expect(found.gaps.isEmpty)
        #expect(found.restarts == 0)
        #expect(found.reports == 12)
    }

    @Test func aGapAcrossTheWrapIsCounted() {
        let found = Self.serials([(65_530, 3), (3, 2)])
        #expect(found.missing == 6)
        #expect(found.gaps.count == 1)
        #expect(found.gaps.map { found.asSent($0.first) } == [65_533])
        #expect(found.gaps.map { found.asSent($0.last) } == [2])
    }

    @Test func aSerialNumberAfterTheWrapIsTheTerminalsOwn() {
        let found = Self.serials([(65_530, 6), (0, 2), (3, 1)])
        #expect(found.gaps.map { found.asSent($0.first) } == [2] && found.gaps.map { found.asSent($0.last) } == [2])
        #expect(found.gaps.map(\.count) == [1])
    }

    /// A terminal's own `seq` has no wrap.
    @Test func otherNumbersAreSentAsTheyAre() {
        let found = NumberGaps([Self.report(65_600, second: 0), Self.report(65_700, second: 1)])
        #expect(found.gaps.map { found.asSent($0.first) } == [65_601])
        #expect(found.gaps.map { found.asSent($0.last) } == [65_699])
    }

    @Test func aRedeliveryIsNeitherARestartNorAGap() {
        let found = Self.serials([(100, 50), (120, 30), (150, 10)])
        #expect(found.gaps.isEmpty)
        #expect(found.restarts == 0)
    }

    @Test func aTerminalThatCountsAgainIsARestart() {
        let found = Self.serials([(40_000, 10), (0, 5)])
        #expect(found.restarts == 1)
        #expect(found.gaps.isEmpty)
    }

    @Test func aRunExtendsOnlyByItsNextNumber() {
        var run = SerialRun(terminal: TerminalID("1")!, first: 65_535)
        let taken = [1, 0, 1].map { run.extend(by: $0) }
        #expect(taken == [false, true, true])
        #expect(run.count == 3)
    }
}
