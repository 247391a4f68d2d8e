import Foundation
import Glibc

/// The right to work in a folder: an exclusive lock on a file in it, with the owner's pid inside. The kernel gives it
/// back when the owner ends in whatever way, so it is never stale.
package final class FolderLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock on `folder`/`name`; the folder must exist.
    ///
    /// Errors: `folderInUse` naming the owner, `notAllowed` when the file cannot be opened.
    package init(folder: String, name: String = "lock") throws(LocalServerError) {
        let path = "\(folder)/\(name)"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .cannotWrite(path, errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let owner = Self.content(of: descriptor)
            close(descriptor)
            throw LocalServerError(
                .folderInUse, chinese: "文件夹 \(folder) 正被进程 \(owner) 使用，请先停止它或另选文件夹",
                english: "folder \(folder) is in use by process \(owner): stop that one or choose another folder")
        }
        let text = "\(getpid())\n"
        // The pid is only for the other one's message; the lock holds without it (on a full disk, say).
        _ = ftruncate(descriptor, 0)
        _ = pwrite(descriptor, text, text.utf8.count, 0)
        self.descriptor = descriptor
    }

    deinit {
        // Closing alone would not do: a child that another thread is just spawning holds the file open until it becomes
        // its program, and the lock with it.
        flock(self.descriptor, LOCK_UN)
        close(self.descriptor)
    }

    private static func content(of descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = max(0, pread(descriptor, &bytes, bytes.count, 0))
        let text = String(decoding: bytes[..<count], as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        return text.isEmpty ? "?" : text
    }
}
