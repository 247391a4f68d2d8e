import Console
import CoreMetrics
import Synchronization

/// This process's counters, gauges and timers, kept for Prometheus: the backend of swift-metrics. Parts without a web
/// server of their own hand their text to the console through the database.
final class MetricsRegistry: MetricsFactory, Sendable {
    static let shared = MetricsRegistry()

    /// One time series: a name with its labels. Labels are of the code, never of a message, so there are few series.
    struct Series: Hashable, Comparable {
        var name: String
        var labels: [Label]

        init(_ label: String, _ dimensions: [(String, String)]) {
            self.name = label
            self.labels = dimensions.map { Label(name: $0.0, value: $0.1) }.sorted()
        }

        static func < (lhs: Series, rhs: Series) -> Bool {
            (lhs.name, lhs.labels.description) < (rhs.name, rhs.labels.description)
        }
    }

    /// What tells one series of a name from another.
    struct Label: Hashable, Comparable, CustomStringConvertible {
        var name: String
        var value: String

        var description: String { "\(self.name)=\(self.value)" }

        static func < (lhs: Label, rhs: Label) -> Bool { (lhs.name, lhs.value) < (rhs.name, rhs.value) }
    }

    /// What has been recorded in one series.
    enum Value {
        case counter(Int64)
        case gauge(Double)
        /// Sum in seconds, or in the recorder's own unit, and count.
        case summary(sum: Double, count: Int64)

        /// Prometheus' name for it.
        var type: String {
            switch self {
            case .counter: "counter"
            case .gauge: "gauge"
            case .summary: "summary"
            }
        }
    }

    private let values = Mutex<[Series: Value]>([:])

    func add(_ amount: Int64, to series: Series) {
        self.values.withLock { values in
            guard case .counter(let before) = values[series] else { return values[series] = .counter(amount) }
            values[series] = .counter(before &+ amount)
        }
    }

    func reset(_ series: Series) { self.values.withLock { $0[series] = nil } }

    func set(_ value: Double, in series: Series) { self.values.withLock { $0[series] = .gauge(value) } }

    func increment(_ series: Series, by amount: Double) {
        self.values.withLock { values in
            guard case .gauge(let before) = values[series] else { return values[series] = .gauge(amount) }
            values[series] = .gauge(before + amount)
        }
    }

    func observe(_ value: Double, in series: Series) {
        self.values.withLock { values in
            guard case .summary(let sum, let count) = values[series] else {
                return values[series] = .summary(sum: value, count: 1)
            }
            values[series] = .summary(sum: sum + value, count: count + 1)
        }
    }

    /// The Prometheus text exposition format 0.0.4, sorted.
    var text: String {
        let values = self.values.withLock { $0 }
        var text = MetricsText()
        var last: String?
        for (series, value) in values.sorted(by: { $0.key < $1.key }) {
            if series.name != last { text.head(series.name, value.type, help: MetricHelp.texts[series.name]) }
            last = series.name
            let labels = series.labels.map { ($0.name, $0.value) }
            switch value {
            case .counter(let count): text.sample(series.name, labels, Double(count))
            case .gauge(let gauge): text.sample(series.name, labels, gauge)
            case .summary(let sum, let count):
                text.sample(series.name + "_sum", labels, sum)
                text.sample(series.name + "_count", labels, Double(count))
            }
        }
        return text.text
    }

    /// The value of a series without labels in such a text; `nil` where it is not.
    static func value(of name: String, in text: String) -> Double? {
        text.split(separator: "\n").first { $0.hasPrefix(name + " ") }.flatMap { Double($0.dropFirst(name.count + 1)) }
    }

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        Handler(registry: self, series: Series(label, dimensions))
    }

    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        Handler(registry: self, series: Series(label, dimensions))
    }

    func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        Handler(registry: self, series: Series(label, dimensions))
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        Handler(registry: self, series: Series(label, dimensions))
    }

    // Series live as long as the process: there are few of them.
    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyMeter(_ handler: any MeterHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}
}

/// One series of the registry under all the names that swift-metrics has for it.
private final class Handler: CounterHandler, RecorderHandler, MeterHandler, TimerHandler, Sendable {
    private let registry: MetricsRegistry
    private let series: MetricsRegistry.Series

    init(registry: MetricsRegistry, series: MetricsRegistry.Series) {
        self.registry = registry
        self.series = series
    }

    func increment(by amount: Int64) { self.registry.add(amount, to: self.series) }
    func reset() { self.registry.reset(self.series) }
    func record(_ value: Int64) { self.registry.observe(Double(value), in: self.series) }
    func record(_ value: Double) { self.registry.observe(value, in: self.series) }
    func recordNanoseconds(_ duration: Int64) { self.registry.observe(Double(duration) / 1e9, in: self.series) }
    func set(_ value: Int64) { self.registry.set(Double(value), in: self.series) }
    func set(_ value: Double) { self.registry.set(value, in: self.series) }
    func increment(by amount: Double) { self.registry.increment(self.series, by: amount) }
    func decrement(by amount: Double) { self.registry.increment(self.series, by: -amount) }
}
