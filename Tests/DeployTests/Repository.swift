import Foundation

/// The folder that holds Package.swift, found from where this file was compiled.
enum Repository {
    static let root: URL = {
        var folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        while folder.path != "/" {
            if FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path) { return folder }
            folder.deleteLastPathComponent()
        }
        preconditionFailure("No Package.swift above \(#filePath)")
    }()

    static func file(_ path: String) -> URL { self.root.appending(path: path) }

    static func text(_ path: String) throws -> String {
        try String(contentsOf: self.file(path), encoding: .utf8)
    }
}

/// A folder of a test's own, removed when its owner goes.
final class Folder: Sendable {
    let url: URL

    init() throws {
        self.url = FileManager.default.temporaryDirectory.appending(path: "tongxing-deploy-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: self.url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: self.url) }

    func file(_ name: String) -> URL { self.url.appending(path: name) }

    @discardableResult
    func write(_ text: String, to name: String) throws -> URL {
        let file = self.file(name)
        try Data(text.utf8).write(to: file)
        return file
    }
}
