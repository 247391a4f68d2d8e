import CPostgres
import Glibc

/// One `PGconn`, owned and used by one thread at a time: every call blocks. Async code goes through
/// `PostgresWorker`; a thread of its own (a lane, the analysis) may use it directly.
package final class PostgresConnection {
    private let pointer: OpaquePointer
    private var prepared: Set<String> = []

    /// Connects. `url` is a connection URI or a libpq keyword string; `application` shows in `pg_stat_activity`.
    /// - Parameter connectTimeoutSeconds: holds unless the address names its own.
    package init(url: String, application: String, connectTimeoutSeconds: Int = 10) throws(PostgresError) {
        let opening = try ConnectionOpening(url: url, application: application, timeoutSeconds: connectTimeoutSeconds)
        self.pointer = try opening.open()
    }

    deinit {
        PQfinish(self.pointer)
    }

    package var isBroken: Bool { PQstatus(self.pointer) != CONNECTION_OK }

    /// Runs one or more statements without parameters (migrations, BEGIN, COMMIT).
    package func execute(_ sql: String, name: String? = nil) throws(PostgresError) {
        _ = try self.checked(PQexec(self.pointer, sql), name: name ?? String(sql.prefix(40)))
    }

    /// Runs a statement with bound values; it is prepared on first use.
    @discardableResult
    package func query(
        _ query: NamedQuery, _ values: [PostgresValue] = [], binaryResult: Bool = false
    ) throws(PostgresError) -> QueryResult {
        try self.prepare(query)
        let raw = values.withParameters { pointers, lengths, formats in
            PQexecPrepared(
                self.pointer, query.name, CInt(values.count), pointers, lengths, formats, binaryResult ? 1 : 0)
        }
        return try self.checked(raw, name: query.name)
    }

    /// Sends `buffer` through a `COPY … FROM STDIN (FORMAT binary)` statement. `meanwhile` runs once all has been sent,
    /// while the server is still taking the rows in.
    package func copy(
        _ query: NamedQuery, _ buffer: borrowing CopyBuffer, meanwhile: () -> Void = {}
    ) throws(PostgresError) {
        try self.beginCopy(query)
        try self.send(buffer, of: query)
        try self.endCopy(query, meanwhile: meanwhile)
    }

    /// Begins a `COPY … FROM STDIN (FORMAT binary)` in pieces. Until `endCopy` or `cancelCopy` nothing else may run.
    package func beginCopy(_ query: NamedQuery) throws(PostgresError) {
        let start = try self.checked(PQexec(self.pointer, query.sql), name: query.name)
        guard start.status == PGRES_COPY_IN else {
            throw PostgresError(.unexpectedResult, message: "not a COPY FROM STDIN statement", query: query.name)
        }
    }

    /// Sends a piece; the server takes its rows in while we go on. A row that it refuses shows at the end.
    package func send(_ buffer: borrowing CopyBuffer, of query: NamedQuery) throws(PostgresError) {
        guard self.put(buffer.bytes) else { throw self.lost(query.name) }
    }

    /// Ends the COPY with all rows.
    package func endCopy(_ query: NamedQuery, meanwhile: () -> Void = {}) throws(PostgresError) {
        let sent = self.put(CopyBuffer.trailer[...])
        let ended = PQputCopyEnd(self.pointer, sent ? nil : "the client could not send all rows")
        meanwhile()
        let failure = self.endOfCopy()
        if var failure {
            failure.query = query.name
            throw self.isBroken ? self.lost(query.name) : failure
        }
        guard sent, ended == 1 else { throw self.lost(query.name) }
    }

    /// Gives the COPY up, and with it the transaction that it is part of: only a rollback may follow.
    package func cancelCopy() {
        PQputCopyEnd(self.pointer, "given up")
        _ = self.endOfCopy()
    }

    private func endOfCopy() -> PostgresError? {
        var failure: PostgresError?
        while let raw = PQgetResult(self.pointer) {
            let result = QueryResult(takingOwnership: raw)
            if result.status != PGRES_COMMAND_OK, failure == nil { failure = result.error }
        }
        return failure
    }

    private func put(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.withUnsafeBytes { all in
            var rest = all[...]
            while !rest.isEmpty {
                let chunk = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 16))
                let start = chunk.baseAddress?.assumingMemoryBound(to: CChar.self)
                guard PQputCopyData(self.pointer, start, CInt(chunk.count)) == 1 else { return false }
                rest = rest.dropFirst(chunk.count)
            }
            return true
        }
    }

    /// Runs `body` between BEGIN and COMMIT; rolls back when it throws.
    package func transaction<R>(_ body: () throws -> R) throws -> R {
        try self.execute("BEGIN", name: "begin")
        let value: R
        do {
            value = try body()
        } catch {
            try? self.execute("ROLLBACK", name: "rollback")
            throw error
        }
        try self.execute("COMMIT", name: "commit")
        return value
    }

    /// Waits up to `milliseconds` for notifications on channels that were `LISTEN`ed to; returns the channels' names
    /// and payloads, or nothing when the time is up.
    package func notifications(waitingUpTo milliseconds: Int32) throws(PostgresError) -> [(
        channel: String, payload: String
    )] {
        var found = self.takeNotifications()
        guard found.isEmpty else { return found }
        var descriptor = pollfd(fd: PQsocket(self.pointer), events: Int16(POLLIN), revents: 0)
        _ = poll(&descriptor, 1, milliseconds)
        guard PQconsumeInput(self.pointer) == 1 else { throw self.lost("notifications") }
        found = self.takeNotifications()
        return found
    }

    private func takeNotifications() -> [(channel: String, payload: String)] {
        var found: [(channel: String, payload: String)] = []
        while let notification = PQnotifies(self.pointer) {
            found.append((String(cString: notification.pointee.relname), String(cString: notification.pointee.extra)))
            PQfreemem(notification)
        }
        return found
    }

    private func prepare(_ query: NamedQuery) throws(PostgresError) {
        guard !self.prepared.contains(query.name) else { return }
        _ = try self.checked(PQprepare(self.pointer, query.name, query.sql, 0, nil), name: query.name)
        self.prepared.insert(query.name)
    }

    private func checked(_ raw: OpaquePointer?, name: String) throws(PostgresError) -> QueryResult {
        guard let raw else { throw self.lost(name) }
        let result = QueryResult(takingOwnership: raw)
        switch result.status {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_COPY_IN, PGRES_EMPTY_QUERY:
            return result
        default:
            if self.isBroken { throw self.lost(name) }
            var error = result.error
            error.query = name
            throw error
        }
    }

    private func lost(_ name: String) -> PostgresError {
        PostgresError(.connectionLost, message: String(cString: PQerrorMessage(self.pointer)), query: name)
    }
}
