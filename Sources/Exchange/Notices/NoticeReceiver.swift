/// Somebody who is told of alerts: a program by a webhook, or a person by mail.
package struct NoticeReceiver: Hashable, Sendable {
    /// How the receiver is reached.
    package enum Way: Hashable, Sendable {
        /// A POST to this address, signed with the secret.
        case webhook(url: String, secret: String)
        /// A mail to this address by the relay.
        case mail(address: String)
    }

    package var name: String
    package var way: Way
    /// Alerts below it are not told.
    package var minimumSeverity: Int
    /// Rules of which alerts are told; empty: of all.
    package var rules: Set<String>

    package init(name: String, way: Way, minimumSeverity: Int, rules: Set<String>) {
        self.name = name
        self.way = way
        self.minimumSeverity = minimumSeverity
        self.rules = rules
    }

    package func wants(rule: String, severity: Int) -> Bool {
        severity >= self.minimumSeverity && (self.rules.isEmpty || self.rules.contains(rule))
    }

    /// One entry of `notices.webhooks` or `notices.mail`: `name=TARGET secret=… severity=3 rules=a;b`.
    package static func parse(_ entry: String, isMail: Bool) throws(NoticeConfigurationError) -> NoticeReceiver {
        let words = entry.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\n" }).map(String.init)
        let (name, target) = Self.halves(words.first ?? "")
        guard let target, !target.isEmpty, Self.isName(name) else {
            throw NoticeConfigurationError("'\(name)': must begin with name=target; a name is 1–40 of a-z 0-9 . _ -")
        }
        var values: [String: String] = [:]
        for word in words.dropFirst() {
            let (key, value) = Self.halves(word)
            guard let value, ["secret", "severity", "rules"].contains(key), values[key] == nil else {
                throw NoticeConfigurationError("'\(name)': '\(key)' is none of secret=, severity=, rules=")
            }
            values[key] = value
        }
        let severity = Int(values["severity"] ?? "3") ?? 0
        guard (1...4).contains(severity) else {
            throw NoticeConfigurationError("'\(name)': severity must be 1–4")
        }
        let rules = Set((values["rules"] ?? "").split(separator: ";").map(String.init))
        if isMail {
            guard values["secret"] == nil, Self.isAddress(target) else {
                throw NoticeConfigurationError("'\(name)': must be name=somebody@example, without a secret")
            }
            return NoticeReceiver(
                name: name, way: .mail(address: target), minimumSeverity: severity, rules: rules)
        }
        guard let secret = values["secret"], secret.utf8.count >= 16 else {
            throw NoticeConfigurationError("'\(name)': a webhook needs secret= of 16 characters or more")
        }
        try WebhookAddress.check(target, of: name)
        return NoticeReceiver(
            name: name, way: .webhook(url: target, secret: secret), minimumSeverity: severity, rules: rules)
    }

    /// What stands before and behind the first `=`.
    private static func halves(_ word: String) -> (String, String?) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return (String(parts.first ?? ""), parts.count == 2 ? String(parts[1]) : nil)
    }

    private static func isName(_ name: String) -> Bool {
        (1...40).contains(name.utf8.count)
            && name.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || ".-_".utf8.contains($0)
            }
    }

    /// Enough to put it into a mail's head: one `@`, no space, no control character, nothing that ends an address.
    package static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && text.utf8.count <= 254
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && !"<>,;\"()".utf8.contains($0) }
    }
}

extension NoticeReceiver.Way: CustomStringConvertible, CustomReflectable {
    /// A program by its host alone: the secret must not be printed, and many a webhook's address holds one too.
    package var description: String {
        switch self {
        case .webhook(let url, _): "webhook(\(WebhookAddress.host(of: url)))"
        case .mail(let address): "mail(\(address))"
        }
    }

    package var customMirror: Mirror { Mirror(self, children: ["description": self.description]) }
}

/// What is wrong with a receiver's entry.
package struct NoticeConfigurationError: Error, Hashable {
    package var message: String

    init(_ message: String) { self.message = message }
}
