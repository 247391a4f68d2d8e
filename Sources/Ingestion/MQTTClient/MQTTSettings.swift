/// How to reach a broker.
package struct MQTTSettings: Sendable, Hashable {
    /// The versions of MQTT that are spoken.
    package enum ProtocolVersion: String, Sendable, CaseIterable {
        case v311 = "3.1.1"
        case v5 = "5"
    }

    /// Trust and identity for TLS; paths to PEM files.
    package struct TLS: Sendable, Hashable {
        /// The authority that signed the broker's certificate; `nil`: the system's authorities.
        package var authorityFile: String?
        package var certificateFile: String?
        package var keyFile: String?

        package init(authorityFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil) {
            self.authorityFile = authorityFile
            self.certificateFile = certificateFile
            self.keyFile = keyFile
        }
    }

    package var host: String
    package var port: Int
    package var clientID: String
    package var username: String?
    package var password: String?
    package var tls: TLS?
    package var version: ProtocolVersion
    /// Longer than the worst commit: a PINGREQ waits in the same queue as the acknowledgements.
    package var keepAliveSeconds: Int
    /// How long the broker keeps the session of an absent subscriber (MQTT 5); 3.1.1 brokers keep it for ever.
    package var sessionExpirySeconds: UInt32
    /// How many unacknowledged messages the broker may send (MQTT 5); it overrides the broker's default of 20.
    package var receiveMaximum: Int

    package init(
        host: String, port: Int, clientID: String, username: String? = nil, password: String? = nil, tls: TLS? = nil,
        version: ProtocolVersion = .v5, keepAliveSeconds: Int = 120, sessionExpirySeconds: UInt32 = 7 * 86400,
        receiveMaximum: Int = 10_000
    ) {
        self.host = host
        self.port = port
        self.clientID = clientID
        self.username = username
        self.password = password
        self.tls = tls
        self.version = version
        self.keepAliveSeconds = keepAliveSeconds
        self.sessionExpirySeconds = sessionExpirySeconds
        self.receiveMaximum = receiveMaximum
    }

    /// Reads `mqtt://[user[:password]@]host[:port]` or `mqtts://…`; ports default to 1883 and 8883. A user and
    /// password in the address are percent-encoded.
    package init(url: String, clientID: String) throws(MQTTError) {
        let wrong = MQTTError(.invalidConfiguration, "not an address like mqtt://user:password@host:1883")
        guard let separator = url.firstRange(of: "://") else { throw wrong }
        let scheme = url[..<separator.lowerBound].lowercased()
        guard scheme == "mqtt" || scheme == "mqtts" else { throw wrong }
        var rest = url[separator.upperBound...]
        if rest.hasSuffix("/") { rest.removeLast() }
        var user: String?
        var password: String?
        if let at = rest.lastIndex(of: "@") {
            let parts = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            user = Self.percentDecoded(parts[0])
            password = parts.count > 1 ? Self.percentDecoded(parts[1]) : nil
            rest = rest[rest.index(after: at)...]
        }
        var host = String(rest)
        var port = scheme == "mqtts" ? 8883 : 1883
        let isBracketed = rest.hasPrefix("[")
        if let colon = rest.lastIndex(of: ":"), !isBracketed || rest[..<colon].hasSuffix("]") {
            guard let number = Int(rest[rest.index(after: colon)...]), (1...65535).contains(number) else { throw wrong }
            host = String(rest[..<colon])
            port = number
        }
        if isBracketed { host = host.filter { $0 != "[" && $0 != "]" } }
        guard !host.isEmpty, !host.contains("/") else { throw wrong }
        self.init(host: host, port: port, clientID: clientID, username: user, password: password)
        if scheme == "mqtts" { self.tls = TLS() }
    }

    private static func percentDecoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension MQTTSettings: CustomStringConvertible, CustomReflectable {
    /// Without the password: whatever prints a value whole must not print it.
    package var description: String {
        "MQTTSettings(\(self.host):\(self.port), client \(self.clientID), user \(self.username ?? "–"))"
    }

    package var customMirror: Mirror { Mirror(self, children: ["description": self.description]) }
}
