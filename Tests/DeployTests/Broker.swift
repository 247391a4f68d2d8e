import Foundation
import Glibc

/// mosquitto, started from the production files with certificates, passwords and ports made for the occasion.
///
/// It ends when the value goes, and also when the test process is killed: a shell between the two stops it as soon as
/// its standard input ends.
final class Broker {
    struct StartError: Error { var log: String }

    static let program = "/usr/sbin/mosquitto"
    static let passwords = [
        "T0001": "first truck's", "T0002": "second truck's", "13812345678": "phone's", "tongxing": "service's",
    ]

    /// `env` unblocks the signals: a process that is started from a thread of Swift's pool inherits its mask, in which
    /// SIGTERM is blocked.
    private static let keeper = #"""
        (exec env --default-signal sh -c 'echo "$$" >pid; exec "$@"' sh "$@") & child=$!
        cat >/dev/null
        kill "$child"
        wait "$child"
        """#

    let folder: Folder
    private(set) var terminalPort: UInt16 = 0
    private(set) var servicePort: UInt16 = 0
    private var process: Process?
    private var standardInput: Pipe?

    init() throws {
        self.folder = try Folder()
        let certificates = try run(
            Repository.file("deploy/mosquitto/make-test-certificates.sh").path, [self.folder.file("certs").path])
        guard certificates.status == 0 else { throw StartError(log: certificates.text) }
        for name in ["terminals.acl", "service.acl"] {
            try FileManager.default.copyItem(
                at: Repository.file("deploy/mosquitto/\(name)"), to: self.folder.file(name))
        }
        try self.makePasswords(for: ["T0001", "T0002", "13812345678"], in: "terminals.passwd")
        try self.makePasswords(for: ["tongxing"], in: "service.passwd")
        try self.start()
    }

    deinit { self.stop() }

    /// Starts on ports that were free a moment ago, and on others when somebody was quicker.
    private func start() throws {
        var log = ""
        for _ in 0..<5 {
            self.terminalPort = try freePort()
            self.servicePort = try freePort()
            log = try self.startOnce()
            if log.contains(" running") { return }
            self.stop()
        }
        throw StartError(log: log)
    }

    /// Starts again on the same ports: a session that waits knows its door by the port.
    func restart() throws {
        self.stop()
        let log = try self.startOnce()
        guard log.contains(" running") else { throw StartError(log: log) }
    }

    /// What the broker wrote until it ran, or until it said why it does not.
    private func startOnce() throws -> String {
        let configuration = try self.folder.write(self.configuration(), to: "mosquitto.conf")
        let process = Process()
        let input = Pipe()
        let output = Pipe()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", Self.keeper, "sh", Self.program, "-c", configuration.path]
        process.currentDirectoryURL = self.folder.url
        process.standardInput = input
        process.standardOutput = FileHandle.nullDevice
        process.standardError = output
        try process.run()
        self.process = process
        self.standardInput = input
        let log = readLog(from: output.fileHandleForReading) { $0.contains(" running") || $0.contains("Error") }
        // The pipe is emptied from here on, so that the broker never waits for somebody to read its log.
        output.fileHandleForReading.readabilityHandler = { handle in
            if handle.availableData.isEmpty { handle.readabilityHandler = nil }
        }
        return log
    }

    /// Reads passwords, rights and certificates again, as `systemctl reload mosquitto` does.
    func reload() throws {
        let text = try String(contentsOf: self.folder.file("pid"), encoding: .utf8)
        guard let pid = pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)), kill(pid, SIGHUP) == 0 else {
            throw StartError(log: "no process \(text)")
        }
    }

    /// Ends the broker as systemd would, by SIGTERM, and returns when it has saved its sessions.
    func stop() {
        try? self.standardInput?.fileHandleForWriting.close()
        self.process?.waitUntilExit()
        self.process = nil
        self.standardInput = nil
    }

    /// The shipped file with this folder and these ports in the place of the machine's; nothing else differs.
    private func configuration() throws -> String {
        var text = try Repository.text("deploy/mosquitto/mosquitto.conf")
        let replacements = [
            ("/etc/mosquitto/", self.folder.url.path + "/"), ("/var/lib/mosquitto/", self.folder.url.path + "/"),
            ("listener 8883\n", "listener \(self.terminalPort) 127.0.0.1\n"),
            ("listener 8884\n", "listener \(self.servicePort) 127.0.0.1\n"),
        ]
        for (shipped, tried) in replacements {
            guard text.contains(shipped) else { throw StartError(log: "mosquitto.conf has no \(shipped)") }
            text = text.replacing(shipped, with: tried)
        }
        // Started by root, mosquitto would become the user `mosquitto`, who may not read this folder.
        return geteuid() == 0 ? "user root\n" + text : text
    }

    func makePasswords(for names: [String], in file: String) throws {
        let lines = names.map { "\($0):\(Self.passwords[$0] ?? "")\n" }.joined()
        let url = try self.folder.write(lines, to: file)
        let outcome = try run("/usr/bin/mosquitto_passwd", ["-U", url.path])
        guard outcome.status == 0 else { throw StartError(log: outcome.text) }
    }
}

/// Reads lines until one of them says enough or the writer has gone.
private func readLog(from handle: FileHandle, until isEnough: (String) -> Bool) -> String {
    var log = ""
    while !isEnough(log) {
        let data = handle.availableData
        if data.isEmpty { break }
        log += String(decoding: data, as: UTF8.self)
    }
    return log
}

/// A port of the loopback address that was free a moment ago.
private func freePort() throws -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw Broker.StartError(log: "socket: \(String(cString: strerror(errno)))") }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
            bind(descriptor, generic, length) == 0 ? getsockname(descriptor, generic, &length) : -1
        }
    }
    guard status == 0 else { throw Broker.StartError(log: "bind: \(String(cString: strerror(errno)))") }
    return UInt16(bigEndian: address.sin_port)
}
