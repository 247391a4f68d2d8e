import Foundation
import Glibc
import Supervision
import Synchronization

/// A folder below /tmp that a small shell removes when this process has ended, in whatever way, and no server works in
/// it any more.
final class TestFolder: Sendable {
    let path: String
    private let lifeline: LifelinePipe
    private let count = Atomic(0)

    init() throws {
        var template = Array("/tmp/tongxing-tests-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        self.path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // Servers run as another user when the tests run as root; they must be able to reach their folders.
        chmod(self.path, 0o711)
        self.lifeline = try LifelinePipe()
        var janitor = Spawn(
            program: "/bin/sh", arguments: ["-c", Self.script, "janitor", self.path],
            environment: ["PATH": "/usr/bin:/bin"])
        janitor.input = .descriptor(self.lifeline.readingEnd)
        janitor.output = .discarded
        janitor.placement = .ownSession
        _ = try janitor.start()
    }

    /// The path of a new folder in it, open to its owner alone once a server has taken it over.
    func newSubfolder(_ name: String) throws -> String {
        let number = self.count.wrappingAdd(1, ordering: .relaxed).newValue
        let path = "\(self.path)/\(name)-\(number)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        return path
    }

    private static let script = """
        while read -r line; do :; done
        tenths=300
        while [ "$tenths" -gt 0 ] && ls -l /proc/[0-9]*/cwd 2>/dev/null | grep -qF -- " -> $1/"; do
            sleep 0.1
            tenths=$((tenths - 1))
        done
        rm -rf -- "$1"
        """
}
