import Foundation

/// Runs the benchmarks, prints the report as a table and writes it as Markdown, JSON and a chart.
@main
enum Benchmarks {
    @MainActor
    static func main() async throws {
        guard let options = Options(Array(CommandLine.arguments.dropFirst())) else {
            say("用法 usage: benchmarks [--quick|--long] [--rounds N] [--subjects A,B] [NAME …]")
            say("  NAME: decode fences fold seal log alerts ingestion")
            exit(2)
        }
        var report = Report(machine: Machine())
        for name in Self.names where options.wants(name) {
            say("\(name) …")
            do {
                report.measurements += try await Self.run(name, options)
            } catch {
                say("\(name): \(error)")
                exit(1)
            }
        }
        print(report.markdown)
        // A part of the subjects is for looking into one of them, not for the record.
        if options.subjects.isEmpty { try report.write(to: Self.folder) }
    }

    private static let names = ["decode", "fences", "fold", "seal", "log", "alerts", "ingestion"]

    @MainActor
    private static func run(_ name: String, _ options: Options) async throws -> [Measurement] {
        switch name {
        case "decode": try DecodeBenchmark.run()
        case "fences": try await FenceBenchmark.run(options)
        case "fold": try FoldBenchmark.run()
        case "seal": try SealBenchmark.run()
        case "log": try await LogBenchmark.run(options)
        case "alerts": try await AlertBenchmark.run(options)
        default: try await IngestionBenchmark.run(options)
        }
    }

    /// Beside this file, wherever it is run from.
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("results")
}

/// Progress, on standard error.
func say(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }

/// Runs `body` once to warm up and five times more; gives the seconds of each of the five.
func seconds(runs: Int = 5, _ body: () throws -> Void) rethrows -> [Double] {
    try body()
    return try (0..<runs).map { _ in
        let clock = ContinuousClock()
        let time = try clock.measure(body)
        return Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
    }
}
