import Foundation
import Glibc

/// CPU time and memory of other processes, out of /proc.
enum ProcessTimes {
    /// One line of /proc/PID/stat (proc(5)).
    private struct Entry {
        var parent: Int32
        /// utime + stime, and the same of the children it has waited for, in clock ticks.
        var own: Int
        var reaped: Int
    }

    /// Seconds of user and system time of a process and all that come from it, without `excluded`.
    static func seconds(ofTree root: Int32, without excluded: Set<Int32> = []) -> Double {
        let all = Self.all()
        var open = [root]
        var ticks = 0
        while let pid = open.popLast() {
            guard !excluded.contains(pid), let entry = all[pid] else { continue }
            ticks += entry.own + entry.reaped
            open += all.filter { $0.value.parent == pid }.map(\.key)
        }
        return Double(ticks) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// A field of /proc/PID/status in megabytes: `VmRSS` now, `VmHWM` the most there was.
    static func megabytes(_ field: String, of pid: Int32) -> Double {
        let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix(field + ":") }
        return line.flatMap { $0.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first }
            .flatMap { Double($0) }.map { $0 / 1024 } ?? .nan
    }

    private static func all() -> [Int32: Entry] {
        var found: [Int32: Entry] = [:]
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
            guard let pid = Int32(name),
                let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
                let end = stat.lastIndex(of: ")")
            else { continue }
            // From field 3 on: the name in field 2 may hold blanks.
            let fields = stat[stat.index(after: end)...].split(separator: " ")
            guard fields.count > 14, let parent = Int32(fields[1]), let user = Int(fields[11]),
                let system = Int(fields[12]), let childUser = Int(fields[13]), let childSystem = Int(fields[14])
            else { continue }
            found[pid] = Entry(parent: parent, own: user + system, reaped: childUser + childSystem)
        }
        return found
    }
}
