import ArgumentParser
import Foundation
import Logging
import Supervision

/// `tongxing serve`: ingestion, analysis and the console, each a process of its own; one part alone runs in place.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "运行接入、分析与控制台 / run ingestion, analysis and the console",
        discussion: "各部分是独立进程，单独重启 / each part is a process of its own and restarts alone. Ctrl-C stops all.")

    @OptionGroup var options: ConfigurationOptions

    @Option(help: "只运行这些部分 / run only these parts: ingestion,analysis,web (one alone runs in place)")
    var only: String?

    @Option(help: "控制台监听地址 / address the console listens on (web.host)")
    var webHost: String?

    @Option(help: "控制台端口 / port of the console (web.port)")
    var webPort: String?

    @Option(help: .hidden)
    var selected: String?

    func run() async throws {
        let configuration = try await self.options.load(["web.host": self.webHost, "web.port": self.webPort])
        try Logs.start(level: configuration.logLevel)
        // Ends with whoever started it and asked for that; a terminal or systemd did not.
        Lifeline.watch()
        let parts = try PartName.list(self.only ?? "ingestion,analysis,web")
        if parts.count == 1, let part = parts.first {
            let selected = try self.selected.map(PartName.list) ?? parts
            let runID = ProcessInfo.processInfo.environment["TONGXING_RUN_ID"] ?? UUID().uuidString
            try await PartRunner(part: part, configuration: configuration, selected: selected, runID: runID).run()
        } else {
            let code = try await Self.supervise(parts, arguments: self.arguments(parts))
            if code != 0 { throw ExitCode(code) }
        }
    }

    /// What each part's process is started with, besides `--only`.
    private func arguments(_ parts: [PartName]) -> [String] {
        var arguments = self.options.arguments + ["--selected", parts.map(\.rawValue).joined(separator: ",")]
        if let host = self.webHost { arguments += ["--web-host", host] }
        if let port = self.webPort { arguments += ["--web-port", port] }
        return arguments
    }

    /// Runs the parts until SIGINT or SIGTERM; returns the exit code.
    static func supervise(_ parts: [PartName], arguments: [String], environment: [String: String] = [:]) async throws
        -> Int32
    {
        let logger = Logger(label: "tongxing.serve")
        let runID = UUID().uuidString
        let processes = parts.map { part in
            var process = Supervisor.Part(part.rawValue, arguments: ["serve", "--only", part.rawValue] + arguments)
            process.environment = environment.merging(["TONGXING_RUN_ID": runID]) { $1 }
            return process
        }
        let supervisor = Supervisor(parts: processes) { report in
            logger.log(level: report.isWarning ? .warning : .info, "\(report.description)")
        }
        return try await supervisor.run()
    }
}
