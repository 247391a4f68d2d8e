import Testing

@testable import MQTTClient

@Suite struct MQTTSettingsTests {
    @Test(
        arguments: [
            ("mqtt://broker", "broker", 1883, nil, nil, false),
            ("mqtts://broker", "broker", 8883, nil, nil, true),
            ("mqtt://u:p%40ss@10.0.0.1:41883/", "10.0.0.1", 41883, "u", "p@ss", false),
            ("mqtt://u@[::1]:99", "::1", 99, "u", nil, false),
        ] as [(String, String, Int, String?, String?, Bool)])
    func readsAddresses(url: String, host: String, port: Int, user: String?, password: String?, tls: Bool) throws {
        let settings = try MQTTSettings(url: url, clientID: "c")
        #expect(settings.host == host)
        #expect(settings.port == port)
        #expect(settings.username == user)
        #expect(settings.password == password)
        #expect((settings.tls != nil) == tls)
    }

    /// However a value is printed, alone or within others.
    @Test func thePasswordIsNotPrinted() throws {
        let settings = try MQTTSettings(url: "mqtt://li:mellon@broker", clientID: "c")
        var dumped = ""
        dump([settings], to: &dumped)
        for text in ["\(settings)", String(reflecting: settings), "\([Optional(settings)])", dumped] {
            #expect(text.contains("broker:1883") && text.contains("li") && !text.contains("mellon"), "\(text)")
        }
    }

    @Test(arguments: ["", "broker:1883", "http://broker", "mqtt://", "mqtt://h:0", "mqtt://h:65536", "mqtt://h/x"])
    func refusesWhatIsNoAddress(url: String) {
        #expect(throws: MQTTError.self) { try MQTTSettings(url: url, clientID: "c") }
    }

    @Test(arguments: [
        ("fleet/v1/a/position", true), ("a+b", false), ("a/#", false), ("", false), ("$SYS/x", false), ("a\0b", false),
        ("it's \"quoted\"", true), (String(repeating: "x", count: 300), true),
        (String(repeating: "x", count: 65536), false),
    ])
    func knowsWhatMayBePublished(topic: String, mayPublish: Bool) {
        #expect(MQTTPublisher.mayPublish(to: topic) == mayPublish)
    }
}
