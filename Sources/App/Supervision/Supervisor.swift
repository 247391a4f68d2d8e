import Dispatch
import Foundation
import Glibc

/// Runs the parts of the product as processes of their own: a part that dies is started again with back-off and the
/// others go on; when this process dies, they end (`Lifeline`). Carries out what `SupervisorMachine` decides.
package final class Supervisor: Sendable {
    /// A part: one process, this very program by default.
    package struct Part: Sendable {
        /// Its name in reports.
        package var name: String
        package var arguments: [String]
        package var program: String = OwnExecutable.path
        /// Added to this process's environment.
        package var environment: [String: String] = [:]
        package var policy: SupervisorMachine.RestartPolicy = .always

        package init(_ name: String, arguments: [String]) {
            self.name = name
            self.arguments = arguments
        }
    }

    /// Tells a part how the process before it ended: `trap`, or not at all.
    package static let previousEndVariable = "TONGXING_PREVIOUS_END"

    /// Whether this process was started in the place of one that trapped: its own fault, not a kill from outside.
    package static var previousEndWasTrap: Bool {
        ProcessInfo.processInfo.environment[Self.previousEndVariable] == "trap"
    }

    private let parts: [Part]
    private let settings: SupervisorMachine.Settings
    private let report: @Sendable (SupervisorReport) -> Void
    private let events: AsyncStream<SupervisorMachine.Event>
    private let sender: AsyncStream<SupervisorMachine.Event>.Continuation

    /// Describes what to run; nothing is started yet. `report` is told, in order, what a person should know.
    package init(
        parts: [Part], settings: SupervisorMachine.Settings = SupervisorMachine.Settings(),
        report: @escaping @Sendable (SupervisorReport) -> Void
    ) {
        self.parts = parts
        self.settings = settings
        self.report = report
        // Unbounded, and small all the same: an end and a tick for each part, a request for each signal.
        (self.events, self.sender) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
    }

    /// Asks for the end as Ctrl-C does: in good order the first time, at once the second time. From any thread.
    package func requestStop() {
        self.sender.yield(.stopRequested)
    }

    /// Starts the parts and returns when none is left, with the exit code: 0 after an ordered stop, 1 when a part had
    /// to be killed for it, the part's own code when it could not work (2, 78). Cancelling the task is a stop
    /// request. Call it once. With `handlesSignals`, SIGINT and SIGTERM are stop requests meanwhile.
    ///
    /// Errors: `noResources` before anything was started.
    package func run(handlesSignals: Bool = true) async throws(SupervisionError) -> Int32 {
        let lifeline = try LifelinePipe()
        let signals = handlesSignals ? try StopSignals { self.requestStop() } : nil
        // A task of its own: in a cancelled task the stream of events would end before the parts have.
        let driving = Task { await self.drive(lifeline: lifeline.readingEnd) }
        let code = await withTaskCancellationHandler {
            await driving.value
        } onCancel: {
            self.requestStop()
        }
        signals?.cancel()
        lifeline.cut()
        return code
    }

    private func drive(lifeline: Int32) async -> Int32 {
        var machine = SupervisorMachine(policies: self.parts.map(\.policy), settings: self.settings)
        var generator = SystemRandomNumberGenerator()
        var children = [ChildProcess?](repeating: nil, count: self.parts.count)
        var ends = [ProcessEnd?](repeating: nil, count: self.parts.count)
        let clock = ContinuousClock()
        let beginning = clock.now
        self.sender.yield(.begun)
        for await event in self.events {
            let now = beginning.duration(to: clock.now)
            if case .ended(let part, let end) = event { ends[part] = end }
            for action in machine.handle(event, at: now, using: &generator) {
                switch action {
                case .start(let part): children[part] = self.start(part, after: ends[part], lifeline: lifeline)
                case .terminate(let part): children[part]?.send(signal: SIGTERM)
                case .kill(let part): children[part]?.send(signal: SIGKILL)
                case .wake(let time): self.tick(after: time - now)
                case .report(let report): self.report(self.named(report))
                case .finish(let code): return code
                }
            }
        }
        return 1  // not reached: nobody finishes the stream
    }

    private func start(_ index: Int, after end: ProcessEnd?, lifeline: Int32) -> ChildProcess? {
        let part = self.parts[index]
        var environment = ProcessInfo.processInfo.environment.merging(part.environment) { $1 }
        environment[Lifeline.variable] = "3"
        environment[Self.previousEndVariable] = end?.isTrap == true ? "trap" : nil
        var spawn = Spawn(program: part.program, arguments: part.arguments, environment: environment)
        spawn.third = lifeline
        do {
            let child = try spawn.start()
            self.report(.started(part: part.name, pid: child.pid))
            child.whenEnded { self.sender.yield(.ended(part: index, $0)) }
            return child
        } catch {
            self.report(.failed(part: part.name, error))
            self.sender.yield(.couldNotStart(part: index))
            return nil
        }
    }

    private func tick(after delay: Duration) {
        // A millisecond late rather than a microsecond early: a tick that comes too early starts nothing.
        DispatchQueue.global().asyncAfter(deadline: .now() + delay.seconds + 0.001) { self.sender.yield(.tick) }
    }

    private func named(_ report: SupervisorMachine.Report) -> SupervisorReport {
        switch report {
        case .restarting(let part, let end, let delay): .restarting(part: self.parts[part].name, end: end, after: delay)
        case .gaveUp(let part, let code): .gaveUp(part: self.parts[part].name, code: code)
        case .done(let part): .done(part: self.parts[part].name)
        case .stopping: .stopping
        case .killing(let parts): .killing(parts: parts.map { self.parts[$0].name })
        }
    }
}
