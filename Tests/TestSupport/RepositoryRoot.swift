package import Foundation

/// The folder of the repository: the nearest one above this file that holds `Package.swift`.
package enum RepositoryRoot {
    /// Nil when the sources are not where they were compiled.
    package static let url: URL? = {
        var folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        while folder.path != "/" {
            let manifest = folder.appendingPathComponent("Package.swift").path
            if FileManager.default.fileExists(atPath: manifest) { return folder }
            folder = folder.deletingLastPathComponent()
        }
        return nil
    }()
}

/// Data that lies beside the repository, in `../shared/data`, and is not part of it.
package enum SharedData {
    /// The file of that name below `shared/data`, such as `athens/trucks-2002-09-13.csv`; nil where there is none. A
    /// test that needs one is `.enabled(if: SharedData.url(…) != nil)`.
    package static func url(_ path: String) -> URL? {
        guard let root = RepositoryRoot.url else { return nil }
        let file = root.deletingLastPathComponent().appendingPathComponent("shared/data").appendingPathComponent(path)
        return FileManager.default.fileExists(atPath: file.path) ? file : nil
    }
}
