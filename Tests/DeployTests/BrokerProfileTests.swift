import Foundation
import Testing

/// `deploy/mosquitto/` as a fleet would meet it: a real broker is started with the shipped files and tried.
///
/// The service's session is made first and read last, so a message that a truck was not allowed to send would be
/// found before the one that ends the reading: no test waits for something not to happen.
@Suite(.serialized, .enabled(if: isInstalled(Broker.program), "mosquitto is not installed"))
struct BrokerProfileTests {
    private let broker: Broker

    init() throws {
        self.broker = try Broker()
        let outcome = try self.subscribe(["-E"])
        try #require(outcome.status == 0, "\(outcome)")
    }

    @Test(arguments: [
        ("T0001", "fleet/v1/T0001/position"), ("T0001", "fleet/v1/T0001/camera"),
        ("13812345678", "jt808/13812345678/raw"),
    ])
    func aTruckWritesItsOwnTopics(user: String, topic: String) throws {
        let published = try self.publish(as: user, to: topic, "own")
        #expect(published.status == 0, "\(published)")
        #expect(try self.receive(1).lines == ["\(topic) own"])
    }

    @Test(arguments: [
        "fleet/v1/T0001/position", "fleet/v1/T0001/camera", "fleet/v1/t0002/position", "fleet/v1/T0002/position/x",
        "jt808/13812345678/raw", "jt808/gateway/T0002/up", "$SYS/broker/uptime",
    ])
    func nothingComesOfAForeignTopic(topic: String) throws {
        let foreign = try self.publish(as: "T0002", to: topic, "foreign")
        // MQTT 5 tells the truck; 3.1.1 has no way to.
        #expect(foreign.text.contains("Not authorized"), "\(foreign)")
        let own = try self.publish(as: "T0002", to: "fleet/v1/T0002/position", "own")
        #expect(own.status == 0, "\(own)")
        #expect(try self.receive(1).lines == ["fleet/v1/T0002/position own"])
    }

    /// What waits for a session is sent before a new subscription is confirmed, and `-E` ends with the confirmation:
    /// so each session shows all that it was given.
    @Test func aTruckReadsNothing() throws {
        let spy = ["-V", "5", "-i", "T0002", "-c", "-x", "600", "-q", "1", "-t", "#", "-t", "fleet/v1/T0001/position"]
        let opened = try run("/usr/bin/mosquitto_sub", self.terminal("T0002") + spy + ["-E"])
        #expect(opened.status == 0, "\(opened)")
        let published = try self.publish(as: "T0001", to: "fleet/v1/T0001/position", "private")
        #expect(published.status == 0, "\(published)")
        let seen = try run("/usr/bin/mosquitto_sub", self.terminal("T0002") + spy + ["-v", "-E"])
        #expect(seen.status == 0 && seen.text.isEmpty, "\(seen)")
        #expect(try self.subscribe(["-v", "-E"]).lines == ["fleet/v1/T0001/position private"])
    }

    @Test func aTruckCannotTakeOverTheServicesSession() throws {
        let intruder = try run(
            "/usr/bin/mosquitto_pub",
            self.terminal("T0002") + [
                "-V", "5", "-q", "1", "-t", "fleet/v1/T0002/position", "-m", "hello", "-i", "service",
            ])
        #expect(intruder.status == 0, "\(intruder)")
        #expect(try self.receive(1).lines == ["fleet/v1/T0002/position hello"])
    }

    @Test func theServiceMayOnlyRead() throws {
        for topic in ["fleet/v1/T0001/position", "fleet/v1/tongxing/position", "jt808/1/raw", "jt808/c/1/up"] {
            let written = try run(
                "/usr/bin/mosquitto_pub", self.service() + ["-V", "5", "-q", "1", "-t", topic, "-m", "forged"])
            #expect(written.text.contains("Not authorized"), "\(topic): \(written)")
        }
    }

    @Test(
        arguments: [
            (nil, nil), ("T0001", nil), ("T0001", "wrong"), ("nobody", "x"), ("tongxing", "service's"),
        ] as [(String?, String?)])
    func wrongCredentialsAreRefusedAtTheTerminalsDoor(user: String?, password: String?) throws {
        var arguments = self.encrypted(self.broker.terminalPort)
        if let user { arguments += ["-u", user] }
        if let password { arguments += ["-P", password] }
        let outcome = try run(
            "/usr/bin/mosquitto_pub", arguments + ["-q", "1", "-t", "fleet/v1/T0001/position", "-m", "x"])
        #expect(outcome.status != 0 && outcome.text.contains("not authorised"), "\(outcome)")
    }

    @Test func aTrucksCredentialsAreWorthNothingAtTheServicesDoor() throws {
        let credentials = ["-u", "T0001", "-P", Broker.passwords["T0001"] ?? ""]
        let outcome = try run(
            "/usr/bin/mosquitto_pub",
            self.encrypted(self.broker.servicePort) + credentials + [
                "-q", "1", "-t", "fleet/v1/T0001/position", "-m", "x",
            ])
        #expect(outcome.status != 0 && outcome.text.contains("not authorised"), "\(outcome)")
    }

    @Test func withoutTLSNobodyGetsIn() throws {
        for (port, user) in [(self.broker.terminalPort, "T0001"), (self.broker.servicePort, "tongxing")] {
            let plain = ["-h", "127.0.0.1", "-p", "\(port)", "-u", user, "-P", Broker.passwords[user] ?? ""]
            let outcome = try run(
                "/usr/bin/mosquitto_pub", plain + ["-q", "1", "-t", "fleet/v1/T0001/position", "-m", "x"])
            #expect(outcome.status != 0, "\(user): \(outcome)")
        }
    }

    @Test(arguments: [("-tls1_1", false), ("-tls1_2", true), ("-tls1_3", true)])
    func anOldTLSIsRefused(version: String, isAccepted: Bool) throws {
        for port in [self.broker.terminalPort, self.broker.servicePort] {
            // The client would accept what is old; level 0 is what OpenSSL 3 wants for that.
            let outcome = try run(
                "/usr/bin/openssl",
                ["s_client", "-connect", "127.0.0.1:\(port)", version, "-cipher", "DEFAULT@SECLEVEL=0"])
            #expect((outcome.status == 0) == isAccepted, "\(outcome)")
        }
    }

    /// A session's rights come from the door it last used, which the broker must remember (`per_listener_settings`).
    @Test func aRestartKeepsWhatWaitsForTheService() throws {
        #expect(try self.publish(as: "T0001", to: "fleet/v1/T0001/position", "before").status == 0)
        try self.broker.restart()
        #expect(try self.publish(as: "T0001", to: "fleet/v1/T0001/position", "after").status == 0)
        #expect(try self.receive(2).lines == ["fleet/v1/T0001/position before", "fleet/v1/T0001/position after"])
    }

    /// A terminal is taken off the list while the service is away: the truck is out, and what waits stays.
    @Test func aReloadKeepsWhatWaitsForTheService() throws {
        #expect(try self.publish(as: "T0001", to: "fleet/v1/T0001/position", "before").status == 0)
        try self.broker.makePasswords(for: ["T0001"], in: "terminals.passwd")
        try self.broker.reload()
        // The first connection may still be taken in before the signal is heeded; the second cannot.
        _ = try self.publish(as: "T0001", to: "fleet/v1/T0001/camera", "between")
        let removed = try self.publish(as: "T0002", to: "fleet/v1/T0002/position", "removed")
        #expect(removed.status != 0 && removed.text.contains("ot authorized"), "\(removed)")
        #expect(try self.publish(as: "T0001", to: "fleet/v1/T0001/position", "after").status == 0)
        #expect(
            try self.receive(3).lines == [
                "fleet/v1/T0001/position before", "fleet/v1/T0001/camera between", "fleet/v1/T0001/position after",
            ])
    }

    // MARK: Clients

    private func publish(as user: String, to topic: String, _ text: String) throws -> Outcome {
        try run("/usr/bin/mosquitto_pub", self.terminal(user) + ["-V", "5", "-q", "1", "-t", topic, "-m", text])
    }

    /// Reads so many messages from the service's session, each as its topic and text.
    private func receive(_ count: Int) throws -> Outcome {
        try self.subscribe(["-v", "-C", "\(count)", "-W", "20"])
    }

    private func subscribe(_ more: [String]) throws -> Outcome {
        // The service's own filters (mqtt.topics), which are wider than its rights.
        let filters = ["fleet/v1/#", "jt808/#"]
        let session = ["-V", "5", "-x", "600", "-i", "service", "-c", "-q", "1"] + filters.flatMap { ["-t", $0] }
        return try run("/usr/bin/mosquitto_sub", self.service() + session + more)
    }

    private func terminal(_ user: String) -> [String] {
        self.encrypted(self.broker.terminalPort) + ["-u", user, "-P", Broker.passwords[user] ?? ""]
    }

    private func service() -> [String] {
        self.encrypted(self.broker.servicePort) + ["-u", "tongxing", "-P", Broker.passwords["tongxing"] ?? ""]
    }

    private func encrypted(_ port: UInt16) -> [String] {
        ["-h", "127.0.0.1", "-p", "\(port)", "--cafile", self.broker.folder.file("certs/ca.crt").path]
    }
}
