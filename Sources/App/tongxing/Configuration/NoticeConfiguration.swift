import Notices

/// Who is told of alerts, and how often it is tried.
struct NoticeConfiguration: Sendable {
    var receivers: [NoticeReceiver]
    var schedule: RetrySchedule
    /// The SMTP relay with its credentials, and the sender of mails.
    var relay: String?
    var sender: String

    init(_ reader: SettingsReader) throws {
        self.schedule = RetrySchedule(
            firstSeconds: try reader.integer(.noticesFirstRetrySeconds, in: 1...3600),
            attempts: try reader.integer(.noticesAttempts, in: 1...100))
        self.relay = try reader.optionalString(.noticesSMTPURL)
        self.sender = try reader.string(.noticesMailFrom)
        self.receivers =
            try Self.receivers(reader, .noticesWebhooks, isMail: false)
            + Self.receivers(reader, .noticesMail, isMail: true)
        for (index, receiver) in self.receivers.enumerated()
        where self.receivers[..<index].contains(where: { $0.name == receiver.name }) {
            throw Failure.configuration("notices: two receivers are called '\(receiver.name)'")
        }
        guard self.receivers.contains(where: { if case .mail = $0.way { true } else { false } }) else { return }
        guard let relay, relay.hasPrefix("smtp://") || relay.hasPrefix("smtps://") else {
            throw Failure.configuration(
                "notices.smtpURL: notices.mail needs a relay, smtp://host:587 or smtps://host:465")
        }
        guard NoticeReceiver.isAddress(self.sender) else {
            throw Failure.configuration("notices.mailFrom: must be the sender's address, such as tongxing@example.org")
        }
    }

    private static func receivers(
        _ reader: SettingsReader, _ setting: Setting, isMail: Bool
    ) throws -> [NoticeReceiver] {
        let entries = try reader.string(setting).split(separator: ",").filter { !$0.allSatisfy(\.isWhitespace) }
        do throws(NoticeConfigurationError) {
            return try entries.map { (entry) throws(NoticeConfigurationError) in
                try NoticeReceiver.parse(String(entry), isMail: isMail)
            }
        } catch {
            throw Failure.configuration("\(setting.key): \(error.message)")
        }
    }
}

extension NoticeConfiguration: CustomStringConvertible, CustomReflectable {
    /// Without the relay, whose address may hold a password.
    var description: String { "NoticeConfiguration(\(self.receivers))" }

    var customMirror: Mirror { Mirror(self, children: ["receivers": self.receivers]) }
}
