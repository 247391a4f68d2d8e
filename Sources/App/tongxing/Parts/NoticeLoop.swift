import Casework
import Chronology
import Console
import FleetStore
import Logging
import Notices
import PostgresClient
import Suspicions

/// Tells one receiver of alerts, on a thread and a connection of its own, so that one that does not answer keeps no
/// other waiting: makes notices of what changed, and sends the oldest until it was taken or is given up.
struct NoticeLoop {
    let receiver: NoticeReceiver
    let configuration: NoticeConfiguration
    let databaseURL: String
    let logger: Logger
    let isStopRequested: () -> Bool

    /// Milliseconds between two looks, and before another process is asked again whether it still works for him.
    private static let pause = 500
    private static let standByPause = 5000
    /// Alerts that one transaction looks at.
    private static let batch = 500

    /// - Returns: what a person has to mend, or nil after an ordered stop.
    func run() -> String? {
        guard let sender = NoticeSender() else { return "libcurl cannot start" }
        var pause = 1000
        while !self.isStopRequested() {
            do {
                try self.follow(sender) { pause = 1000 }
            } catch {
                self.logger.log(
                    level: pause == 1000 ? .warning : .debug, "Notices interrupted",
                    metadata: ["receiver": "\(self.receiver.name)", "reason": "\(error)"])
                Clocks.pause(milliseconds: pause, isStopRequested: self.isStopRequested)
                pause = min(pause * 2, 15_000)
            }
        }
        return nil
    }

    private func follow(_ sender: borrowing NoticeSender, onWork: () -> Void) throws {
        let connection = try PostgresConnection(url: self.databaseURL, application: "tongxing notices")
        let store = NoticeStore(connection: connection)
        while !self.isStopRequested(), try !store.takeCharge(of: self.receiver.name) {
            Clocks.pause(milliseconds: Self.standByPause, isStopRequested: self.isStopRequested)
        }
        try store.dropOld()
        while !self.isStopRequested() {
            let looked = try store.collect(for: self.receiver.name, limit: Self.batch, body: self.body(_:after:))
            guard let notice = try store.next(for: self.receiver.name) else {
                onWork()
                if looked == 0 { Clocks.pause(milliseconds: Self.pause, isStopRequested: self.isStopRequested) }
                continue
            }
            switch self.send(notice, by: sender) {
            case .accepted: try store.noteSent(notice.id)
            case .failed(let reason):
                let wait = self.configuration.schedule.wait(afterAttempts: notice.attempts + 1)
                try store.noteFailure(notice.id, reason, wait: wait)
                self.logger.log(
                    level: wait == nil ? .error : .notice,
                    wait == nil ? "Notice given up" : "Notice not delivered",
                    metadata: [
                        "receiver": "\(self.receiver.name)", "notice": "\(notice.id)", "reason": "\(reason)",
                        "attempts": "\(notice.attempts + 1)",
                    ])
            }
        }
    }

    // MARK: - What is said

    /// A program hears of every change of an alert, a person of the alert once, and again if it is another vehicle's.
    private func body(_ alert: AlertRecord, after last: String?) -> String? {
        guard self.receiver.wants(rule: alert.rule, severity: alert.severity) else { return nil }
        switch self.receiver.way {
        case .webhook:
            let json = JSONWriter.document { notice in
                notice.member("event", last == nil ? "alert.raised" : "alert.changed")
                notice.objectMember("alert") { alert.write(to: &$0) }
            }
            return String(decoding: json, as: UTF8.self)
        case .mail:
            return Self.letter(about: alert, after: last)
        }
    }

    /// The letter that corrects `last` where that named another vehicle; `nil`: there is nothing to correct.
    static func letter(about alert: AlertRecord, after last: String?) -> String? {
        guard let last else { return self.letter(about: alert) }
        guard !last.split(separator: "\n").contains(self.truck(of: alert)[...]) else { return nil }
        let correction = """
            更正：此前就本条预警发出的邮件写了别的车辆，以本邮件为准。
            A correction: the last mail about this alert named another vehicle; this one holds.
            """
        var lines = self.letter(about: alert).split(separator: "\n", omittingEmptySubsequences: false)
        lines[0] = "更正 corrected " + lines[0]
        lines.insert(contentsOf: ["", correction[...]], at: 1)
        return lines.joined(separator: "\n")
    }

    /// The line of a letter that names the vehicle.
    private static func truck(of alert: AlertRecord) -> String { "车辆 truck \(alert.plate ?? alert.terminal)" }

    /// The subject, an empty line, the text.
    private static func letter(about alert: AlertRecord) -> String {
        let who = alert.plate ?? alert.terminal
        let facts = alert.facts.map { "· \($0.zh)\n  \($0.en)" }.joined(separator: "\n")
        return """
            [\(alert.severity)] \(alert.rule) \(who)

            预警 alert \(alert.alertID)
            \(Self.truck(of: alert))
            时间 time \(alert.openedAt)
            \(alert.deliveryID.map { "运单 delivery \($0)" } ?? "")
            \(facts)

            线索，非结论；请在控制台处理。 A lead, not a verdict: deal with it in the console.
            """
    }

    private func send(_ notice: NoticeStore.Waiting, by sender: borrowing NoticeSender) -> NoticeSender.Outcome {
        switch self.receiver.way {
        case .webhook(let url, let secret):
            let body = Array(notice.body.utf8)
            let seconds = Clocks.now().microseconds / 1_000_000
            return sender.post(
                body, to: url,
                headers: [
                    (WebhookSignature.header, WebhookSignature.value(of: body, at: seconds, secret: secret)),
                    ("Tongxing-Notice", String(notice.id)),
                ])
        case .mail(let address):
            let parts = notice.body.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
            let domain = self.configuration.sender.split(separator: "@").last ?? "localhost"
            return sender.mail(
                MailMessage(
                    from: self.configuration.sender, to: address, subject: "砼行 Tongxing " + (parts.first ?? ""),
                    text: String(parts.last ?? ""), messageID: "notice-\(notice.id)@\(domain)"),
                by: self.configuration.relay ?? "")
        }
    }
}
