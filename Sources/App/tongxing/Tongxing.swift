import ArgumentParser
import Dispatch
import Glibc

/// The `tongxing` command.
@main
struct Tongxing: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tongxing",
        abstract: "砼行：混凝土专用车辆监管平台 / fleet supervision for concrete, bulk-cement and mortar trucks",
        discussion: """
            从 MQTT 接入车辆定位与盲区摄像头状态，推导运输趟次，与持证搅拌站、登记工地比对，给出可核查的线索。
            Takes positions and blind-spot camera states in from MQTT, derives deliveries, compares them with
            licensed plants and registered sites, and gives leads that a person can check.
            """,
        version: "0.1.0",
        subcommands: [
            DemoCommand.self, ServeCommand.self, MigrateCommand.self, CheckCommand.self, ImportCommand.self,
            ExportCommand.self, ReplayCommand.self, StatusCommand.self, DeliveriesCommand.self, AlertsCommand.self,
            SuspectedPlantsCommand.self, TrailCommand.self, EvidenceCommand.self, AccidentRatesCommand.self,
            CameraRatesCommand.self, DefinitionsCommand.self, SafetyReportCommand.self, AnalyseCommand.self,
            RawCommand.self, LedgerCommand.self, QuarantineCommand.self, VerifySealsCommand.self, AccountsCommand.self,
            VerifyAuditCommand.self, NoticesCommand.self, RetentionCommand.self, HoldCommand.self, SimulateCommand.self,
            ScoreCommand.self,
            DemoTrafficCommand.self,
        ])

    /// The main thread waits for the command. An `async` main would leave it through `pthread_exit`, and setuid passes
    /// over threads that are exiting: a demo started by root would keep a thread with root's rights.
    static func main() {
        let ended = DispatchSemaphore(value: 0)
        // Detached: `main` belongs to the main actor, whose thread waits here.
        Task.detached {
            await Self.runCommand()
            ended.signal()
        }
        ended.wait()
    }

    private static func runCommand() async {
        // A reader of our output that has gone is an error to handle, not a signal to die by.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try Self.parseAsRoot()
            if var asyncCommand = command as? any AsyncParsableCommand {
                try await asyncCommand.run()
            } else {
                try command.run()
            }
        } catch let failure as Failure {
            Terminal.error(failure.description)
            Self.exit(withError: ExitCode(failure.exitCode))
        } catch {
            // Help and versions, and codes that were said before.
            let code = Self.exitCode(for: error)
            if code == .success || error is ExitCode { Self.exit(withError: error) }
            // ArgumentParser ends with 64 (EX_USAGE) where this product's contract says 2.
            let isUsage = code == .validationFailure
            Terminal.error(isUsage ? Self.message(for: error) + ": tongxing help" : "\(error)")
            Self.exit(withError: ExitCode(isUsage ? 2 : 1))
        }
    }
}
