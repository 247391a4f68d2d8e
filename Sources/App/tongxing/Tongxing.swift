import ArgumentParser

/// The `tongxing` command.
@main
struct Tongxing: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tongxing",
        abstract: "砼行：混凝土专用车辆监管平台 / fleet supervision for concrete, bulk-cement and mortar trucks",
        discussion: """
            从 MQTT 接入车辆定位与盲区摄像头状态，推导运输趟次，与持证搅拌站、登记工地比对，给出可核查的线索。
            Takes positions and blind-spot camera states in from MQTT, derives deliveries, compares them with licensed
            plants
            and registered sites, and gives leads that a person can check.
            """,
        version: "0.1.0",
        subcommands: [
            DemoCommand.self, ServeCommand.self, MigrateCommand.self, CheckCommand.self, ImportCommand.self,
            ReplayCommand.self, StatusCommand.self, DeliveriesCommand.self, SuspectedPlantsCommand.self,
            TrailCommand.self, SimulateCommand.self, ScoreCommand.self, DemoTrafficCommand.self,
        ])

    static func main() async {
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
            // ArgumentParser ends with 64 (EX_USAGE) where this product's contract says 2.
            guard Self.exitCode(for: error) == .validationFailure else { Self.exit(withError: error) }
            Terminal.error(Self.message(for: error) + ": tongxing help")
            Self.exit(withError: ExitCode(2))
        }
    }
}
