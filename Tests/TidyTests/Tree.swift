import Foundation

/// The repository as the rules see it: its files, and which room each belongs to.
enum Tree {
    /// The folder that holds Package.swift, found from where this file was compiled.
    static let root: URL = {
        var folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        while folder.path != "/" {
            if FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path) { return folder }
            folder.deleteLastPathComponent()
        }
        preconditionFailure("No Package.swift above \(#filePath)")
    }()

    /// Paths below the root of everything that is written by hand, sorted.
    static let paths: [String] = {
        let keys: [URLResourceKey] = [.isRegularFileKey]
        guard let walk = FileManager.default.enumerator(at: Self.root, includingPropertiesForKeys: keys) else {
            return []
        }
        var paths: [String] = []
        for case let url as URL in walk {
            let path = String(url.path.dropFirst(Self.root.path.count + 1))
            if Self.isForeign(path) {
                walk.skipDescendants()
            } else if (try? url.resourceValues(forKeys: Set(keys)))?.isRegularFile == true {
                paths.append(path)
            }
        }
        return paths.sorted()
    }()

    /// Those that hold text.
    static let texts = Self.paths.filter { path in !Self.binary.contains { path.hasSuffix($0) } }
    private static let binary = [".png", ".jpg", ".gz", ".zst", ".db", ".ico", ".woff2", ".webp"]

    static let sources = Self.swift(below: "Sources/")
    static let tests = Self.swift(below: "Tests/")
    static let benchmarks = Self.swift(below: "Benchmarks/")

    static func text(_ path: String) throws -> String {
        try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
    }

    private static func swift(below folder: String) -> [SwiftFile] {
        Self.paths.filter { $0.hasPrefix(folder) && $0.hasSuffix(".swift") }.compactMap { path in
            (try? Self.text(path)).map { SwiftFile(path: path, text: $0) }
        }
    }

    /// What tools made, and what git keeps for itself.
    private static func isForeign(_ path: String) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        return path == ".git" || name.hasPrefix(".build") || path.hasPrefix(".demo")
            || name == "__pycache__"
            || name == "Package.resolved" || name.hasSuffix(".profraw")
    }
}

extension SwiftFile {
    /// The room: `Sources/Model/Geodesy/Fence.swift` is in `Geodesy`, `Tests/GeodesyTests/…` in `GeodesyTests`.
    var target: String {
        let parts = self.path.split(separator: "/").map(String.init)
        if parts[0] == "Sources", parts.count > 3 { return parts[2] }
        return parts.count > 2 ? parts[1] : ""
    }

    /// The folder of rooms, `Model` or `Analysis`, of a file below Sources.
    var folder: String {
        let parts = self.path.split(separator: "/").map(String.init)
        return parts[0] == "Sources" && parts.count > 2 ? parts[1] : ""
    }

    /// Model and Analysis: no clock, no chance, no files, no network, no unsafe pointers.
    var isPure: Bool { ["Model", "Analysis"].contains(self.folder) }
}
