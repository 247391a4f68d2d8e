import Foundation

/// One figure: the median and the spread of its runs, and the peer or limit of the same run that it is held against.
struct Measurement: Codable {
    var benchmark: String
    var what: String
    var unit: String
    var median: Double
    var lowest: Double
    var highest: Double
    /// Median divided by the median of the benchmark's peer; nil for the peer itself.
    var ratioToPeer: Double?
    var peer: String?

    init(_ benchmark: String, _ what: String, unit: String, values: [Double], peer: Measurement? = nil) {
        let sorted = values.sorted()
        self.benchmark = benchmark
        self.what = what
        self.unit = unit
        self.median = sorted[sorted.count / 2]
        self.lowest = sorted.first ?? 0
        self.highest = sorted.last ?? 0
        self.peer = peer?.what
        self.ratioToPeer = peer.map { self.median / $0.median }
    }
}

/// All figures of one run, and the machine they were taken on.
struct Report {
    var measurements: [Measurement] = []

    var table: String {
        let header = ["benchmark", "what", "median", "min – max", "unit", "ratio to peer"]
        let rows = self.measurements.map { row in
            [
                row.benchmark, row.what, Self.number(row.median),
                "\(Self.number(row.lowest)) – \(Self.number(row.highest))",
                row.unit, row.ratioToPeer.map { "\(Self.number($0)) × \(row.peer ?? "")" } ?? "–",
            ]
        }
        let widths = header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
        return ([header] + rows).map { row in
            zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    var json: Data {
        get throws {
            struct Document: Codable {
                var processors: Int
                var operatingSystem: String
                var measurements: [Measurement]
            }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            return try encoder.encode(
                Document(
                    processors: ProcessInfo.processInfo.processorCount,
                    operatingSystem: ProcessInfo.processInfo.operatingSystemVersionString,
                    measurements: self.measurements))
        }
    }

    /// Three significant digits.
    private static func number(_ value: Double) -> String {
        guard value != 0, value.isFinite else { return "\(value)" }
        let digits = max(0, 2 - Int(floor(log10(abs(value)))))
        return String(format: "%.\(min(digits, 9))f", value)
    }
}
