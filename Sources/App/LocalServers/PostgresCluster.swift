import Foundation
import Glibc
package import Supervision

/// A PostgreSQL cluster of our own in a folder: made on the first start, listening on 127.0.0.1 only, with a generated
/// password (`postgres.password`, SCRAM). It ends when its owner ends, in whatever way (`Keeper`).
///
/// In the folder: `data/`, `postgres.log`, `initdb.log`, `postgres.password`, `lock`.
package actor PostgresCluster {
    /// The server's folder, absolute.
    package nonisolated let folder: String
    package nonisolated let port: UInt16
    private let tuning: PostgresTuning
    private let files: ServerFolder
    private let executor = ServerExecutor(label: "postgres-cluster")
    private var lock: FolderLock?
    private var server: KeptProgram?
    private var programs: PostgresPrograms?
    /// How to get in; nil before the first start.
    package private(set) var endpoint: PostgresEndpoint?

    package nonisolated var unownedExecutor: UnownedSerialExecutor { self.executor.asUnownedSerialExecutor() }

    /// Describes a cluster; touches nothing yet.
    ///
    /// - Parameters:
    ///   - folder: made when missing; its parents must be open to `account`.
    ///   - port: to listen on, at 127.0.0.1.
    ///   - tuning: what the cluster is for.
    ///   - account: runs the server, because PostgreSQL refuses to run as root. Needed, and possible, only for root.
    package init(
        folder: String, port: UInt16, tuning: PostgresTuning = .ingestion,
        account: SystemAccount? = Privileges.isRoot ? .unprivileged() : nil
    ) {
        self.files = ServerFolder(folder, account: account)
        self.folder = self.files.path
        self.port = port
        self.tuning = tuning
    }

    /// The server's pid while it runs.
    package var pid: Int32? { self.isRunning ? self.server?.pid : nil }

    package var isRunning: Bool { self.server.map { $0.end == nil } ?? false }

    /// Starts the server and returns when it takes connections. Does nothing when it runs already; starts it again when
    /// it has died. The first start makes the cluster (about two seconds).
    ///
    /// Errors: `folderInUse`, `portTaken`, `programMissing`, `diskFull`, `notAllowed`, `failedToStart` with the
    /// server's own words, `timedOut` when it is not ready within `timeout` (a recovery after a crash may take long).
    @discardableResult
    package func start(timeout: Duration = .seconds(120)) throws(LocalServerError) -> PostgresEndpoint {
        if let endpoint, self.isRunning { return endpoint }
        try self.files.create()
        if self.lock == nil { self.lock = try FolderLock(folder: self.folder) }
        do {
            try self.files.awaitLeftovers(of: "postgres", patience: .seconds(20))
            try requireFree(self.port)
            let programs = try PostgresPrograms.find(version: self.version)
            let password = try self.password()
            if self.version == nil { try self.initialise(with: programs) }
            try self.launch(programs, timeout: timeout)
            let endpoint = PostgresEndpoint(port: self.port, user: Self.user, password: password)
            self.programs = programs
            self.endpoint = endpoint
            return endpoint
        } catch {
            self.lock = nil
            throw error
        }
    }

    /// Ends the server in good order (fast shutdown: clients are sent away, everything is written) and gives the folder
    /// back. Does nothing when it does not run.
    ///
    /// Errors: `timedOut` when it still runs after its grace; it has been told to end all the same.
    package func stop() throws(LocalServerError) {
        defer { self.lock = nil }
        guard let server else { return }
        server.stop()
        self.server = nil
        guard server.blockUntilEnd(timeout: Self.grace + .seconds(10)) != nil else {
            throw LocalServerError(
                .timedOut, chinese: "PostgreSQL（进程 \(server.pid)）未能按时停止",
                english: "PostgreSQL (process \(server.pid)) did not stop in time")
        }
    }

    /// Kills the server as `kill -9` does, and returns when none of its processes is left. For fault tests; `start`
    /// brings it back.
    package func kill() throws(LocalServerError) {
        guard let server else { return }
        server.send(signal: SIGKILL)
        _ = server.blockUntilEnd(timeout: .seconds(10))
        self.server = nil
        try self.files.awaitLeftovers(of: "postgres", patience: .seconds(20))
    }

    /// Runs one statement as superuser through `psql` and returns its rows, columns separated by `|`.
    ///
    /// Errors: `notRunning`, `refused` with the server's words.
    @discardableResult
    package func execute(_ sql: String, database: String = "postgres") throws(LocalServerError) -> String {
        guard let endpoint, let programs, self.isRunning else {
            throw LocalServerError(.notRunning, chinese: "PostgreSQL 未运行", english: "PostgreSQL is not running")
        }
        var environment = Self.environment
        environment["PGPASSWORD"] = endpoint.password
        environment["PGCONNECT_TIMEOUT"] = "10"
        let place = ["-h", "127.0.0.1", "-p", "\(endpoint.port)", "-U", endpoint.user, "-d", database]
        let manner = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
        let psql = Spawn(program: programs.psql, arguments: manner + place + ["-c", sql], environment: environment)
        let (end, output) = try run(psql)
        guard end.isSuccess else {
            let reason = complaint(in: output)
            throw LocalServerError(.refused, chinese: "PostgreSQL 拒绝：\(reason)", english: "PostgreSQL said: \(reason)")
        }
        return output.trimmingCharacters(in: .newlines)
    }

    /// Makes a database unless it exists, as a copy of `template` (PostgreSQL's own empty one by default).
    ///
    /// Errors: as `execute`.
    package func ensureDatabase(_ name: String, template: String = "template1") throws(LocalServerError) {
        let literal = name.replacingOccurrences(of: "'", with: "''")
        let found = try self.execute("SELECT 1 FROM pg_database WHERE datname = '\(literal)'")
        if found.isEmpty { try self.execute("CREATE DATABASE \(quoted(name)) TEMPLATE \(quoted(template))") }
    }

    // MARK: - Starting

    private static let user = "tongxing"
    private static let grace: Duration = .seconds(30)
    /// The whole environment of PostgreSQL's programs: no PG… variable of the caller reaches them, messages are
    /// English.
    private static let environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]

    private var data: String { self.folder + "/data" }

    /// The major version that made the data; nil when there is none yet.
    private var version: Int? {
        self.files.read("data/PG_VERSION").flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    private func password() throws(LocalServerError) -> String {
        let name = "postgres.password"
        if let known = self.files.read(name)?.trimmingCharacters(in: .whitespacesAndNewlines), !known.isEmpty {
            return known
        }
        var generator = SystemRandomNumberGenerator()
        let alphabet = Array("abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789")
        let password = String((0..<32).compactMap { _ in alphabet.randomElement(using: &generator) })
        try self.files.write(password + "\n", to: name)
        return password
    }

    /// Makes the cluster beside its place and moves it there when complete, so that an interrupted attempt leaves
    /// nothing that looks like a cluster.
    private func initialise(with programs: PostgresPrograms) throws(LocalServerError) {
        try self.files.requireSpace(400 << 20)
        let fresh = self.folder + "/data.new"
        try? FileManager.default.removeItem(atPath: fresh)
        try? FileManager.default.removeItem(atPath: self.folder + "/initdb.log")
        var arguments = ["--pgdata=\(fresh)", "--username=\(Self.user)", "--encoding=UTF8", "--locale=C.UTF-8"]
        arguments += ["--auth=scram-sha-256", "--pwfile=\(self.folder)/postgres.password"]
        if self.tuning == .fastForTests { arguments.append("--no-sync") }
        let initdb = try self.keep(
            programs.initdb, arguments, folder: self.folder, log: "initdb.log", signal: .terminate)
        let end = initdb.blockUntilEnd(timeout: .seconds(300))
        guard end?.isSuccess == true, rename(fresh, self.data) == 0 else {
            throw self.failure(of: "initdb", log: "initdb.log", from: 0)
        }
    }

    private func launch(_ programs: PostgresPrograms, timeout: Duration) throws(LocalServerError) {
        try self.files.requireSpace(64 << 20)
        // No PostgreSQL works in the folder (see `start`), so whatever pid the file names, it is not a postmaster's;
        // another process may have got that pid since, and PostgreSQL would then refuse to start.
        unlink(self.data + "/postmaster.pid")
        self.files.rotate(log: "postgres.log")
        let offset = self.files.length(ofLog: "postgres.log")
        let settings = self.tuning.settings(port: self.port).flatMap { ["-c", $0] }
        let server = try self.keep(
            programs.postgres, ["-D", self.data] + settings, folder: self.data, log: "postgres.log",
            signal: .interrupt)
        let settled = blockUntil(timeout: timeout) { server.end != nil || self.isReady(server.pid) }
        guard settled, server.end == nil else {
            server.stop()
            guard settled else {
                throw LocalServerError(
                    .timedOut, chinese: "PostgreSQL 未能及时就绪，见 \(self.folder)/postgres.log",
                    english: "PostgreSQL was not ready in time, see \(self.folder)/postgres.log")
            }
            throw self.failure(of: "PostgreSQL", log: "postgres.log", from: offset)
        }
        self.server = server
    }

    /// The postmaster writes its pid into line 1 and its state into line 8 of this file (miscadmin.h: LOCK_FILE_LINE…).
    private func isReady(_ pid: Int32) -> Bool {
        let lines =
            self.files.read("data/postmaster.pid")?.split(separator: "\n", omittingEmptySubsequences: false) ?? []
        return lines.count >= 8 && lines[0] == "\(pid)" && lines[7].hasPrefix("ready")
    }

    private func keep(
        _ program: String, _ arguments: [String], folder: String, log: String, signal: Keeper.GracefulSignal
    ) throws(LocalServerError) -> KeptProgram {
        let keeper = Keeper(
            program: program, arguments: arguments, environment: Self.environment, folder: folder,
            log: "\(self.folder)/\(log)", gracefulSignal: signal, grace: Self.grace, account: self.files.account)
        do {
            return try keeper.start()
        } catch {
            throw LocalServerError(.failedToStart, error)
        }
    }

    private func failure(of program: String, log: String, from offset: UInt64) -> LocalServerError {
        startFailure(
            of: program, port: self.port, output: self.files.tail(ofLog: log, from: offset),
            log: "\(self.folder)/\(log)")
    }
}

/// A name as an SQL identifier.
private func quoted(_ name: String) -> String {
    "\"" + name.replacingOccurrences(of: "\"", with: "\"\"") + "\""
}
