import Foundation
import Glibc
import LocalServers
import TestSupport
import Testing

@Suite struct MosquittoBrokerTests {
    @Test func aBrokerStartsStopsAndComesBack() async throws {
        let broker = try await TestServers.shared.makePrivateBroker()
        #expect(LoopbackPort.accepts(broker.port))
        try await broker.stop()
        #expect(LoopbackPort.isFree(broker.port))
        #expect(FileManager.default.fileExists(atPath: broker.folder + "/mosquitto.db"))
        try await broker.start()
        #expect(LoopbackPort.accepts(broker.port))
    }

    @Test func aKilledBrokerComesBackOnItsPort() async throws {
        let broker = try await TestServers.shared.makePrivateBroker()
        let pid = try #require(await broker.pid)
        try await broker.kill()
        #expect(await !broker.isRunning)
        #expect(!LoopbackPort.accepts(broker.port))
        try await broker.start()
        #expect(await broker.pid != pid)
    }

    @Test func aTakenPortIsSaid() async throws {
        let broker = try await TestServers.shared.makePrivateBroker()
        let folder = try await TestServers.shared.makeFolder()
        let second = MosquittoBroker(folder: folder, port: broker.port, profile: "allow_anonymous true")
        let error = await #expect(throws: LocalServerError.self) { try await second.start() }
        #expect(error?.code == .portTaken)
        #expect(error?.description.contains("\(broker.port)") == true)
    }

    @Test func aFolderInUseIsRefused() async throws {
        let broker = try await TestServers.shared.makePrivateBroker()
        let second = MosquittoBroker(
            folder: broker.folder, port: try LoopbackPort.findFree(), profile: "allow_anonymous true")
        let error = await #expect(throws: LocalServerError.self) { try await second.start() }
        #expect(error?.code == .folderInUse)
    }

    @Test func aWrongProfileIsReportedInMosquittosWords() async throws {
        let folder = try await TestServers.shared.makeFolder()
        let broker = MosquittoBroker(folder: folder, port: try LoopbackPort.findFree(), profile: "no_such_option true")
        let error = await #expect(throws: LocalServerError.self) { try await broker.start() }
        #expect(error?.code == .failedToStart)
        #expect(error?.description.contains("no_such_option") == true)
    }

    @Test(arguments: [
        ("allow_anonymous true", "allow_anonymous true"),
        ("# a comment\n\nmax_queued_messages 0", "# a comment\n\nmax_queued_messages 0"),
        ("listener 1883\nallow_anonymous true", "allow_anonymous true"),
        ("listener 8883 0.0.0.0\ncafile /a\ncertfile /b\nkeyfile /c\nmax_connections 9", "max_connections 9"),
        (
            "listener 1883\nmax_connections 9\nlistener 1884\nmax_connections 5\npersistence true",
            "max_connections 9\npersistence true"
        ),
        (
            "port 1\r\nuser mosquitto\r\npersistence_location /var\r\nlog_dest syslog\r\npersistence true",
            "persistence true"
        ),
        ("\tpid_file\t/run/x", ""),
    ])
    func theProfileKeepsAllButItsPlace(profile: String, rest: String) {
        let adapted = MosquittoProfile.adapted(profile, port: 1234, folder: "/here")
        let lines = adapted.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(lines[1...2] == ["listener 1234 127.0.0.1", "persistence_location /here/"])
        #expect(lines.dropFirst(5).dropLast().joined(separator: "\n") == rest)
    }
}
