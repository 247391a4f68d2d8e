import Foundation
package import Glibc

/// Looks into /proc.
package enum ProcessTable {
    /// The processes whose working directory is `folder` or lies in it, as far as this user may know: servers of an
    /// owner that was killed a moment ago and that are still about to end.
    package static func processes(workingIn folder: String) -> [pid_t] {
        let files = FileManager.default
        let root = resolved(folder)
        guard let entries = try? files.contentsOfDirectory(atPath: "/proc") else { return [] }
        return entries.compactMap { pid_t($0) }.filter { pid in
            guard pid != getpid(), let path = try? files.destinationOfSymbolicLink(atPath: "/proc/\(pid)/cwd") else {
                return false
            }
            return path == root || path.hasPrefix(root + "/")
        }
    }

    /// The path without symbolic links, as the kernel shows it. Unchanged where it does not exist.
    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }
}
