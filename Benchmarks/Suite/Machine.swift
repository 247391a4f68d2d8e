import Foundation

/// Where and with what the figures were taken.
struct Machine: Codable {
    var lines: [String]

    init() {
        let processor = Self.output("grep -m1 'model name' /proc/cpuinfo | cut -d: -f2")
        let memory = Self.output("awk '/MemTotal/ {printf \"%d MB\", $2 / 1024}' /proc/meminfo")
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
        self.lines = [
            "\(ProcessInfo.processInfo.processorCount) × \(processor), \(memory), "
                + Self.output(". /etc/os-release && echo $PRETTY_NAME, Linux $(uname -r)"),
            Self.output("swift --version 2>/dev/null | head -1"),
            Self.output("mosquitto -h | head -1") + ", PostgreSQL "
                + Self.output("$(ls -v /usr/lib/postgresql/*/bin/postgres | tail -1) --version | cut -d ' ' -f 3-")
                + ", PostGIS "
                + Self.output("dpkg-query -W -f '${Version}\\n' 'postgresql-*-postgis-3' | tail -1"),
            "commit " + Self.output("git -C '\(folder)' rev-parse --short HEAD") + ", "
                + Self.output("date -u +%Y-%m-%dT%H:%MZ"),
        ]
    }

    private static func output(_ command: String) -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return "?" }
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        return text.isEmpty ? "?" : text
    }
}
