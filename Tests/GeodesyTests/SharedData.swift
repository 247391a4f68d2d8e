import Foundation

/// Test data that lies beside the repository and may be absent: `../shared/data` of the folder with `Package.swift`.
enum SharedData {
    static let folder: URL? = {
        var folder = URL(filePath: #filePath).deletingLastPathComponent()
        while folder.path != "/" {
            if FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path) {
                let data = folder.deletingLastPathComponent().appending(path: "shared/data")
                return FileManager.default.fileExists(atPath: data.path) ? data : nil
            }
            folder.deleteLastPathComponent()
        }
        return nil
    }()

    static func file(_ path: String) -> URL? {
        guard let file = self.folder?.appending(path: path), FileManager.default.fileExists(atPath: file.path) else {
            return nil
        }
        return file
    }
}
