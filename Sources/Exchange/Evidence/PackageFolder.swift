import Foundation

/// A package as a folder on disk.
package enum PackageFolder {
    /// Writes into a new folder beside and renames it, so that no half package ever stands under the name.
    package static func write(_ files: [PackageFile], to path: String) throws(EvidenceError) {
        let manager = FileManager.default
        let isFolder = try Self.requireNew(path)
        let target = URL(fileURLWithPath: path)
        let draft = target.deletingLastPathComponent().appendingPathComponent(".\(target.lastPathComponent).partial")
        do {
            try? manager.removeItem(at: draft)
            for file in files {
                let place = draft.appendingPathComponent(file.path)
                // Raw messages are sensitive: nobody else on this machine reads them.
                try manager.createDirectory(
                    at: place.deletingLastPathComponent(), withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700])
                try Data(file.bytes).write(to: place)
                try manager.setAttributes([.posixPermissions: 0o600], ofItemAtPath: place.path)
            }
            if isFolder { try manager.removeItem(at: target) }
            try manager.moveItem(at: draft, to: target)
        } catch {
            try? manager.removeItem(at: draft)
            let cause = (error as NSError).localizedDescription
            throw EvidenceError(
                .unreadable, at: path, zh: "写不了（\(cause)），请检查权限与磁盘空间",
                en: "cannot be written (\(cause)): check rights and the disk's space")
        }
    }

    /// Throws where a package could not be written because something stands there; before one is made and noted.
    /// - Returns: whether there is an empty folder, which the package replaces.
    @discardableResult
    package static func requireNew(_ path: String) throws(EvidenceError) -> Bool {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return false }
        guard isFolder.boolValue, (try? FileManager.default.contentsOfDirectory(atPath: path))?.isEmpty == true else {
            throw EvidenceError(
                .unreadable, at: path, zh: "已存在且非空：请给一个新文件夹", en: "exists and is not empty: name a new folder")
        }
        return true
    }

    /// Every regular file below the folder, in order of their paths. Anything else — a link, a device, an empty
    /// folder — has no place in a package and is said.
    package static func read(_ path: String) throws(EvidenceError) -> [PackageFile] {
        var files: [PackageFile] = []
        var left = EvidencePackage.byteLimit * 4
        try Self.read(path, "", into: &files, left: &left)
        return files.sorted { $0.path < $1.path }
    }

    private static func read(
        _ root: String, _ folder: String, into files: inout [PackageFile], left: inout Int
    ) throws(EvidenceError) {
        let full = folder.isEmpty ? root : root + "/" + folder
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: full) else {
            throw EvidenceError(.unreadable, at: full, zh: "不是可读的文件夹", en: "not a folder that can be read")
        }
        if names.isEmpty, !folder.isEmpty {
            throw EvidenceError(.otherFiles, at: folder + "/", zh: "清单之外的文件夹", en: "a folder beside the manifest")
        }
        for name in names.sorted() {
            let path = folder.isEmpty ? name : folder + "/" + name
            let attributes = try? FileManager.default.attributesOfItem(atPath: root + "/" + path)
            switch attributes?[.type] as? FileAttributeType {
            case .typeDirectory: try Self.read(root, path, into: &files, left: &left)
            case .typeRegular:
                left -= (attributes?[.size] as? Int) ?? 0
                guard left >= 0 else {
                    throw EvidenceError(.tooLarge, at: path, zh: "文件夹过大", en: "the folder is too large")
                }
                guard let bytes = FileManager.default.contents(atPath: root + "/" + path) else {
                    throw EvidenceError(.unreadable, at: path, zh: "读不了", en: "cannot be read")
                }
                files.append(PackageFile(path: path, bytes: Array(bytes)))
            default:
                throw EvidenceError(.otherFiles, at: path, zh: "不是普通文件", en: "not a regular file")
            }
        }
    }
}
