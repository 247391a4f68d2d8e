import Foundation
import Testing

/// A target imports the rooms that its row of Package.swift names, and no others (`Sources/README.md`). SwiftPM itself
/// is given all on which a target stands, through others, too (`Package.closeArrows`), so that it cannot tell.
struct ArrowTests {
    private struct Manifest: Decodable {
        var targets: [Target]

        struct Target: Decodable {
            var name: String
            var path: String?
            var dependencies: [Dependency]
        }

        struct Dependency: Decodable {
            var byName: [String?]?
        }
    }

    /// The rows as they are drawn.
    private static func manifest() throws -> Manifest {
        let folder = FileManager.default.temporaryDirectory.appending(path: "arrows-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let output = folder.appending(path: "manifest.json")
        #expect(FileManager.default.createFile(atPath: output.path, contents: nil))
        let process = Process()
        var environment = ProcessInfo.processInfo.environment
        environment["TONGXING_ARROWS"] = "drawn"
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            environment["SWIFT"] ?? "swift", "package", "--package-path", Tree.root.path, "--scratch-path", folder.path,
            "dump-package",
        ]
        process.environment = environment
        let handle = try FileHandle(forWritingTo: output)
        process.standardOutput = handle
        try process.run()
        process.waitUntilExit()
        try handle.close()
        #expect(process.terminationStatus == 0)
        return try JSONDecoder().decode(Manifest.self, from: Data(contentsOf: output))
    }

    @Test func importsFollowTheArrows() throws {
        let targets = try Self.manifest().targets
        let rooms = Set(targets.map(\.name))
        #expect(rooms.contains("Tracks") && rooms.contains("TidyTests"))
        let importing = #/^\s*(?:@\w+\s+)*(?:(?:package|public|internal|private)\s+)?import\s+(?:\w+\s+)?(\w+)/#
        for target in targets {
            guard let path = target.path else { continue }
            let drawn = Set(target.dependencies.compactMap { $0.byName?.first ?? nil })
            for file in Tree.sources + Tree.tests where file.path.hasPrefix(path + "/") {
                let found = file.complaints("import without an arrow in Package.swift") { line in
                    guard let name = line.firstMatch(of: importing)?.output.1 else { return false }
                    return rooms.contains(String(name)) && !drawn.contains(String(name)) && target.name != name
                }
                expectNone(found)
            }
        }
    }
}
