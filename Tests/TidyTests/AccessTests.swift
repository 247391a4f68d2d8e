import Testing

/// R11 and invariant 7: one package, no public API, and what is unsafe stays in its room and says why it is safe.
struct AccessTests {
    private static let wrappingRooms: Set = ["MQTTClient", "Notices", "PostgresClient", "Geodesy", "Supervision"]
    /// Files of other rooms that wrap a function or two of the C library: iconv, read, and a socket's address.
    private static let wrappingFiles: Set = [
        "Sources/Exchange/Exchange/SourceText.swift", "Sources/Exchange/Exchange/XLSXWriter.swift",
        "Sources/Exchange/Exchange/XMLEvents.swift", "Sources/Exchange/Exchange/ZipArchive.swift",
        "Sources/Exchange/Exchange/LineReader.swift", "Sources/Exchange/Exchange/Gzip.swift",
        "Sources/App/LocalServers/LoopbackPort.swift",
    ]

    @Test func nothingIsPublic() {
        for file in Tree.sources + Tree.tests + Tree.benchmarks {
            let found = file.complaints("access is `package`") { $0.contains(#/(?:^|[^\w.`])(?:public|open)\s+\w/#) }
            expectNone(found)
        }
    }

    @Test func uncheckedConcurrencyIsExplained() {
        for file in Tree.sources + Tree.tests + Tree.benchmarks {
            let found = file.complaints("needs a comment on the line above that says why it is safe") {
                $0.contains(#/@unchecked\b|\bnonisolated\(unsafe\)/#.wordBoundaryKind(.simple))
            }
            let unexplained = found.filter { complaint in
                guard let line = complaint.split(separator: ":").dropFirst().first.flatMap({ Int($0) }) else {
                    return true
                }
                return !Self.isExplained(line, in: file)
            }
            expectNone(unexplained)
        }
    }

    /// Whether the comment directly above the line, or above its attributes, speaks of safety; or one directly below,
    /// where a type begins with it.
    private static func isExplained(_ line: Int, in file: SwiftFile) -> Bool {
        var comment = ""
        if file.lines.indices.contains(line) {
            let below = file.lines[line].drop(while: \.isWhitespace)
            if below.hasPrefix("//") { comment += below + "\n" }
        }
        for index in stride(from: line - 2, through: 0, by: -1) {
            let text = file.lines[index].drop(while: \.isWhitespace)
            if text.hasPrefix("//") {
                comment += text + "\n"
            } else if !text.hasPrefix("@") {
                break
            }
        }
        return comment.contains(#/unchecked|unsafe|\bsafe|thread|lock|isolated/#.ignoresCase())
    }

    @Test func unsafePointersStayInTheirRooms() {
        for file in Tree.sources {
            let isWrapper = Self.wrappingRooms.contains(file.target) || Self.wrappingFiles.contains(file.path)
            let isZstd = file.target == "Seals" && file.name.hasPrefix("Zstd")
            guard !isWrapper, !isZstd else { continue }
            let found = file.complaints("an unsafe pointer outside the room that wraps the library") {
                $0.contains(
                    #/\b(?:Unsafe\w+|OpaquePointer|Unmanaged|unsafeBitCast|baseAddress)\b/#.wordBoundaryKind(.simple))
            }
            expectNone(found)
        }
    }

    /// `@testable` opens a room to its own tests and to nobody else's.
    @Test func testableIsForOnesOwnTests() {
        for file in Tree.tests {
            let found = file.complaints("@testable import of another room") { line in
                guard let match = line.firstMatch(of: #/@testable\s+import\s+(\w+)/#) else { return false }
                return file.target != "\(match.1)Tests"
            }
            expectNone(found)
        }
    }
}

extension SwiftFile {
    var name: Substring { self.path.split(separator: "/").last ?? "" }
}
