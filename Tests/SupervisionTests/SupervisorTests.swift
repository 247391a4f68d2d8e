import Foundation
import Glibc
import Supervision
import Synchronization
import TestSupport
import Testing

/// The reports of one run, in order.
private final class Reports: Sendable {
    private let reports = Mutex<[SupervisorReport]>([])

    func add(_ report: SupervisorReport) { self.reports.withLock { $0.append(report) } }

    var all: [SupervisorReport] { self.reports.withLock { $0 } }
}

/// A part that is a few lines of shell. Descriptor 3 is its lifeline: `read x <&3` waits until it is cut.
private func shellPart(
    _ script: String, policy: SupervisorMachine.RestartPolicy = .always, environment: [String: String] = [:]
) -> Supervisor.Part {
    var part = Supervisor.Part("shell", arguments: ["-c", script])
    part.program = "/bin/sh"
    part.policy = policy
    part.environment = environment
    return part
}

@Suite struct SupervisorTests {
    private static var quick: SupervisorMachine.Settings {
        var settings = SupervisorMachine.Settings()
        settings.firstDelay = .milliseconds(5)
        return settings
    }

    @Test func aPartIsStartedAgainUntilItsWorkIsDone() async throws {
        let file = try await TestServers.shared.makeFolder() + "/lives"
        let script = #"echo life >> "$FILE"; [ "$(wc -l < "$FILE")" -ge 3 ]"#
        let reports = Reports()
        let supervisor = Supervisor(
            parts: [shellPart(script, policy: .untilDone, environment: ["FILE": file])], settings: Self.quick,
            report: reports.add)
        #expect(try await supervisor.run(handlesSignals: false) == 0)
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "life\nlife\nlife\n")
        let restarts = reports.all.filter { if case .restarting(_, .exited(1), _) = $0 { true } else { false } }
        #expect(restarts.count == 2)
    }

    @Test func aStopEndsPartsThatWouldNeverEnd() async throws {
        let reports = Reports()
        let supervisor = Supervisor(parts: [shellPart("read x <&3"), shellPart("read x <&3")], report: reports.add)
        async let code = supervisor.run(handlesSignals: false)
        supervisor.requestStop()
        #expect(try await code == 0)
        #expect(reports.all.last == .stopping)
    }

    @Test func cancellingTheTaskIsAStop() async throws {
        let supervisor = Supervisor(parts: [shellPart("read x <&3")], report: { _ in })
        let run = Task { try await supervisor.run(handlesSignals: false) }
        run.cancel()
        #expect(try await run.value == 0)
    }

    @Test func whoIgnoresTheSignalIsKilled() async throws {
        let file = try await TestServers.shared.makeFolder() + "/up"
        var settings = Self.quick
        settings.grace = .milliseconds(5)
        let part = shellPart(#"trap '' TERM; echo up > "$FILE"; read x <&3"#, environment: ["FILE": file])
        let reports = Reports()
        let supervisor = Supervisor(parts: [part], settings: settings, report: reports.add)
        async let code = supervisor.run(handlesSignals: false)
        #expect(try await eventually { FileManager.default.fileExists(atPath: file) })
        supervisor.requestStop()
        #expect(try await code == 1)
        #expect(reports.all.last == .killing(parts: ["shell"]))
    }

    @Test func aPartThatCannotWorkStopsTheOthers() async throws {
        let supervisor = Supervisor(parts: [shellPart("read x <&3"), shellPart("exit 78")], report: { _ in })
        #expect(try await supervisor.run(handlesSignals: false) == 78)
    }

    @Test func aProgramThatIsNotThereIsTriedAgain() async throws {
        let reports = Reports()
        var part = Supervisor.Part("ghost", arguments: [])
        part.program = "/nonexistent/program"
        let supervisor = Supervisor(parts: [part], settings: Self.quick, report: reports.add)
        async let code = supervisor.run(handlesSignals: false)
        #expect(try await eventually { reports.all.count >= 4 })
        supervisor.requestStop()
        #expect(try await code == 0)
        #expect(reports.all.first?.description.contains("/nonexistent/program") == true)
    }

    /// The lifeline is there, as the variable says, and nothing else is.
    @Test func aPartInheritsItsLifelineAndNothingElse() async throws {
        let script = """
            [ "$TONGXING_LIFELINE_FD" = 3 ] && [ -p /proc/$$/fd/3 ] || exit 2
            for open in /proc/$$/fd/*; do
                case ${open##*/} in 0|1|2|3) ;; *) [ -e "$open" ] && exit 2 ;; esac
            done
            exit 0
            """
        let leak = open("/dev/null", O_RDONLY)  // as a careless library would, without close-on-exec
        defer { close(leak) }
        let supervisor = Supervisor(parts: [shellPart(script, policy: .untilDone)], report: { _ in })
        #expect(try await supervisor.run(handlesSignals: false) == 0)
    }

    @Test func sigtermIsAStop() async {
        await #expect(processExitsWith: .exitCode(17)) {
            let supervisor = Supervisor(parts: [shellPart("read x <&3")]) { report in
                if case .started = report { kill(getpid(), SIGTERM) }
            }
            let code = try await supervisor.run()
            if code == 0 { exit(17) }
        }
    }

    @Test func partsEndWhenTheSupervisorIsKilled() async throws {
        let file = try await TestServers.shared.makeFolder() + "/over"
        await #expect(processExitsWith: .signal(SIGKILL)) { [file = file as String] in
            let part = shellPart(#"read x <&3; echo over > "$FILE""#, environment: ["FILE": file])
            let supervisor = Supervisor(parts: [part]) { report in
                if case .started = report { kill(getpid(), SIGKILL) }
            }
            _ = try await supervisor.run()
        }
        #expect(try await eventually { FileManager.default.fileExists(atPath: file) })
    }

    @Test(arguments: [
        SupervisorReport.started(part: "web", pid: 7), .stopping, .done(part: "web"), .killing(parts: ["web"]),
        .gaveUp(part: "web", code: 2), .restarting(part: "web", end: .signalled(9), after: .seconds(1)),
        .restarting(part: "web", end: nil, after: .milliseconds(512)),
    ])
    func reportsAreOneBilingualLine(report: SupervisorReport) {
        #expect(report.description.contains(" / "))
        #expect(!report.description.contains("\n"))
    }
}
