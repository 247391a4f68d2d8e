import Foundation
import Testing

/// R13: a type says what it is; and the code map names every room, and no room that is not there.
struct DocumentationTests {
    @Test func everyTypeSaysWhatItIs() {
        for file in Tree.sources {
            let found = file.undocumentedTypes.map { file.place($0, "a type without a doc comment") }
            expectNone(found)
        }
    }

    @Test func theCodeMapNamesEveryRoom() throws {
        let rooms = try Self.rooms()
        let map = try Self.mapped()
        #expect(!rooms.isEmpty)
        expectNone(rooms.subtracting(map).sorted().map { "Sources/README.md has no row for \($0)" })
        expectNone(
            map.subtracting(rooms).sorted().map {
                "Sources/README.md has a row for \($0), which is not in Package.swift"
            })
    }

    @Test func everyFolderOfSourcesIsARoom() throws {
        let rooms = try Self.rooms()
        expectNone(Tree.sources.filter { !rooms.contains($0.target) }.map { "\($0.path): in no room of Package.swift" })
    }

    @Test(arguments: ["README.md", "Sources/README.md", "CHANGELOG.md", "Benchmarks/README.md", "deploy/README.md"])
    func everyLinkLeadsSomewhere(page: String) throws {
        let folder = Tree.root.appending(path: page).deletingLastPathComponent()
        let targets = try Tree.text(page).matches(of: #/\]\(([^)#\s]+)/#).map { String($0.1) }
        let dead = targets.filter { !$0.contains(":") }
            .filter { !FileManager.default.fileExists(atPath: folder.appending(path: $0).path) }
        expectNone(dead.map { "\(page) links to \($0)" })
    }

    @Test func everyDecisionIsARecord() throws {
        let records = Tree.paths.filter { $0.hasPrefix("Sources/Decisions/") && $0.hasSuffix(".md") }
        #expect(records.count >= 10)
        for path in records {
            let text = try Tree.text(path)
            #expect(
                text.split(separator: "\n", omittingEmptySubsequences: false).count <= 41, "\(path): at most 40 lines")
            for heading in ["## Context", "## Decision", "## Evidence", "## Consequences", "## How to overrule"] {
                #expect(text.contains(heading + "\n"), "\(path) has no \(heading)")
            }
        }
    }

    /// The targets of Package.swift, tests and benchmarks left out.
    private static func rooms() throws -> Set<String> {
        let manifest = try Tree.text("Package.swift")
        let declared = manifest.matches(of: #/(?:room|library|shim|functions)\(\s*"(\w+)"/#).map { String($0.1) }
        let executables = manifest.matches(of: #/\.executableTarget\(\s*name:\s*"(\w+)"/#).map { String($0.1) }
        return Set(declared + executables).subtracting(["benchmarks"])
    }

    /// The targets of the code map's rows: `| folder | `Target` | … |`.
    private static func mapped() throws -> Set<String> {
        let rows = try Tree.text("Sources/README.md").split(separator: "\n").filter { $0.hasPrefix("| ") }
        let names = rows.flatMap { row in
            row.split(separator: "|").prefix(1).flatMap { cell in
                cell.matches(of: #/`(\w+)`/#).map { String($0.1) }
            }
        }
        return Set(names)
    }
}

extension SwiftFile {
    /// Lines of the types that others can see and that no doc comment precedes. Private types may do without.
    var undocumentedTypes: [Int] {
        self.code.enumerated().compactMap { index, line in
            guard line.contains(#/\b(?:struct|class|enum|protocol|actor)\s+[A-Z]\w*/#.wordBoundaryKind(.simple)),
                !line.contains(#/\b(?:private|fileprivate|case|import)\b/#.wordBoundaryKind(.simple)),
                !line.contains(#/\bclass\s+(?:func|var)\b/#.wordBoundaryKind(.simple))
            else { return nil }
            return self.isDocumented(index) ? nil : index + 1
        }
    }

    /// Whether the nearest line above, attributes passed over, is a doc comment or ends one.
    private func isDocumented(_ index: Int) -> Bool {
        for above in stride(from: index - 1, through: 0, by: -1) {
            let text = self.lines[above].drop(while: \.isWhitespace)
            if text.hasPrefix("///") || text.hasSuffix("*/") { return true }
            // An attribute, or a plain comment that explains one.
            if !text.hasPrefix("@"), !text.hasPrefix("//"), !text.hasPrefix("#if") { return false }
        }
        return false
    }
}
