import Testing

/// R11 and invariant 7: one package, no public API, and what is unsafe stays in its room and says why it is safe.
struct AccessTests {
    @Test(arguments: Tree.sources + Tree.tests + Tree.benchmarks)
    func nothingIsPublic(file: SwiftFile) {
        let found = file.complaints("access is `package`") { $0.contains(#/(?:^|[^\w.`])(?:public|open)\s+\w/#) }
        expectNone(found)
    }

    @Test(arguments: Tree.sources + Tree.tests + Tree.benchmarks)
    func uncheckedConcurrencyIsExplained(file: SwiftFile) {
        let found = file.complaints("needs a comment on the line above that says why it is safe") {
            $0.contains(#/@unchecked\b|\bnonisolated\(unsafe\)/#)
        }
        let unexplained = found.filter { complaint in
            guard let line = complaint.split(separator: ":").dropFirst().first.flatMap({ Int($0) }) else { return true }
            return !Self.isExplained(line, in: file)
        }
        expectNone(unexplained)
    }

    /// Whether the comment directly above the line, or above its attributes, speaks of safety.
    private static func isExplained(_ line: Int, in file: SwiftFile) -> Bool {
        var comment = ""
        for index in stride(from: line - 2, through: 0, by: -1) {
            let text = file.lines[index].drop(while: \.isWhitespace)
            if text.hasPrefix("//") {
                comment += text + "\n"
            } else if !text.hasPrefix("@") || !comment.isEmpty {
                break
            }
        }
        return comment.contains(#/unchecked|unsafe|\bsafe|thread|lock|isolated/#.ignoresCase())
    }

    @Test(arguments: Tree.sources)
    func unsafePointersStayInTheirRooms(file: SwiftFile) {
        let isWrapper = ["MQTTClient", "PostgresClient", "Geodesy", "Supervision"].contains(file.target)
        let isZstd = file.target == "IngestionPipeline" && file.name.hasPrefix("Zstd")
        guard !isWrapper, !isZstd else { return }
        let found = file.complaints("an unsafe pointer outside the room that wraps the library") {
            $0.contains(#/\b(?:Unsafe\w+|OpaquePointer|Unmanaged|withUnsafe\w+|unsafeBitCast)\b/#)
        }
        expectNone(found)
    }

    /// `@testable` opens a room to its own tests and to nobody else's.
    @Test(arguments: Tree.tests)
    func testableIsForOnesOwnTests(file: SwiftFile) {
        let found = file.complaints("@testable import of another room") { line in
            guard let match = line.firstMatch(of: #/@testable\s+import\s+(\w+)/#) else { return false }
            return file.target != "\(match.1)Tests"
        }
        expectNone(found)
    }
}

extension SwiftFile {
    var name: Substring { self.path.split(separator: "/").last ?? "" }
}
