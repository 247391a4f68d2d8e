/// What a cluster of our own is for.
package enum PostgresTuning: Sendable, Hashable {
    /// Steady writing, every commit durable.
    case ingestion
    /// Nothing survives the machine, everything survives `kill -9` of the server: what was committed was written, only
    /// not synced.
    case fastForTests
    /// As `ingestion`, with the settings that all figures are taken with; remembers when each transaction committed.
    case measuring(sharedBuffersMegabytes: Int)

    /// Settings for the command line, where they win over `postgresql.conf` and never go stale in the folder.
    func settings(port: UInt16) -> [String] {
        let common = [
            "listen_addresses=127.0.0.1",
            "port=\(port)",
            // No socket file: a folder's path may be longer than the 107 bytes such a file's path can have.
            "unix_socket_directories=",
            "timezone=UTC",
            "log_timezone=UTC",
            "lc_messages=C",
            "logging_collector=off",
            "synchronous_commit=on",
            "jit=off",  // it costs more than our queries take
        ]
        switch self {
        case .ingestion:
            return common + [
                "shared_buffers=256MB",
                "max_wal_size=2GB",
                "min_wal_size=256MB",
                "checkpoint_timeout=15min",
                "random_page_cost=1.1",  // solid-state disks
                "fsync=on",
            ]
        case .measuring(let megabytes):
            return common + [
                "shared_buffers=\(megabytes)MB",
                "max_wal_size=4GB",
                "checkpoint_timeout=15min",
                "track_commit_timestamp=on",
                "fsync=on",
            ]
        case .fastForTests:
            return common + [
                "shared_buffers=128MB",
                "max_wal_size=1GB",
                "max_connections=300",  // tests run side by side
                "fsync=off",
                "full_page_writes=off",
                "autovacuum=off",
            ]
        }
    }
}
