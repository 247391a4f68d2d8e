import Foundation
import Glibc
package import Supervision

/// A mosquitto of our own in a folder, listening on 127.0.0.1 only. It ends when its owner ends, in whatever way
/// (`Keeper`).
///
/// Started by root it runs as the same unprivileged account as the database, not as mosquitto's own user: one rule for
/// both servers, and one owner for everything in the folder.
///
/// In the folder: `mosquitto.conf` (written at each start), `mosquitto.db`, `mosquitto.log`, `lock`.
package actor MosquittoBroker {
    /// The broker's folder, absolute.
    package nonisolated let folder: String
    package nonisolated let port: UInt16
    private let profile: String
    private let files: ServerFolder
    private let executor = ServerExecutor(label: "mosquitto-broker")
    private var lock: FolderLock?
    private var server: KeptProgram?

    package nonisolated var unownedExecutor: UnownedSerialExecutor { self.executor.asUnownedSerialExecutor() }

    /// The broker's address.
    package nonisolated var url: String { "mqtt://127.0.0.1:\(self.port)" }

    /// Describes a broker; touches nothing yet.
    ///
    /// - Parameters:
    ///   - folder: made when missing; its parents must be open to `account`.
    ///   - port: to listen on, at 127.0.0.1.
    ///   - profile: the text of a `mosquitto.conf`; `MosquittoProfile` says what is replaced in it.
    ///   - account: runs the broker. Only root can choose one.
    package init(
        folder: String, port: UInt16, profile: String,
        account: SystemAccount? = Privileges.isRoot ? .unprivileged() : nil
    ) {
        self.files = ServerFolder(folder, account: account)
        self.folder = self.files.path
        self.port = port
        self.profile = profile
    }

    /// The broker's pid while it runs.
    package var pid: Int32? { self.isRunning ? self.server?.pid : nil }

    package var isRunning: Bool { self.server.map { $0.end == nil } ?? false }

    /// Starts the broker and returns when it takes connections. Does nothing when it runs already; starts it again when
    /// it has died.
    ///
    /// Errors: `folderInUse`, `portTaken`, `programMissing`, `diskFull`, `notAllowed`, `failedToStart` with mosquitto's
    /// own words, `timedOut`.
    package func start(timeout: Duration = .seconds(30)) throws(LocalServerError) {
        if self.isRunning { return }
        try self.files.create()
        if self.lock == nil { self.lock = try FolderLock(folder: self.folder) }
        do {
            try self.files.awaitLeftovers(of: "mosquitto", patience: .seconds(20))
            try requireFree(self.port)
            try self.files.requireSpace(16 << 20)
            try self.launch(Self.findProgram(), timeout: timeout)
        } catch {
            self.lock = nil
            throw error
        }
    }

    /// Ends the broker in good order (its queues are written to `mosquitto.db`) and gives the folder back. Does nothing
    /// when it does not run.
    ///
    /// Errors: `timedOut` when it still runs after its grace; it has been told to end all the same.
    package func stop() throws(LocalServerError) {
        defer { self.lock = nil }
        guard let server else { return }
        server.stop()
        self.server = nil
        guard server.blockUntilEnd(timeout: Self.grace + .seconds(10)) != nil else {
            throw LocalServerError(
                .timedOut, chinese: "mosquitto（进程 \(server.pid)）未能按时停止",
                english: "mosquitto (process \(server.pid)) did not stop in time")
        }
    }

    /// Kills the broker as `kill -9` does: what it had not saved is lost. For fault tests; `start` brings it back.
    package func kill() throws(LocalServerError) {
        guard let server else { return }
        server.send(signal: SIGKILL)
        _ = server.blockUntilEnd(timeout: .seconds(10))
        self.server = nil
        try self.files.awaitLeftovers(of: "mosquitto", patience: .seconds(20))
    }

    private static let grace: Duration = .seconds(20)

    private static func findProgram() throws(LocalServerError) -> String {
        let inPath = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        let candidates = ["/usr/sbin/mosquitto"] + inPath.map { "\($0)/mosquitto" }
        guard let program = candidates.first(where: { access($0, X_OK) == 0 }) else {
            throw LocalServerError(
                .programMissing, chinese: "未找到 mosquitto：sudo apt-get install mosquitto",
                english: "mosquitto was not found: sudo apt-get install mosquitto")
        }
        return program
    }

    private func launch(_ program: String, timeout: Duration) throws(LocalServerError) {
        let log = self.folder + "/mosquitto.log"
        let configuration = MosquittoProfile.adapted(self.profile, port: self.port, folder: self.folder)
        try self.files.write(configuration, to: "mosquitto.conf")
        self.files.rotate(log: "mosquitto.log")
        let offset = self.files.length(ofLog: "mosquitto.log")
        let keeper = Keeper(
            program: program, arguments: ["-c", self.folder + "/mosquitto.conf"],
            environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"], folder: self.folder, log: log,
            gracefulSignal: .terminate, grace: Self.grace, account: self.files.account)
        let server: KeptProgram
        do {
            server = try keeper.start()
        } catch {
            throw LocalServerError(.failedToStart, error)
        }
        let settled = blockUntil(timeout: timeout) { server.end != nil || LoopbackPort.accepts(self.port) }
        guard settled, server.end == nil else {
            server.stop()
            guard settled else {
                throw LocalServerError(
                    .timedOut, chinese: "mosquitto 未能及时就绪，见 \(log)",
                    english: "mosquitto was not ready in time, see \(log)")
            }
            throw startFailure(
                of: "mosquitto", port: self.port, output: self.files.tail(ofLog: "mosquitto.log", from: offset),
                log: log)
        }
        self.server = server
    }
}
