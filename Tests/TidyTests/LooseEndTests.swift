import Testing

/// What is committed is finished, and speaks of no machine but the reader's.
struct LooseEndTests {
    /// This folder is left out: it must spell what it forbids.
    private static var texts: [String] {
        Tree.texts.filter { !$0.hasPrefix("Tests/TidyTests/") }
    }

    @Test func nothingIsLeftForLater() throws {
        try self.expectNowhere(
            #/\b(?:TODO|FIXME|XXX|HACK)\b|fatalError\("?(?:not |un)?implemented/#.wordBoundaryKind(.simple),
            "unfinished work")
    }

    @Test func noFolderOfSomebodysMachineIsNamed() throws {
        try self.expectNowhere(
            #/(?:^|[\s"'`=(:])/(?:home|Users|work|farm|mnt|workspace)/\w/#, "a machine's folder")
    }

    @Test func noTestIsSwitchedOff() {
        let found = Tree.tests.flatMap { file in
            file.complaints("a test that is switched off") {
                $0.contains(#/\.disabled\(|\bXCTSkip\b/#.wordBoundaryKind(.simple))
            }
        }
        expectNone(found)
    }

    private func expectNowhere(_ pattern: Regex<Substring>, _ complaint: String) throws {
        var found: [String] = []
        for path in Self.texts {
            for (index, line) in try Tree.text(path).split(separator: "\n", omittingEmptySubsequences: false)
                .enumerated()
            where line.contains(pattern) {
                found.append("\(path):\(index + 1): \(complaint): \(line.prefix(100))")
            }
        }
        expectNone(found)
    }
}
