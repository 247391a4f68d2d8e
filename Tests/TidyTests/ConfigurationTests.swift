import Testing

/// Every key that the program reads is in `config/tongxing.yaml`, and every key there is one that it reads.
struct ConfigurationTests {
    private static let file = "config/tongxing.yaml"

    @Test func everyDeclaredKeyIsInTheShippedFile() throws {
        let declared = Self.declaredKeys
        #expect(!declared.isEmpty, "no `key: \"…\"` in Sources/App")
        let missing = declared.subtracting(try Self.shippedKeys(alsoCommentedOut: true)).sorted()
        #expect(missing.isEmpty, "\(Self.file) does not explain \(missing)")
    }

    @Test func everyShippedKeyIsDeclared() throws {
        let unknown = try Self.shippedKeys(alsoCommentedOut: false).subtracting(Self.declaredKeys).sorted()
        #expect(unknown.isEmpty, "\(Self.file) sets \(unknown), which nothing reads")
    }

    private static var declaredKeys: Set<String> {
        Set(
            Tree.sources.filter { $0.folder == "App" }.flatMap { file in
                file.lines.compactMap { line in
                    line.firstMatch(of: #/\bkey:\s*"([a-z]\w*(?:\.\w+)+)"/#).map { String($0.1) }
                }
            })
    }

    /// The dotted paths of the file's leaves. A key that has no default stands there commented out, as `# name:`.
    private static func shippedKeys(alsoCommentedOut: Bool) throws -> Set<String> {
        var path: [(indent: Int, name: String)] = []
        var leaves: Set<String> = []
        for line in try Tree.text(Self.file).split(separator: "\n") {
            guard let match = line.wholeMatch(of: #/(\s*)(# ?)?([a-zA-Z]\w*):(\s.*)?/#) else { continue }
            let isCommentedOut = match.2 != nil
            if isCommentedOut && !alsoCommentedOut { continue }
            path.removeAll { $0.indent >= match.1.count }
            path.append((match.1.count, String(match.3)))
            let value = (match.4 ?? "").drop(while: \.isWhitespace)
            if isCommentedOut || !(value.isEmpty || value.hasPrefix("#")) {
                leaves.insert(path.map(\.name).joined(separator: "."))
            }
            if isCommentedOut { path.removeLast() }
        }
        return leaves
    }
}
