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

    @Test func aTruckReadsNothing() throws {
        let spy = ["-V", "5", "-q", "1", "-c", "-x", "600", "-t", "#", "-t", "fleet/v1/T0001/position"]
        _ = try run("/usr/bin/mosquitto_sub", self.terminal("T0002") + spy + ["-E"])
        let published = try self.publish(as: "T0001", to: "fleet/v1/T0001/position", "private")
        #expect(published.status == 0, "\(published)")
        #expect(try self.receive(1).lines == ["fleet/v1/T0001/position private"])
        // What the spy's session had been given would come at once; 27 is mosquitto_sub's "the time is up".
        let seen = try run("/usr/bin/mosquitto_sub", self.terminal("T0002") + spy + ["-C", "1", "-W", "1"])
        #expect(seen.status == 27 && !seen.text.contains("private"), "\(seen)")
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

    @Test func anOldTLSIsRefused() throws {
        let arguments =
            self.terminal("T0001") + ["--tls-version", "tlsv1.1", "-q", "1", "-t", "fleet/v1/T0001/position"]
        let outcome = try run("/usr/bin/mosquitto_pub", arguments + ["-m", "x"])
        #expect(outcome.status != 0, "\(outcome)")
    }

    /// A session's rights come from the door it last used; a restart must not forget that (`per_listener_settings`).
    @Test func aRestartKeepsWhatWaitsForTheService() throws {
        #expect(try self.publish(as: "T0001", to: "fleet/v1/T0001/position", "before").status == 0)
        self.broker.stop()
        try self.broker.start()
        #expect(try self.publish(as: "T0001", to: "fleet/v1/T0001/position", "after").status == 0)
        #expect(try self.receive(2).lines == ["fleet/v1/T0001/position before", "fleet/v1/T0001/position after"])
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
        let filters = ["fleet/v1/+/position", "fleet/v1/+/camera", "jt808/+/raw", "jt808/+/+/up"]
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
