import Testing

/// The patterns of the rules on examples: what each must find, and what it must let pass.
///
/// They use the simple kind of word boundary: by Unicode's rules, Swift's default, there is none in `Date.now`.
struct PatternTests {
    @Test(arguments: ["DispatchQueue.main.async {", "let t = Thread {", "NSLock()", "pthread_mutex_lock(&m)"])
    func threadsAreFound(code: String) { #expect(code.contains(BlockingTests.threads)) }

    @Test(arguments: ["self.threads.count", "ThreadService(", "package.Thread("])
    func otherWordsAreNoThreads(code: String) { #expect(!code.contains(BlockingTests.threads)) }

    @Test(arguments: ["sleep(1)", "usleep(10)", "Thread.sleep(forTimeInterval: 1)", "if waitpid(pid, nil, 0) < 0"])
    func waitsAreFound(code: String) { #expect(code.contains(BlockingTests.waits)) }

    @Test(arguments: ["try await Task.sleep(for: .seconds(1))", "clock.sleep(until: later)"])
    func pausesAreFound(code: String) { #expect(code.contains(BlockingTests.pauses)) }

    @Test(arguments: ["Date()", "let a = Date.now", "Date.now.description", "ContinuousClock.now", "time(nil)"])
    func clocksAreFound(code: String) { #expect(code.contains(PurityTests.clocks)) }

    @Test(arguments: ["report.time(nil)", "CivilDate(year: 1)", "Instant.epoch", "self.time(&x)"])
    func factsOfTimeAreNoClocks(code: String) { #expect(!code.contains(PurityTests.clocks)) }

    @Test(arguments: [
        "Int.random(in: 0...1)", "list.shuffled()", "list.randomElement()", "SystemRandomNumberGenerator()", "UUID()",
        "list.map { $0.shuffled() }.first",
    ])
    func chanceIsFound(code: String) { #expect(code.contains(PurityTests.chance)) }

    @Test(arguments: ["Int.random(in: 0...1, using: &generator)", "list.shuffled(using: &generator)", "UUID(uuid: x)"])
    func aGeneratorIsNoChance(code: String) { #expect(!code.contains(PurityTests.chance)) }

    @Test(arguments: ["print(x)", "FileManager.default", "getenv(name)"])
    func inputAndOutputAreFound(code: String) { #expect(code.contains(PurityTests.inputAndOutput)) }

    @Test(arguments: [
        "SELECT a FROM b", "SELECT\n    a\nFROM b", "INSERT INTO a VALUES (1)", "UPDATE a SET b = 1", "DELETE FROM a",
        "CREATE TABLE a ()", "COPY a (b) FROM STDIN",
    ])
    func sqlIsFound(text: String) { #expect(text.contains(StorageTests.statement)) }

    @Test(arguments: [
        "Select a plant from the list", "BEGIN", "LISTEN batches", "choose FROM the list", "CREATE a plan",
    ])
    func proseIsNoSQL(text: String) { #expect(!text.contains(StorageTests.statement)) }
}
