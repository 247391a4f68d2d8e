import Chronology
import Console
import Foundation
import Glibc
import Safety

/// The folder of the monthly reports: both reports of a month in both forms.
struct ReportFolder {
    let path: String

    /// What one month has, in the order in which it is made.
    static let wanted = SafetyReport.allCases.flatMap { report in
        SafetyReport.Format.allCases.map { (report: report, format: $0) }
    }

    private func path(of report: SafetyReport, _ format: SafetyReport.Format, _ month: CivilDate) -> String {
        self.path + "/" + report.fileName(month: month, format: format)
    }

    /// Whether nothing of the month is missing.
    func holds(_ month: CivilDate) -> Bool {
        Self.wanted.allSatisfy {
            FileManager.default.fileExists(atPath: self.path(of: $0.report, $0.format, month))
        }
    }

    /// Writes what is missing of the month; what is there stays, as somebody may have signed and sent it.
    /// - Parameter replaces: writes all of it anew.
    /// - Returns: the files written.
    func write(_ overview: SafetyOverview, replaces: Bool = false) throws -> [String] {
        do {
            try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: true)
        } catch {
            throw Failure("reports \(self.path): 无法建立文件夹 / the folder cannot be made: \(Self.reason)")
        }
        var written: [String] = []
        for (report, format) in Self.wanted {
            let path = self.path(of: report, format, overview.monthFrom)
            if !replaces, FileManager.default.fileExists(atPath: path) { continue }
            let bytes = report.bytes(overview, format: format)
            guard !bytes.isEmpty else { throw Failure("\(path): 无法生成 / cannot be made: out of memory") }
            try Self.put(bytes, at: path)
            written.append(path)
        }
        return written
    }

    /// A file that is there is whole: it gets its name when all of it is written.
    static func put(_ bytes: [UInt8], at path: String) throws {
        let part = "\(path).part-\(getpid())"
        do {
            try Data(bytes).write(to: URL(fileURLWithPath: part))
        } catch {
            throw Failure("\(path): 无法写入 / cannot be written: \(Self.reason)")
        }
        guard rename(part, path) == 0 else {
            let reason = Self.reason
            unlink(part)
            throw Failure("\(path): 无法写入 / cannot be written: \(reason)")
        }
    }

    private static var reason: String { String(cString: strerror(errno)) }
}
