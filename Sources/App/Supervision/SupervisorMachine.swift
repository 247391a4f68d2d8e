/// The supervisor's decisions: events in, actions out. It starts no process and reads no clock; `now` is the time since
/// some fixed moment.
package struct SupervisorMachine: Sendable {
    /// What has happened.
    package enum Event: Sendable, Hashable {
        /// The first event, once.
        case begun
        /// The part's process has ended.
        case ended(part: Int, ProcessEnd)
        /// The part's process could not even be started.
        case couldNotStart(part: Int)
        /// A moment asked for by `wake` has come. Too early or too often is harmless.
        case tick
        /// Somebody wants the end: Ctrl-C, SIGTERM, the owner. The second time it means "now".
        case stopRequested
    }

    /// What is to be done.
    package enum Action: Sendable, Hashable {
        case start(part: Int)
        /// SIGTERM.
        case terminate(part: Int)
        /// SIGKILL.
        case kill(part: Int)
        /// Send a `tick` at this time.
        case wake(at: Duration)
        case report(Report)
        /// Nothing runs any more; the supervisor's exit code. The last action.
        case finish(code: Int32)
    }

    /// What a person should hear.
    package enum Report: Sendable, Hashable {
        /// `end` is nil when it could not be started.
        case restarting(part: Int, end: ProcessEnd?, after: Duration)
        /// It cannot work as it is called or configured; starting again would not help.
        case gaveUp(part: Int, code: Int32)
        case done(part: Int)
        case stopping
        case killing(parts: [Int])
    }

    /// When a part that has ended is started again.
    package enum RestartPolicy: Sendable, Hashable {
        case always
        /// Exit code 0 means that its work is done.
        case untilDone
    }

    /// How patient it is.
    package struct Settings: Sendable, Hashable {
        /// The wait before the first restart; it doubles with each further one.
        package var firstDelay: Duration = .milliseconds(500)
        package var longestDelay: Duration = .seconds(30)
        /// A part that has lived this long counts as healthy: its next wait is the first one again.
        package var settledAfter: Duration = .seconds(60)
        /// How long parts may take to end in good order.
        package var grace: Duration = .seconds(20)
        /// A second stop request sooner than this is the first one heard twice: `timeout` and some shells send a signal
        /// to the process and to its group.
        package var echo: Duration = .milliseconds(300)
        /// Exit codes that mean "do not restart": 2 usage, 78 configuration (EX_CONFIG of sysexits.h).
        package var finalCodes: Set<Int32> = [2, 78]

        package init() {}
    }

    /// A part can transition:
    ///   - `idle` to `running` when the machine begins;
    ///   - `running` to `waiting` when it died, to `over` when it is done, gave up, or ended during a stop;
    ///   - `waiting` to `running` when its wait is over, to `over` when a stop begins.
    private enum PartState: Sendable {
        case idle
        case running(since: Duration)
        case waiting(until: Duration)
        case over
    }

    /// The machine can transition from `working` to `stopping`, from there to `killing`, and from each to `finished`.
    private enum Phase: Sendable {
        case working
        case stopping(since: Duration)
        case killing
        case finished
    }

    /// Where one part is in its life.
    private struct Part: Sendable {
        let policy: RestartPolicy
        var state = PartState.idle
        /// Deaths since it was last healthy.
        var deaths = 0
    }

    private let settings: Settings
    private var parts: [Part]
    private var phase = Phase.working
    private var code: Int32 = 0

    package init(policies: [RestartPolicy], settings: Settings = Settings()) {
        self.parts = policies.map { Part(policy: $0) }
        self.settings = settings
    }

    /// Takes one event in. `generator` spreads the waits, so that parts that died together do not come back together.
    package mutating func handle(
        _ event: Event, at now: Duration, using generator: inout some RandomNumberGenerator
    ) -> [Action] {
        switch (event, self.phase) {
        case (_, .finished): []
        case (.begun, _): self.begin(at: now)
        case (.ended(let part, let end), .working): self.died(part, end, at: now, using: &generator)
        case (.couldNotStart(let part), .working): self.died(part, nil, at: now, using: &generator)
        case (.ended(let part, _), _), (.couldNotStart(let part), _): self.endedWhileStopping(part)
        case (.tick, .working): self.startDue(at: now)
        case (.tick, .stopping(let since)): now >= since + self.settings.grace ? self.killAll() : []
        case (.tick, .killing), (.stopRequested, .killing): []
        case (.stopRequested, .working): [.report(.stopping)] + self.stop(code: 0, at: now)
        case (.stopRequested, .stopping(let since)): now >= since + self.settings.echo ? self.killAll() : []
        }
    }

    private mutating func begin(at now: Duration) -> [Action] {
        for index in self.parts.indices { self.parts[index].state = .running(since: now) }
        return self.parts.indices.map { .start(part: $0) } + self.finishIfOver()
    }

    private mutating func died(
        _ part: Int, _ end: ProcessEnd?, at now: Duration, using generator: inout some RandomNumberGenerator
    ) -> [Action] {
        guard case .running(let since) = self.parts[part].state else { return [] }
        if case .exited(let code) = end {
            if self.settings.finalCodes.contains(code) {
                self.parts[part].state = .over
                return [.report(.gaveUp(part: part, code: code))] + self.stop(code: code, at: now)
            }
            if code == 0, self.parts[part].policy == .untilDone {
                self.parts[part].state = .over
                return [.report(.done(part: part))] + self.finishIfOver()
            }
        }
        if now - since >= self.settings.settledAfter { self.parts[part].deaths = 0 }
        self.parts[part].deaths += 1
        let delay = self.delay(afterDeaths: self.parts[part].deaths, using: &generator)
        self.parts[part].state = .waiting(until: now + delay)
        return [.report(.restarting(part: part, end: end, after: delay)), .wake(at: now + delay)]
    }

    /// Doubles from `firstDelay` to `longestDelay`, a quarter more or less by chance, never outside the two.
    private func delay(afterDeaths deaths: Int, using generator: inout some RandomNumberGenerator) -> Duration {
        let doublings = min(deaths - 1, 30)  // 30: far above any longest delay, far below an overflow
        let spread = Double.random(in: 0.75...1.25, using: &generator)
        let delay = self.settings.firstDelay * (1 << doublings) * spread
        return min(max(delay, self.settings.firstDelay), self.settings.longestDelay)
    }

    private mutating func startDue(at now: Duration) -> [Action] {
        var actions: [Action] = []
        for index in self.parts.indices {
            guard case .waiting(let until) = self.parts[index].state, until <= now else { continue }
            self.parts[index].state = .running(since: now)
            actions.append(.start(part: index))
        }
        return actions
    }

    private mutating func stop(code: Int32, at now: Duration) -> [Action] {
        self.phase = .stopping(since: now)
        self.code = code
        for index in self.parts.indices where !self.isRunning(index) { self.parts[index].state = .over }
        let terminations = self.running.map { Action.terminate(part: $0) }
        return terminations + [.wake(at: now + self.settings.grace)] + self.finishIfOver()
    }

    private mutating func killAll() -> [Action] {
        self.phase = .killing
        self.code = max(self.code, 1)
        return [.report(.killing(parts: self.running))] + self.running.map { .kill(part: $0) }
    }

    private mutating func endedWhileStopping(_ part: Int) -> [Action] {
        self.parts[part].state = .over
        return self.finishIfOver()
    }

    private mutating func finishIfOver() -> [Action] {
        let isOver = self.parts.allSatisfy { part in
            if case .over = part.state { true } else { false }
        }
        guard isOver else { return [] }
        self.phase = .finished
        return [.finish(code: self.code)]
    }

    private var running: [Int] { self.parts.indices.filter { self.isRunning($0) } }

    private func isRunning(_ index: Int) -> Bool {
        if case .running = self.parts[index].state { true } else { false }
    }
}
