import Foundation

/// Runs every benchmark, prints the report as a table and writes it as JSON.
@main
enum Benchmarks {
    static func main() throws {
        let only = CommandLine.arguments.dropFirst().first
        let all: [(name: String, run: () throws -> [Measurement])] = [
            ("decode", DecodeBenchmark.run), ("fences", FenceBenchmark.run), ("fold", FoldBenchmark.run),
            ("seal", SealBenchmark.run), ("ingestion", IngestionBenchmark.run),
        ]
        var report = Report()
        for benchmark in all where only == nil || only == benchmark.name {
            FileHandle.standardError.write(Data("\(benchmark.name) …\n".utf8))
            report.measurements += try benchmark.run()
        }
        print(report.table)
        // Beside this file, wherever it is run from.
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("results")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try report.json.write(to: folder.appendingPathComponent("latest.json"))
    }
}

/// Runs `body` once to warm up and five times more; gives the seconds of each of the five.
func seconds(runs: Int = 5, _ body: () throws -> Void) rethrows -> [Double] {
    try body()
    return try (0..<runs).map { _ in
        let clock = ContinuousClock()
        let time = try clock.measure(body)
        return Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
    }
}
