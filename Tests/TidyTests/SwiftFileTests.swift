import Testing

/// The rules are only as good as the scanner below them: what it must not see, and what it must.
struct SwiftFileTests {
    @Test(arguments: [
        ("let a = 1 // Date()", "let a = 1 "),
        ("let a = \"Date()\" + b", "let a = \"\" + b"),
        ("a /* Date() /* nested */ Date() */ b", "a  b"),
        ("let a = #\"a \" Date()\"# + b", "let a = \"\" + b"),
        (#"let a = "\" Date()" + b"#, "let a = \"\" + b"),
        (#"let a = "x \(Date()) y""#, "let a = \" (Date()) \""),
        (#"let a = "x \(f("Date()")) y" + b"#, "let a = \" (f(\"\")) \" + b"),
        ("let a = \"\"\"\n    Date() \"x\"\n    \"\"\"; b", "let a = \"\n\n\"; b"),
        ("let a = #/Date()/# + b", "let a = regex + b"),
    ])
    func commentsAndStringsAreNoCode(text: String, code: String) {
        let seen = SwiftFile(path: "x.swift", text: text).code.map { line in
            line.allSatisfy(\.isWhitespace) ? "" : line
        }
        #expect(seen.joined(separator: "\n") == code)
    }

    @Test func stringsAreKeptWithTheirLines() {
        let file = SwiftFile(
            path: "x.swift", text: "a\nlet b = \"one\"\nlet c = \"\"\"\n  two\n  \"\"\"\nlet d = \"three\"\n")
        #expect(file.strings.map(\.line) == [2, 3, 6])
        #expect(file.strings[0].text == "one" && file.strings[2].text == "three")
        #expect(file.lines.count == 6)
    }

    @Test(arguments: [
        ("struct A {}", [1]), ("/// What it is.\nstruct A {}", []), ("/// What.\n@MainActor\nstruct A {}", []),
        ("/// What.\n\nstruct A {}", [3]), ("private struct A {}", []), ("let a: any Sendable.Type", []),
        ("/// What.\npackage enum A {\n    enum B {}\n}", [3]), ("// no doc\nfinal class A {}", [2]),
    ])
    func typesWithoutADocCommentAreFound(text: String, lines: [Int]) {
        #expect(SwiftFile(path: "x.swift", text: text).undocumentedTypes == lines)
    }

    @Test(arguments: [
        ("func a() {\n    x\n    y\n}", [2]), ("func a() { x }", [0]),
        ("protocol P {\n    func a()\n    func b()\n}", []),
        ("init(\n    a: Int\n) {\n    x\n}", [1]), ("self.init(a)", []),
        ("func a() {\n    func b() {\n        x\n    }\n}", [3, 1]),
    ])
    func functionsAreMeasuredBetweenTheirBraces(text: String, lengths: [Int]) {
        #expect(SwiftFile(path: "x.swift", text: text).functions.map(\.length) == lengths)
    }

    @Test func theTreeIsFound() {
        #expect(Tree.paths.contains("Package.swift") && Tree.paths.contains("Makefile"))
        #expect(!Tree.paths.contains { $0.hasPrefix(".build") || $0.hasPrefix(".git/") })
        #expect(Tree.sources.contains { $0.target == "Geodesy" && $0.folder == "Model" && $0.isPure })
        #expect(Tree.tests.contains { $0.target == "TidyTests" })
    }
}

extension SwiftFile: CustomTestStringConvertible {
    var testDescription: String { self.path }
}
