import Foundation
import LocalServers
import MQTTClient
import Supervision
import TestSupport
import Testing

/// The broker of the production profile is behind TLS, and seldom on the same machine.
@Suite struct TLSTests {
    /// Certificates for 127.0.0.1, below the folder.
    private static func makeCertificates(_ folder: String) async throws {
        let script = (RepositoryRoot.url?.path ?? "") + "/deploy/mosquitto/make-test-certificates.sh"
        let made = Spawn(
            program: "/bin/sh", arguments: [script, folder + "/certs"], environment: ["PATH": "/usr/sbin:/usr/bin:/bin"]
        )
        try #require(await (try made.start()).waitForEnd().isSuccess)
    }

    /// A mosquitto with certificates of its own; it ends with the test.
    private struct Broker {
        let port: UInt16
        let authority: String
        let program: KeptProgram

        init() async throws {
            let folder = try await TestServers.shared.makeFolder()
            self.port = try LoopbackPort.findFree()
            self.authority = folder + "/certs/ca.crt"
            let environment = ["PATH": "/usr/sbin:/usr/bin:/bin"]
            try await TLSTests.makeCertificates(folder)
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

    /// A broker that greets with these bytes, in one record of TLS, and keeps what it is told.
    private struct Greeter {
        let port: UInt16
        let authority: String
        private let heard: AsyncStream<[UInt8]>

        init(_ greeting: [UInt8]) async throws {
            let folder = try await TestServers.shared.makeFolder()
            try await TLSTests.makeCertificates(folder)
            self.port = try LoopbackPort.findFree()
            self.authority = folder + "/certs/ca.crt"
            let (process, input, output) = (Process(), Pipe(), Pipe())
            process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
            // The first connection only asks whether it listens.
            process.arguments = [
                "s_server", "-quiet", "-accept", "127.0.0.1:\(self.port)", "-naccept", "2",
                "-cert", folder + "/certs/server.crt", "-key", folder + "/certs/server.key",
            ]
            (process.standardInput, process.standardOutput) = (input, output)
            process.standardError = FileHandle.nullDevice
            try process.run()
            let port = self.port
            try #require(try await eventually(within: .seconds(60)) { LoopbackPort.accepts(port) })
            let (heard, continuation) = AsyncStream<[UInt8]>.makeStream()
            self.heard = heard
            let (reading, writing) = (output.fileHandleForReading, input.fileHandleForWriting)
            DispatchQueue.global().async {
                // CONNECT, the greeting, and all that follows up to the end of the connection.
                let connect = reading.availableData
                try? writing.write(contentsOf: Data(greeting))
                continuation.yield([UInt8](connect + reading.readDataToEndOfFile()))
                continuation.finish()
            }
        }

        /// The kinds of the packets that came, once the connection has ended.
        func packets() async throws -> [UInt8] {
            var bytes: [UInt8] = []
            for await part in self.heard { bytes += part }
            var kinds: [UInt8] = []
            while bytes.count >= 2 {
                kinds.append(bytes[0] >> 4)
                try #require(bytes[1] < 0x80, "short packets")
                bytes.removeFirst(min(bytes.count, 2 + Int(bytes[1])))
            }
            return kinds
        }
    }

    /// What is done with a message that came together with CONNACK.
    enum Ending: CaseIterable {
        /// Its batch is committed, and it is acknowledged.
        case committed
        /// Killed while the batch is open.
        case killed
        /// Told to stop before anything was read; a stop says good-bye.
        case stopped
    }

    /// CONNACK of a session that was kept, and what waited in it, in one record: libmosquitto reads on while libssl
    /// holds bytes, so the message is there before SUBSCRIBE is written, which would acknowledge it.
    @Test(arguments: MQTTSettings.ProtocolVersion.allCases, Ending.allCases)
    func whatComesWithTheGreetingIsAcknowledgedAfterItsCommit(
        version: MQTTSettings.ProtocolVersion, ending: Ending
    ) async throws {
        let isNew = version == .v5
        let greeting: [UInt8] = isNew ? [0x20, 3, 1, 0, 0] : [0x20, 2, 1, 0]
        let body: [UInt8] = [0, 1, UInt8(ascii: "a"), 0, 7] + (isNew ? [0] : []) + Array("stored".utf8)
        let greeter = try await Greeter(greeting + [0x32, UInt8(body.count)] + body)
        var settings = MQTTSettings(host: "127.0.0.1", port: Int(greeter.port), clientID: "tls", version: version)
        settings.tls = MQTTSettings.TLS(authorityFile: greeter.authority)
        var received: [[UInt8]] = []
        do {
            let consumer = try MQTTConsumer(settings: settings, filters: ["a"]) { _, payload in
                received.append(payload.withUnsafeBufferPointer { Array($0) })
            }
            try consumer.open()
            #expect(consumer.resumedSession)
            if ending == .stopped { consumer.disconnect() }
            // As the lane does while the batch is open: it reads on and keeps the connection alive.
            let isThere = try await eventually(within: .seconds(60)) {
                if ending == .stopped { return true }
                _ = try consumer.read(limit: 10, waitingUpTo: 50)
                try consumer.keepAlive(nothingIsUncommitted: received.isEmpty)
                return !received.isEmpty
            }
            #expect(isThere)
            if ending == .committed { try consumer.acknowledge() }
            // Gone without a word, as by a kill.
        }
        #expect(received == [Array("stored".utf8)])
        // 1 CONNECT, 4 PUBACK, 8 SUBSCRIBE.
        #expect(try await greeter.packets().sorted() == (ending == .committed ? [1, 4, 8] : [1]))
    }
}
