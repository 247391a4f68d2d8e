import Testing

/// R12: a file is one idea.
struct SizeTests {
    private static let fileLimit = 600
    private static let functionLimit = 60
    private static let lineLimit = 120
    /// A line with a text in it, which the formatter cannot break.
    private static let textLineLimit = 170
    private static let written = Set([".swift", ".sql", ".js", ".css", ".html", ".py", ".sh"])

    @Test func noFileIsTooLong() throws {
        let found = try Tree.paths.filter { path in Self.written.contains { path.hasSuffix($0) } }.compactMap { path in
            let count = try Tree.text(path).split(separator: "\n", omittingEmptySubsequences: false).count - 1
            return count > Self.fileLimit ? "\(path): \(count) lines, at most \(Self.fileLimit)" : nil
        }
        expectNone(found)
    }

    @Test func noLineIsTooLong() {
        for file in Tree.sources + Tree.tests + Tree.benchmarks {
            let found = file.lines.enumerated()
                .filter { $0.element.count > ($0.element.contains("\"") ? Self.textLineLimit : Self.lineLimit) }
                .map { file.place($0.offset + 1, "\($0.element.count) characters, at most \(Self.lineLimit)") }
            expectNone(found)
        }
    }

    @Test func noFunctionIsTooLong() {
        for file in Tree.sources + Tree.benchmarks {
            let found = file.functions.filter { $0.length > Self.functionLimit }
                .map { file.place($0.line, "\($0.length) lines, at most \(Self.functionLimit)") }
            expectNone(found)
        }
    }
}

extension SwiftFile {
    /// Every `func` and `init` with a body: the line it begins on, and how many lines stand between its braces.
    var functions: [(line: Int, length: Int)] {
        var found: [(line: Int, length: Int)] = []
        for (index, line) in self.code.enumerated() where line.contains(#/(?:^|[^\w.])(?:func\s+\S|init[?!]?\s*[<(])/#)
        {
            guard let body = self.body(from: index) else { continue }
            found.append((index + 1, max(0, body.upperBound - body.lowerBound - 1)))
        }
        return found
    }

    /// The lines from the opening brace of a declaration to its closing one; `nil` where it has no body.
    private func body(from start: Int) -> ClosedRange<Int>? {
        var depth = 0
        var opening: Int?
        for index in start..<self.code.count {
            for character in self.code[index] {
                if character == "{" {
                    depth += 1
                    if opening == nil { opening = index }
                } else if character == "}" {
                    depth -= 1
                    if depth < 0 { return nil }
                    if depth == 0, let opening { return opening...index }
                }
            }
            // A requirement of a protocol ends with its line; a signature goes on while its parentheses are open.
            if opening == nil, index > start, self.code[index].allSatisfy(\.isWhitespace) { return nil }
        }
        return nil
    }
}
