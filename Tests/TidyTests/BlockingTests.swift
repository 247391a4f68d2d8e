import Testing

/// R3: what blocks a thread has a room of its own, and the cooperative pool is never one of them.
struct BlockingTests {
    /// Rooms that own threads: the C clients, and those that wait for processes.
    private static let threadOwners: Set = ["MQTTClient", "PostgresClient", "Supervision", "LocalServers"]
    private static var threads: Regex<Substring> {
        #/
            \b(?:DispatchQueue|DispatchSemaphore|DispatchGroup|NSLock|NSCondition|pthread_\w+|sem_\w+)\b
            | (?:^|[^\w.])Thread\b
            | (?:^|[^\w.])(?:sleep|usleep|nanosleep|waitpid)\s*\(
        /#
    }

    @Test(arguments: Tree.sources)
    func threadsAndBlockingCallsStayWithTheirOwners(file: SwiftFile) {
        guard !Self.threadOwners.contains(file.target) else { return }
        let threads = Self.threads
        let found = file.complaints("a thread, a lock or a blocking call outside \(Self.threadOwners.sorted())") {
            $0.contains(threads)
        }
        expectNone(found)
    }

    @Test(arguments: [
        (#"\b(?:PQ[a-z]\w*|PGconn|PGresult)\b"#, "libpq", "PostgresClient"),
        (#"\bmosquitto_\w+"#, "libmosquitto", "MQTTClient"),
        (#"\bZSTD_\w+"#, "zstd", "IngestionPipeline"),
    ])
    func aCLibraryIsCalledByTheRoomThatOwnsIt(pattern: String, library: String, owner: String) throws {
        let calls = try Regex(pattern)
        let found = Tree.sources.filter { $0.target != owner }.flatMap { file in
            file.complaints("\(library) outside \(owner)") { $0.contains(calls) }
        }
        expectNone(found)
    }

    /// A test waits for a signal, never for the clock.
    @Test(arguments: Tree.tests)
    func noTestSleeps(file: SwiftFile) {
        let found = file.complaints("a test that sleeps") { $0.contains(#/\b(?:sleep|usleep|nanosleep)\s*\(/#) }
        expectNone(found)
    }

    @Test(arguments: Tree.paths.filter { $0.hasPrefix("Tests/") && ($0.hasSuffix(".sh") || $0.hasSuffix(".py")) })
    func noScriptOfTheTestsSleeps(path: String) throws {
        let lines = try Tree.text(path).split(separator: "\n", omittingEmptySubsequences: false)
        let found = lines.enumerated().filter { $0.element.contains(#/\bsleep\b/#) && !$0.element.hasPrefix("#") }
            .map { "\(path):\($0.offset + 1): \($0.element)" }
        expectNone(found)
    }
}
