import RepeatableRandom
import Supervision
import Testing

/// Always the same number: every wait is the plain doubling.
private struct ConstantGenerator: RandomNumberGenerator {
    mutating func next() -> UInt64 { 1 << 63 }
}

/// One event at a time (in seconds), and the actions that follow, as words.
struct Step: Sendable {
    let time: Double
    let event: SupervisorMachine.Event
    let actions: String

    init(_ time: Double, _ event: SupervisorMachine.Event, _ actions: String) {
        self.time = time
        self.event = event
        self.actions = actions
    }
}

struct Scenario: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var policies: [SupervisorMachine.RestartPolicy] = [.always, .always]
    let steps: [Step]
}

@Suite struct SupervisorMachineTests {
    @Test(arguments: [
        Scenario(
            testDescription: "a dead part is started again, the other one goes on",
            steps: [
                Step(0, .begun, "start0 start1"),
                Step(5, .ended(part: 1, .signalled(9)), "restarting1 wake5.5"),
                Step(5.4, .tick, ""),
                Step(5.5, .tick, "start1"),
                Step(5.6, .tick, ""),
            ]),
        Scenario(
            testDescription: "the wait doubles up to its limit, and is short again after a healthy life",
            policies: [.always],
            steps: [
                Step(0, .begun, "start0"),
                Step(1, .ended(part: 0, .exited(1)), "restarting0 wake1.5"),
                Step(2, .tick, "start0"),
                Step(3, .ended(part: 0, .exited(0)), "restarting0 wake4.0"),
                Step(4, .tick, "start0"),
                Step(4, .couldNotStart(part: 0), "restarting0 wake6.0"),
                Step(6, .tick, "start0"),
                Step(6, .couldNotStart(part: 0), "restarting0 wake10.0"),
                Step(10, .tick, "start0"),
                Step(10, .couldNotStart(part: 0), "restarting0 wake18.0"),
                Step(18, .tick, "start0"),
                Step(18, .couldNotStart(part: 0), "restarting0 wake34.0"),
                Step(34, .tick, "start0"),
                Step(34, .couldNotStart(part: 0), "restarting0 wake64.0"),
                Step(64, .tick, "start0"),
                Step(124, .ended(part: 0, .exited(1)), "restarting0 wake124.5"),
            ]),
        Scenario(
            testDescription: "a stop asks all that run, starts nobody again, and ends with the last",
            steps: [
                Step(0, .begun, "start0 start1"),
                Step(1, .ended(part: 0, .signalled(2)), "restarting0 wake1.5"),
                Step(1.2, .stopRequested, "stopping terminate1 wake21.2"),
                Step(1.5, .tick, ""),
                Step(2, .ended(part: 1, .exited(0)), "finish(0)"),
                Step(3, .tick, ""),
                Step(3, .stopRequested, ""),
            ]),
        Scenario(
            testDescription: "who does not end in time is killed, and the stop counts as failed",
            steps: [
                Step(0, .begun, "start0 start1"),
                Step(1, .stopRequested, "stopping terminate0 terminate1 wake21.0"),
                Step(2, .ended(part: 0, .exited(0)), ""),
                Step(20.9, .tick, ""),
                Step(21, .tick, "killing[1] kill1"),
                Step(22, .stopRequested, ""),
                Step(22, .ended(part: 1, .signalled(9)), "finish(1)"),
            ]),
        Scenario(
            testDescription: "a second Ctrl-C kills, an echo of the first does not",
            steps: [
                Step(0, .begun, "start0 start1"),
                Step(1, .stopRequested, "stopping terminate0 terminate1 wake21.0"),
                Step(1.1, .stopRequested, ""),
                Step(1.5, .stopRequested, "killing[0, 1] kill0 kill1"),
                Step(1.6, .ended(part: 1, .signalled(9)), ""),
                Step(1.6, .ended(part: 0, .signalled(9)), "finish(1)"),
            ]),
        Scenario(
            testDescription: "a part that cannot work as configured stops everything, with its code",
            steps: [
                Step(0, .begun, "start0 start1"),
                Step(1, .ended(part: 1, .exited(78)), "gaveUp1(78) terminate0 wake21.0"),
                Step(2, .ended(part: 0, .exited(0)), "finish(78)"),
            ]),
        Scenario(
            testDescription: "the last part's usage error ends it at once", policies: [.always],
            steps: [
                Step(0, .begun, "start0"),
                Step(1, .ended(part: 0, .exited(2)), "gaveUp0(2) wake21.0 finish(2)"),
            ]),
        Scenario(
            testDescription: "a part with an end of its own is done, and all done is the end",
            policies: [.untilDone, .untilDone],
            steps: [
                Step(0, .begun, "start0 start1"),
                Step(1, .ended(part: 0, .exited(0)), "done0"),
                Step(2, .ended(part: 1, .exited(1)), "restarting1 wake2.5"),
                Step(3, .tick, "start1"),
                Step(4, .ended(part: 1, .exited(0)), "done1 finish(0)"),
            ]),
        Scenario(testDescription: "no part, no work", policies: [], steps: [Step(0, .begun, "finish(0)")]),
    ])
    func actionsFollowEvents(scenario: Scenario) {
        var machine = SupervisorMachine(policies: scenario.policies)
        var generator = ConstantGenerator()
        for step in scenario.steps {
            let actions = machine.handle(step.event, at: .seconds(step.time), using: &generator)
            let words = actions.map(word).joined(separator: " ")
            #expect(words == step.actions, "at \(step.time) s")
        }
    }

    /// Random lives of three parts: whatever happens, nobody is started twice or during a stop, and the end comes last.
    @Test(arguments: UInt64(0)..<200)
    func theRulesHoldInRandomLives(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let settings = SupervisorMachine.Settings()
        var machine = SupervisorMachine(policies: [.always, .untilDone, .always], settings: settings)
        var running: Set<Int> = []
        var isStopping = false
        var isFinished = false
        var now = Duration.zero
        var event = SupervisorMachine.Event.begun
        for _ in 0..<300 {
            if event == .stopRequested { isStopping = true }
            for action in machine.handle(event, at: now, using: &generator) {
                #expect(!isFinished)
                switch action {
                case .start(let part):
                    #expect(!isStopping && running.insert(part).inserted)
                case .terminate(let part), .kill(let part):
                    #expect(isStopping && running.contains(part))
                case .report(.restarting(_, _, let delay)):
                    #expect(settings.firstDelay <= delay && delay <= settings.longestDelay)
                case .report(.gaveUp): isStopping = true
                case .finish:
                    #expect(running.isEmpty)
                    isFinished = true
                case .wake, .report: break
                }
            }
            now += .milliseconds(Int.random(in: 0...20_000, using: &generator))
            event = .tick
            if let part = running.sorted().randomElement(using: &generator), Bool.random(using: &generator) {
                running.remove(part)
                let code = Int32.random(in: 0...1, using: &generator)
                event = .ended(part: part, Int.random(in: 0..<40, using: &generator) == 0 ? .exited(2) : .exited(code))
                if event == .ended(part: part, .exited(2)) { isStopping = true }
            } else if Int.random(in: 0..<40, using: &generator) == 0 {
                event = .stopRequested
            }
        }
        #expect(isFinished == (isStopping && running.isEmpty))
    }

    private func word(_ action: SupervisorMachine.Action) -> String {
        switch action {
        case .start(let part): "start\(part)"
        case .terminate(let part): "terminate\(part)"
        case .kill(let part): "kill\(part)"
        case .wake(let time): "wake\((time.seconds * 1000).rounded() / 1000)"
        case .report(.restarting(let part, _, _)): "restarting\(part)"
        case .report(.gaveUp(let part, let code)): "gaveUp\(part)(\(code))"
        case .report(.done(let part)): "done\(part)"
        case .report(.stopping): "stopping"
        case .report(.killing(let parts)): "killing\(parts)"
        case .finish(let code): "finish(\(code))"
        }
    }
}
