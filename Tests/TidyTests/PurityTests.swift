import Testing

/// R9: Model and Analysis are functions of what they are given, and so are the pipeline and the simulator.
struct PurityTests {
    static var clocks: Regex<Substring> {
        #/
            \bDate\s*\(\s*\) | \bDate\.now\b | \bContinuousClock\b | \bSuspendingClock\b | \bDispatchTime\b
            | \b(?:clock_gettime|gettimeofday)\s*\( | (?:^|[^\w.])time\s*\(\s*(?:nil|&) | \bProcessInfo\b
        /#.wordBoundaryKind(.simple)
    }
    static var waits: Regex<Substring> {
        #/\.now\b|\bTask\.sleep\b|\.sleep\s*\(\s*(?:for|until)\s*:/#.wordBoundaryKind(.simple)
    }
    static var chance: Regex<Substring> {
        #/
            \bSystemRandomNumberGenerator\b | \bUUID\s*\(\s*\) | \barc4random\w* | \brand(?:om)?\s*\(\s*\)
            | \.(?:random|randomElement|shuffled|shuffle)\s*\((?!.*\busing\s*:)
        /#.wordBoundaryKind(.simple)
    }
    static var inputAndOutput: Regex<Substring> {
        #/\b(?:FileManager|FileHandle|URLSession|fopen|print|getenv)\s*[(.]/#.wordBoundaryKind(.simple)
    }
    /// They draw numbers and hear of time too, but only from what they are handed.
    private static let givenTimeAndChance: Set = ["IngestionPipeline", "CitySimulator", "Exchange"]

    private static var pure: [SwiftFile] { Tree.sources.filter(\.isPure) }
    private static var handed: [SwiftFile] { Tree.sources.filter { Self.givenTimeAndChance.contains($0.target) } }

    @Test func noClockIsRead() {
        for file in Self.pure {
            let (clocks, waits) = (Self.clocks, Self.waits)
            let found = file.complaints("a pure room reads a clock or waits") {
                $0.contains(clocks) || $0.contains(waits)
            }
            expectNone(found)
        }
    }

    @Test func timeIsHandedIn() {
        for file in Self.handed {
            let clocks = Self.clocks
            let found = file.complaints("time from the air; take a clock or an instant") { $0.contains(clocks) }
            expectNone(found)
        }
    }

    @Test func chanceIsHandedIn() {
        for file in Self.pure + Self.handed {
            let chance = Self.chance
            let found = file.complaints("chance from the air; take a generator") { $0.contains(chance) }
            expectNone(found)
        }
    }

    @Test func nothingIsReadOrWritten() {
        for file in Self.pure {
            let inputAndOutput = Self.inputAndOutput
            let found = file.complaints("a pure room does input or output") { $0.contains(inputAndOutput) }
            expectNone(found)
        }
    }

    /// Foundation brings the clock, the disk and the locale along. Glibc stays allowed, for sines and roots; what else
    /// it has is found by the rules above.
    @Test func foundationIsNotImported() {
        for file in Self.pure {
            let found = file.complaints("a pure room imports a system library") {
                $0.contains(
                    #/\bimport\s+(?:\w+\s+)?(?:Foundation\w*|Dispatch|Synchronization)\b/#.wordBoundaryKind(.simple))
            }
            expectNone(found)
        }
    }
}
