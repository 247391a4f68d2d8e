import Foundation
import Glibc
import Supervision
import Testing

@Suite struct LifelineTests {
    /// Nothing set, not a number, a standard descriptor, not open, open but no pipe.
    @Test(arguments: [nil, "", "three", "0", "999999", "-1"])
    func withoutALifelineThereIsNothingToWatch(value: String?) {
        let environment = value.map { [Lifeline.variable: $0] } ?? [:]
        #expect(!Lifeline.watch(environment: environment) { Issue.record("cut") })
    }

    @Test func aFileIsNoLifeline() {
        let file = open("/dev/null", O_RDONLY)
        defer { close(file) }
        #expect(!Lifeline.watch(environment: [Lifeline.variable: "\(file)"]) { Issue.record("cut") })
    }

    @Test func theEndOfTheOwnerBeginsTheGoodOrder() async {
        await #expect(processExitsWith: .exitCode(17)) {
            let pipe = try LifelinePipe()
            Lifeline.watch(environment: [Lifeline.variable: "\(pipe.readingEnd)"]) { exit(17) }
            pipe.cut()
            _ = await AsyncStream<Int>.makeStream().stream.first { _ in true }
        }
    }

    @Test func whoDoesNotEndInGoodOrderIsEnded() async {
        await #expect(processExitsWith: .exitCode(1)) {
            let pipe = try LifelinePipe()
            Lifeline.watch(grace: .zero, environment: [Lifeline.variable: "\(pipe.readingEnd)"]) {}
            pipe.cut()
            _ = await AsyncStream<Int>.makeStream().stream.first { _ in true }
        }
    }
}
