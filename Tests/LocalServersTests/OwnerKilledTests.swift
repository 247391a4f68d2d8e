import Foundation
import Glibc
import LocalServers
import Supervision
import TestSupport
import Testing

@Suite struct OwnerKilledTests {
    /// `kill -9` of the owner: both servers end, nothing is left running, and the next start goes on at once, even
    /// while they are still ending.
    @Test func nothingIsLeftAndTheNextStartGoesOn() async throws {
        let folder = try await TestServers.shared.makeFolder()
        chmod(folder, 0o711)
        let (databasePort, brokerPort) = (try LoopbackPort.findFree(), try LoopbackPort.findFree())
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [folder = folder as String, databasePort = databasePort as UInt16, brokerPort = brokerPort as UInt16] in
            let cluster = PostgresCluster(folder: folder + "/pg", port: databasePort, tuning: .fastForTests)
            let broker = MosquittoBroker(folder: folder + "/mq", port: brokerPort, profile: "allow_anonymous true")
            try await cluster.start()
            try await broker.start()
            try await cluster.execute("CREATE TABLE kept AS SELECT 1 AS one")
            kill(getpid(), SIGKILL)
        }
        let cluster = PostgresCluster(folder: folder + "/pg", port: databasePort, tuning: .fastForTests)
        try await cluster.start()
        #expect(try await cluster.execute("TABLE kept") == "1")
        try await cluster.stop()
        #expect(try await eventually { ProcessTable.processes(workingIn: folder).isEmpty })
        #expect(LoopbackPort.isFree(databasePort) && LoopbackPort.isFree(brokerPort))
    }
}
