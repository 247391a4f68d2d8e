package import PostgresClient

/// Whether what the server says is committed outlives its crash (PostgreSQL manual, "Asynchronous Commit" and
/// "Write Ahead Log"): an acknowledgement to the broker rests on nothing else.
package enum Durability {
    /// Has this connection's commits wait for the disk, whatever the database or the role was set to. What is stronger
    /// (`remote_apply`) stays.
    static func require(_ connection: PostgresConnection) throws(PostgresError) {
        try connection.query(Self.waitForDisk)
    }

    /// Settings that make a commit less than safe, as `name=value`.
    package static func weaknesses(_ connection: PostgresConnection) throws(PostgresError) -> [String] {
        let rows = try connection.query(Self.selectWeak)
        return (0..<rows.rowCount).compactMap { rows.text($0, 0) }
    }

    private static let waitForDisk = NamedQuery(
        "durability.require",
        """
        SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'
        """)
    private static let selectWeak = NamedQuery(
        "durability.weaknesses",
        """
        SELECT name || '=' || setting FROM pg_settings
        WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off' ORDER BY name
        """)
}
