import LocalServers
import TestSupport
import Testing

@Suite struct AwkwardFolderTests {
    /// Spaces, quotes, Chinese, and a path beyond the 107 bytes of a socket's name.
    @Test func serversWorkInAnyFolder() async throws {
        let folder =
            try await TestServers.shared.makeFolder() + "/砼行 it's \"$HOME\" " + String(repeating: "x", count: 150)
        let cluster = PostgresCluster(folder: folder + "/pg", port: try LoopbackPort.findFree(), tuning: .fastForTests)
        let broker = MosquittoBroker(
            folder: folder + "/mq", port: try LoopbackPort.findFree(), profile: TestServers.persistentProfile)
        try await cluster.start()
        try await broker.start()
        #expect(try await cluster.execute("SELECT 1") == "1")
        try await broker.stop()
        try await broker.start()
        try await broker.stop()
        try await cluster.stop()
    }
}
