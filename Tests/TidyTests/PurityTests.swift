import Testing

/// R9: Model and Analysis are functions of what they are given, and so are the pipeline and the simulator.
struct PurityTests {
    private static var clocks: Regex<Substring> {
        #/
            \bDate\s*\(\s*\) | \bDate\.now\b | \bContinuousClock\b | \bSuspendingClock\b | \bDispatchTime\b
            | \b(?:clock_gettime|gettimeofday|time)\s*\(\s*(?:CLOCK_\w+|nil|&) | \bProcessInfo\b
        /#
    }
    private static var waits: Regex<Substring> { #/\.now\b|\bsleep\s*\(/# }
    private static var chance: Regex<Substring> {
        #/
            \bSystemRandomNumberGenerator\b | \bUUID\s*\(\s*\) | \barc4random\w* | \brand(?:om)?\s*\(\s*\)
            | \.(?:random|randomElement|shuffled|shuffle)\s*\((?!.*\busing\s*:)
        /#
    }
    private static var inputAndOutput: Regex<Substring> {
        #/\b(?:FileManager|FileHandle|URLSession|fopen|print|getenv)\s*[(.]/#
    }
    /// They draw numbers and hear of time too, but only from what they are handed.
    private static let givenTimeAndChance: Set = ["IngestionPipeline", "CitySimulator", "Exchange"]

    private static var pure: [SwiftFile] { Tree.sources.filter(\.isPure) }
    private static var handed: [SwiftFile] { Tree.sources.filter { Self.givenTimeAndChance.contains($0.target) } }

    @Test(arguments: Self.pure)
    func noClockIsRead(file: SwiftFile) {
        let (clocks, waits) = (Self.clocks, Self.waits)
        let found = file.complaints("a pure room reads a clock or waits") { $0.contains(clocks) || $0.contains(waits) }
        expectNone(found)
    }

    @Test(arguments: Self.handed)
    func timeIsHandedIn(file: SwiftFile) {
        let clocks = Self.clocks
        let found = file.complaints("time from the air; take a clock or an instant") { $0.contains(clocks) }
        expectNone(found)
    }

    @Test(arguments: Self.pure + Self.handed)
    func chanceIsHandedIn(file: SwiftFile) {
        let chance = Self.chance
        let found = file.complaints("chance from the air; take a generator") { $0.contains(chance) }
        expectNone(found)
    }

    @Test(arguments: Self.pure)
    func nothingIsReadOrWritten(file: SwiftFile) {
        let inputAndOutput = Self.inputAndOutput
        let found = file.complaints("a pure room does input or output") { $0.contains(inputAndOutput) }
        expectNone(found)
    }

    /// Foundation brings the clock, the disk and the locale along; a pure room has no need of them.
    @Test(arguments: Self.pure)
    func foundationIsNotImported(file: SwiftFile) {
        let found = file.complaints("a pure room imports a system library") {
            $0.contains(#/\bimport\s+(?:\w+\s+)?(?:Foundation\w*|Dispatch|Glibc|Musl|Darwin|Synchronization)\b/#)
        }
        expectNone(found)
    }
}
