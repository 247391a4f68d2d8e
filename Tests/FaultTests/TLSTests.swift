import Foundation
import LocalServers
import MQTTClient
import Supervision
import TestSupport
import Testing

/// The broker of the production profile is behind TLS, and seldom on the same machine.
@Suite struct TLSTests {
    /// A mosquitto with certificates of its own; it ends with the test.
    private struct Broker {
        let port: UInt16
        let authority: String
        let program: KeptProgram

        init() async throws {
            let folder = try await TestServers.shared.makeFolder()
            self.port = try LoopbackPort.findFree()
            self.authority = folder + "/certs/ca.crt"
            let script = (RepositoryRoot.url?.path ?? "") + "/deploy/mosquitto/make-test-certificates.sh"
            let environment = ["PATH": "/usr/sbin:/usr/bin:/bin"]
            let made = Spawn(program: "/bin/sh", arguments: [script, folder + "/certs"], environment: environment)
            try #require(await (try made.start()).waitForEnd().isSuccess)
            let configuration = """
                listener \(self.port) 127.0.0.1
                cafile \(self.authority)
                certfile \(folder)/certs/server.crt
                keyfile \(folder)/certs/server.key
                allow_anonymous true
                user root
                """
            try Data(configuration.utf8).write(to: URL(fileURLWithPath: folder + "/mosquitto.conf"))
            self.program = try Keeper(
                program: "/usr/sbin/mosquitto", arguments: ["-c", folder + "/mosquitto.conf"],
                environment: environment, folder: folder, log: folder + "/log", gracefulSignal: .terminate,
                grace: .seconds(5)
            ).start()
            let port = self.port
            try #require(try await eventually(within: .seconds(60)) { LoopbackPort.accepts(port) })
        }

        func settings(_ version: MQTTSettings.ProtocolVersion, port: UInt16) -> MQTTSettings {
            var settings = MQTTSettings(host: "127.0.0.1", port: Int(port), clientID: "tls", version: version)
            settings.tls = MQTTSettings.TLS(authorityFile: self.authority)
            return settings
        }
    }

    /// CONNECT waits for the end of the handshake, which a line of 20 ms brings in several reads.
    @Test(arguments: MQTTSettings.ProtocolVersion.allCases)
    func aHandshakeOfManyReadsEndsInASession(version: MQTTSettings.ProtocolVersion) async throws {
        let broker = try await Broker()
        let proxy = try FaultProxy(to: broker.port)
        proxy.order { $0.delayMilliseconds = 20 }
        let settings = broker.settings(version, port: proxy.port)
        _ = try BrokerProbe.capabilities(settings)
        var received: [[UInt8]] = []
        func consumer() throws -> MQTTConsumer {
            let consumer = try MQTTConsumer(settings: settings, filters: ["a"]) { _, payload in
                received.append(payload.withUnsafeBufferPointer { Array($0) })
            }
            try consumer.connect()
            return consumer
        }
        try consumer().disconnect()
        var publishing = settings
        publishing.clientID += "-publisher"
        let publisher = try MQTTPublisher(settings: publishing)
        try publisher.connect()
        let sent = (0..<300).map { Array("message \($0)".utf8) }
        for payload in sent { try publisher.publish(topic: "a", payload: payload) }
        #expect(try publisher.drain())
        publisher.disconnect()
        // The session waited; all of it comes, in order, each once.
        let second = try consumer()
        #expect(second.resumedSession)
        let isWhole = try await eventually(within: .seconds(60)) {
            _ = try second.read(limit: 1000, waitingUpTo: 50)
            try second.acknowledge()
            return received.count >= sent.count
        }
        #expect(isWhole, "\(received.count) of \(sent.count)")
        #expect(received == sent)
        second.disconnect()
        broker.program.stop()
    }
}
