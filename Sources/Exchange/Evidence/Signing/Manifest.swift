import Crypto

/// The SHA-256 of every file, in the form of `sha256sum`: `sha256sum -c MANIFEST.sha256` checks it as well.
struct Manifest {
    /// In ascending order of the paths' bytes.
    let entries: [(path: String, hash: String)]

    init(_ files: [PackageFile]) {
        self.entries = files.map { (path: $0.path, hash: Self.hash($0.bytes)) }.sorted { $0.path < $1.path }
    }

    /// Strict: one form for one manifest.
    init(reading bytes: [UInt8]) throws(EvidenceError) {
        var entries: [(path: String, hash: String)] = []
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.last?.isEmpty == true else { throw Self.malformed(lines.count) }
        for (index, line) in lines.dropLast().enumerated() {
            guard line.count > 66, let text = String(validating: line, as: UTF8.self) else {
                throw Self.malformed(index + 1)
            }
            let hash = String(text.prefix(64))
            let path = String(text.dropFirst(66))
            guard Hex.bytes(hash)?.count == 32, text.dropFirst(64).hasPrefix("  "), Self.isSafe(path),
                entries.last.map({ $0.path < path }) ?? true
            else { throw Self.malformed(index + 1) }
            entries.append((path, hash))
        }
        self.entries = entries
    }

    var bytes: [UInt8] { Array(self.entries.map { "\($0.hash)  \($0.path)\n" }.joined().utf8) }

    static func hash(_ bytes: [UInt8]) -> String { Hex.text(SHA256.hash(data: bytes)) }

    /// A path inside the package, and nothing a shell or another system reads otherwise.
    static func isSafe(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return !parts.isEmpty
            && parts.allSatisfy { part in
                !part.isEmpty && !part.hasPrefix(".") && part.utf8.count <= 200
                    && part.utf8.allSatisfy { byte in
                        switch byte {
                        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
                            UInt8(ascii: "_"):
                            true
                        default: false
                        }
                    }
            }
    }

    private static func malformed(_ line: Int) -> EvidenceError {
        EvidenceError(
            .otherFiles, at: PackageLayout.manifest, zh: "第 \(line) 行不是清单的格式",
            en: "line \(line) is no line of a manifest"
        )
    }
}

/// One file of a package.
package struct PackageFile: Sendable, Hashable {
    /// Relative, with `/`.
    package var path: String
    package var bytes: [UInt8]

    package init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }

    init(_ path: String, _ text: String) {
        self.init(path: path, bytes: Array(text.utf8))
    }

    init(_ path: String, _ bytes: [UInt8]) {
        self.init(path: path, bytes: bytes)
    }
}
