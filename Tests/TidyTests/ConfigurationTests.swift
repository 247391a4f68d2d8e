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

    /// The program refuses a `TONGXING_…` variable that it does not know, so a misspelt one here would stop its start.
    @Test func everyVariableThatDeploymentSetsIsAKey() throws {
        let known = Set(Self.declaredKeys.map(Self.variable)).union(["TONGXING_CONFIG"])
        for path in Tree.texts where path.hasPrefix("deploy/") {
            let used = try Tree.text(path).matches(of: #/\bTONGXING_[A-Z_]+\b/#.wordBoundaryKind(.simple)).map {
                String($0.0)
            }
            expectNone(Set(used).subtracting(known).sorted().map { "\(path): \($0) is no setting" })
        }
    }

    /// `mqtt.tls.authorityFile` is `TONGXING_MQTT_TLS_AUTHORITY_FILE`.
    private static func variable(_ key: String) -> String {
        let words = key.replacing(#/([a-z])([A-Z])/#) { "\($0.1)_\($0.2)" }
        return "TONGXING_" + words.replacing(".", with: "_").uppercased()
    }

    private static var declaredKeys: Set<String> {
        Set(
            Tree.sources.filter { $0.folder == "App" }.flatMap { file in
                file.lines.compactMap { line in
                    line.firstMatch(of: #/\bkey:\s*"([a-z]\w*(?:\.\w+)+)"/#.wordBoundaryKind(.simple)).map {
                        String($0.1)
                    }
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
