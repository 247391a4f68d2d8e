/// What the command line asks for: `benchmarks [--quick|--long] [--rounds N] [--subjects A,B] [NAME …]`.
struct Options {
    /// Only these benchmarks; all when empty.
    var names: Set<String> = []
    /// Of ingestion only these subjects, and neither latencies nor memory; all of it when empty.
    var subjects: Set<String> = []
    /// How often each subject is measured.
    var rounds = 5
    /// Messages of one live or backlog run.
    var messages = 200_000
    /// Messages of the run that watches the memory.
    var enduranceMessages = 1_000_000
    /// Seconds of one latency run.
    var latencySeconds = 4
    /// Points that are looked up among the fences.
    var fencePoints = 1_000_000
    /// Only to see that all runs.
    var quick = false

    /// `nil` when the arguments are not understood.
    init?(_ arguments: [String]) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--quick":
                self.quick = true
                self.rounds = 1
                self.fencePoints = 50_000
                self.messages = 20_000
                self.enduranceMessages = 50_000
                self.latencySeconds = 1
            case "--long":
                self.enduranceMessages = 10_000_000
            case "--rounds":
                guard let count = rest.popFirst().flatMap({ Int($0) }), count > 0 else { return nil }
                self.rounds = count
            case "--subjects":
                guard let names = rest.popFirst() else { return nil }
                self.subjects = Set(names.split(separator: ",").map(String.init))
            case _ where argument.hasPrefix("-"): return nil
            default: self.names.insert(argument)
            }
        }
    }

    func wants(_ name: String) -> Bool { self.names.isEmpty || self.names.contains(name) }
}
