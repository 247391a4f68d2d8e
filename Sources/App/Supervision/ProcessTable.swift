import Foundation
package import Glibc

/// Looks into /proc.
package enum ProcessTable {
    /// The processes whose working directory is `folder` or lies in it, as far as this user may know: servers of an
    /// owner that was killed a moment ago and that are still about to end. With `name`, only those whose program is
    /// called so, and not the shell of a person who looks around there.
    package static func processes(workingIn folder: String, named name: String? = nil) -> [pid_t] {
        let files = FileManager.default
        let root = resolved(folder)
        guard let entries = try? files.contentsOfDirectory(atPath: "/proc") else { return [] }
        return entries.compactMap { pid_t($0) }.filter { pid in
            guard pid != getpid(), let path = try? files.destinationOfSymbolicLink(atPath: "/proc/\(pid)/cwd") else {
                return false
            }
            guard path == root || path.hasPrefix(root + "/") else { return false }
            guard let name else { return true }
            return (try? String(contentsOfFile: "/proc/\(pid)/comm", encoding: .utf8)) == name + "\n"
        }
    }

    /// The path without symbolic links, as the kernel shows it. Unchanged where it does not exist.
    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }
}
