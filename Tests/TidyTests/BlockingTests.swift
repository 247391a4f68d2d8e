import Testing

/// R3: what blocks a thread has a room of its own, and the cooperative pool is never one of them.
struct BlockingTests {
    /// Rooms that wait in C or for processes.
    private static let waitingRooms: Set = ["MQTTClient", "PostgresClient", "Supervision", "LocalServers"]
    /// The App gives the loops of a part their threads, and never waits by the clock itself.
    private static let threadOwners = Self.waitingRooms.union(["tongxing"])
    /// The one place of the tests that looks again after a moment, for what nothing signals (a process that has ended).
    private static let patience = "Tests/TestSupport/Eventually.swift"
    static var threads: Regex<Substring> {
        #/
            \b(?:DispatchQueue|DispatchSemaphore|DispatchGroup|NSLock|NSCondition|pthread_\w+|sem_\w+)\b
            | (?:^|[^\w.])Thread\b
        /#.wordBoundaryKind(.simple)
    }
    /// Calls that stop a thread for a time, or until a process ends.
    static var waits: Regex<Substring> {
        #/(?:^|[^\w.])(?:sleep|usleep|nanosleep|waitpid)\s*\(|\bThread\.sleep\b/#.wordBoundaryKind(.simple)
    }
    static var pauses: Regex<Substring> {
        #/\bTask\.sleep\b|\.sleep\s*\(\s*(?:for|until)\s*:/#.wordBoundaryKind(.simple)
    }

    @Test func threadsStayWithTheirOwners() {
        let threads = Self.threads
        for file in Tree.sources where !Self.threadOwners.contains(file.target) {
            expectNone(
                file.complaints("a thread or a lock outside \(Self.threadOwners.sorted())") { $0.contains(threads) })
        }
    }

    @Test(arguments: [
        (#"\b(?:PQ[a-z]\w*|PGconn|PGresult)\b"#, "libpq", "PostgresClient"),
        (#"\bmosquitto_\w+"#, "libmosquitto", "MQTTClient"),
        (#"\bZSTD_\w+"#, "zstd", "Seals"), (#"\bcurl_\w+"#, "libcurl", "Notices"),
        (#"\barchive_(?:read|write|entry)_\w+"#, "libarchive", "Exchange"),
        (#"\bXML_[A-Z]\w+"#, "expat", "Exchange"), (#"\b(?:workbook|worksheet)_\w+\("#, "libxlsxwriter", "Exchange"),
        (#"\bcboostmath_\w+"#, "Boost.Math", "Safety"),
    ])
    func aCLibraryIsCalledByTheRoomThatOwnsIt(pattern: String, library: String, owner: String) throws {
        let calls = try Regex(pattern).wordBoundaryKind(.simple)
        let found = Tree.sources.filter { $0.target != owner }.flatMap { file in
            file.complaints("\(library) outside \(owner)") { $0.contains(calls) }
        }
        expectNone(found)
    }

    @Test func nobodyElseWaitsByTheClock() {
        let waits = Self.waits
        for file in Tree.sources where !Self.waitingRooms.contains(file.target) {
            let found = file.complaints("a thread that sleeps; wait for what can wake it") {
                $0.contains(waits) && !$0.contains("func sleep")
            }
            expectNone(found)
        }
    }

    /// A test waits for a signal, never for the clock.
    @Test func noTestSleeps() {
        let (waits, pauses) = (Self.waits, Self.pauses)
        for file in Tree.tests where file.path != Self.patience {
            let found = file.complaints("a test that sleeps") {
                ($0.contains(waits) || $0.contains(pauses)) && !$0.contains("func sleep")
            }
            expectNone(found)
        }
    }

    @Test func noScriptOfTheTestsSleeps() throws {
        for path in Tree.paths where path.hasPrefix("Tests/") && (path.hasSuffix(".sh") || path.hasSuffix(".py")) {
            let lines = try Tree.text(path).split(separator: "\n", omittingEmptySubsequences: false)
            let found = lines.enumerated().filter { $0.element.contains(#/\bsleep\s*\(|^\s*sleep\s+[\d$]/#) }
            expectNone(found.map { "\(path):\($0.offset + 1): \($0.element)" })
        }
    }
}
