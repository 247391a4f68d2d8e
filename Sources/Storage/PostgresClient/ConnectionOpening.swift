import CPostgres
import Glibc

/// Makes a `PGconn`, and tells a server that refuses us from one that is not there: a wrong password is for a person to
/// mend, an absent server comes back. libpq keeps the SQLSTATE of a failed start to itself, except in verbose messages,
/// and verbosity can only be set between the start of connecting and its end.
struct ConnectionOpening {
    let url: String
    let application: String
    /// The address's own, where it names one.
    let timeoutSeconds: Int
    /// What the address itself says, by keyword.
    private let address: [String: String]

    init(url: String, application: String, timeoutSeconds: Int) throws(PostgresError) {
        self.url = url
        self.application = application
        self.address = try Self.parsed(url)
        let timeout = self.address["connect_timeout"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        self.timeoutSeconds = min(timeout ?? timeoutSeconds, 3600)
    }

    /// libpq takes the last value of a keyword: what stands before the address gives way to it, what stands after it
    /// does not.
    private var options: [(String, String)] {
        [
            // A server that vanished without a word is noticed within a minute, whether we wait for it …
            ("keepalives_idle", "30"), ("keepalives_interval", "10"), ("keepalives_count", "3"),
            // … or it for us: the kernel goes on sending for a quarter of an hour by default.
            ("tcp_user_timeout", "60000"),
            ("dbname", self.url),
            ("connect_timeout", String(self.timeoutSeconds)), ("application_name", self.application),
            ("client_encoding", "UTF8"), ("options", self.serverSettings),
        ]
    }

    /// Here too the last value of a setting counts.
    private var serverSettings: String {
        [
            // The server notices as soon that we are gone, and lets our lane's lock go (its default is two hours) …
            "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3",
            // … also while it sends, or works on a query of ours.
            "-c tcp_user_timeout=60000 -c client_connection_check_interval=10000",
            // Compiling a plan with the conditions of row-level security took 9.1 s of 9.2 s (the alerts of a city of
            // 10,000 trucks); none of our queries runs long enough to win that back.
            "-c jit=off",
            self.address["options"] ?? "",
            // What the queries rely on, whatever a role or a database has set: how values are written …
            "-c TimeZone=UTC -c extra_float_digits=1 -c bytea_output=hex -c DateStyle=ISO -c IntervalStyle=postgres",
            // … and how text is read, in functions of the database too.
            "-c standard_conforming_strings=on -c array_nulls=on -c client_min_messages=warning",
        ].filter { !$0.isEmpty }.joined(separator: " ")
    }

    func open() throws(PostgresError) -> OpaquePointer {
        let pointer = try self.start()
        PQsetErrorVerbosity(pointer, PQERRORS_VERBOSE)
        let isTimely = self.complete(pointer)
        guard PQstatus(pointer) == CONNECTION_OK else {
            defer { PQfinish(pointer) }
            let hosts = Self.option("host", of: pointer) ?? ""
            // Only libpq itself goes on to the next of several hosts when one of them is silent.
            if !isTimely, hosts.contains(",") { return try self.openBlocking() }
            throw Self.failure(of: pointer, isTimely: isTimely)
        }
        PQsetErrorVerbosity(pointer, PQERRORS_DEFAULT)
        return pointer
    }

    private static func parsed(_ url: String) throws(PostgresError) -> [String: String] {
        var complaint: UnsafeMutablePointer<CChar>?
        defer { PQfreemem(complaint) }
        // A keyword string or a URI; a bare name is a database's, as expand_dbname has it.
        guard url.contains("=") || url.contains("://") else { return [:] }
        guard let parsed = PQconninfoParse(url, &complaint) else {
            // libpq quotes what it did not understand, which may be the password.
            throw PostgresError(.unusableAddress, message: "not a connection address like postgresql://user@host/name")
        }
        defer { PQconninfoFree(parsed) }
        return Self.values(parsed)
    }

    /// The options that have a value.
    private static func values(_ options: UnsafeMutablePointer<PQconninfoOption>) -> [String: String] {
        var values: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            values[String(cString: keyword)] = option.pointee.val.map { String(cString: $0) }
            option += 1
        }
        return values
    }

    private func start() throws(PostgresError) -> OpaquePointer {
        let options = self.options
        let pointer = options.map { Optional($0.0) }.withCStrings { keywords in
            options.map { Optional($0.1) }.withCStrings { values in
                // expand_dbname 1: "dbname" may be a whole connection string.
                PQconnectStartParams(keywords.baseAddress, values.baseAddress, 1)
            }
        }
        guard let pointer else { throw PostgresError(.connectionFailed, message: "out of memory") }
        return pointer
    }

    /// - Returns: false when the time was up.
    private func complete(_ pointer: OpaquePointer) -> Bool {
        let deadline = Self.monotonicMilliseconds() + self.timeoutSeconds * 1000
        // "behave as if PQconnectPoll last returned PGRES_POLLING_WRITING" (libpq manual, PQconnectPoll)
        var wanted = POLLOUT
        while PQstatus(pointer) != CONNECTION_BAD {
            let left = deadline - Self.monotonicMilliseconds()
            guard left > 0 else { return false }
            var descriptor = pollfd(fd: PQsocket(pointer), events: Int16(wanted), revents: 0)
            guard poll(&descriptor, 1, Int32(clamping: left)) != 0 else { return false }
            switch PQconnectPoll(pointer) {
            case PGRES_POLLING_READING: wanted = POLLIN
            case PGRES_POLLING_WRITING: wanted = POLLOUT
            default: return true
            }
        }
        return true
    }

    private func openBlocking() throws(PostgresError) -> OpaquePointer {
        let options = self.options
        let pointer = options.map { Optional($0.0) }.withCStrings { keywords in
            options.map { Optional($0.1) }.withCStrings { values in
                PQconnectdbParams(keywords.baseAddress, values.baseAddress, 1)
            }
        }
        guard let pointer else { throw PostgresError(.connectionFailed, message: "out of memory") }
        guard PQstatus(pointer) == CONNECTION_OK else {
            defer { PQfinish(pointer) }  // libpq allocates a PGconn even when connecting failed
            throw Self.failure(of: pointer, isTimely: true)
        }
        return pointer
    }

    private static func failure(of pointer: OpaquePointer, isTimely: Bool) -> PostgresError {
        let text = String(cString: PQerrorMessage(pointer))
        if let (state, message) = Self.refusal(in: text) { return PostgresError(.refused(state), message: message) }
        if PQconnectionNeedsPassword(pointer) != 0 {
            return PostgresError(.unusableAddress, message: "the server asks for a password and none is configured")
        }
        if Self.complaintsOfTLS.contains(where: text.contains) {
            return PostgresError(.unusableAddress, message: text)
        }
        let place = "\(Self.option("host", of: pointer) ?? "?"):\(Self.option("port", of: pointer) ?? "?")"
        let reason = isTimely ? text : "connection to \(place) failed: no answer in time"
        return PostgresError(.connectionFailed, message: reason)
    }

    /// Of libpq, in its only language here: the process sets no locale. A person has to mend a certificate, a server
    /// without TLS, or the address.
    private static let complaintsOfTLS = [
        "server does not support SSL", "certificate verify failed", "root certificate file", "server certificate for",
    ]

    /// Reads `…: FATAL:  28P01: password authentication failed …` and leaves out the code and the place in the
    /// server's source, whatever the language. Of several hosts' answers the last one counts.
    static func refusal(in text: String) -> (state: SQLState, message: String)? {
        let lines = text.split(separator: "\n")
        guard let line = lines.last(where: { Self.code(in: $0) != nil }), let range = Self.code(in: line) else {
            return nil
        }
        let message = line[..<range.lowerBound] + line[line.index(range.upperBound, offsetBy: 2)...]
        return (SQLState(String(line[range])), String(message))
    }

    /// The place of a five-character code between `:  ` and `: `.
    private static func code(in line: Substring) -> Range<Substring.Index>? {
        for marker in line.ranges(of: ":  ") {
            let rest = line[marker.upperBound...]
            let code = rest.prefix(5)
            if code.utf8.count == 5, rest.dropFirst(5).hasPrefix(": "),
                code.utf8.allSatisfy({ (48...57).contains($0) || (65...90).contains($0) })
            {
                return code.startIndex..<code.endIndex
            }
        }
        return nil
    }

    private static func option(_ name: String, of pointer: OpaquePointer) -> String? {
        guard let all = PQconninfo(pointer) else { return nil }
        defer { PQconninfoFree(all) }
        return Self.values(all)[name]
    }

    private static func monotonicMilliseconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int(time.tv_sec) * 1000 + Int(time.tv_nsec) / 1_000_000
    }
}
