import PostgresClient
import TestSupport
import Testing

/// A database that stops answering without a word: no reset, no end-of-file.
@Suite struct SilentDatabaseTests {
    /// What was sent and is not taken ends the connection, in the class of errors that are waited out.
    @Test func rowsThatNobodyTakesEndTheConnection() async throws {
        let url = try await TestServers.shared.postgresURL
        let parts = try #require(url.wholeMatch(of: #/(.+@[^:/]+):([0-9]+)(/.+)/#)).output
        let proxy = try FaultProxy(to: try #require(UInt16(parts.2)))
        let connection = try PostgresConnection(
            url: "\(parts.1):\(proxy.port)\(parts.3)?tcp_user_timeout=1000", application: "test")
        try connection.execute("CREATE TEMPORARY TABLE row_of_text (text text)")
        var rows = CopyBuffer()
        rows.beginRow(columns: 1)
        rows.text(String(repeating: "x", count: 1 << 16))
        let copy = NamedQuery("copy", "COPY row_of_text FROM STDIN (FORMAT binary)")
        try connection.beginCopy(copy)
        proxy.order { $0.isSilent = true }
        let error = #expect(throws: PostgresError.self) {
            // 64 MiB, more than the kernel keeps for both ends.
            for _ in 0..<1024 { try connection.send(rows, of: copy) }
        }
        #expect(error?.code == .connectionLost)
        #expect(error?.remedy == .reconnect)
    }
}
