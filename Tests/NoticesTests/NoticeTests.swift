import Foundation
import Testing

@testable import Notices

/// Receivers, signatures, mails and the schedule of tries.
struct NoticeTests {
    private static let secret = "secret=0123456789abcdef"

    @Test func aReceiverIsReadFromOneEntry() throws {
        let webhook = try NoticeReceiver.parse(
            " oa=https://10.0.0.5/hook?x=1 \(Self.secret) severity=4 rules=speeding;unlicensed-origin", isMail: false)
        #expect(webhook.way == .webhook(url: "https://10.0.0.5/hook?x=1", secret: "0123456789abcdef"))
        #expect(webhook.wants(rule: "speeding", severity: 4))
        #expect(!webhook.wants(rule: "speeding", severity: 3) && !webhook.wants(rule: "fatigue", severity: 4))
        let mail = try NoticeReceiver.parse("li=li@example.org", isMail: true)
        #expect(mail.way == .mail(address: "li@example.org") && mail.wants(rule: "x", severity: 3))
        #expect(!mail.wants(rule: "x", severity: 2))
    }

    @Test(arguments: [
        ("", false), ("x", false), ("=https://a", false), ("X=https://a \(Self.secret)", false),
        ("a=https://a", false), ("a=https://a secret=short", false), ("a=http://10.0.0.5/ \(Self.secret)", false),
        ("a=http://127.evil.example/ \(Self.secret)", false), ("a=ftp://a \(Self.secret)", false),
        ("a=https://u:p@a \(Self.secret)", false), ("a=https://a \(Self.secret) severity=5", false),
        ("a=https://a \(Self.secret) colour=red", false), ("a=https:///x \(Self.secret)", false),
        ("a=https://a \(Self.secret) severity=1 severity=2", false), ("a=li", true), ("a=li@x,y@z", true),
        ("a=<li@x>", true), ("a=li@x \(Self.secret)", true), ("a=li@x@y", true), ("a=@x", true),
    ])
    func whatCannotBeMeantIsRefused(entry: String, isMail: Bool) {
        #expect(throws: NoticeConfigurationError.self) { try NoticeReceiver.parse(entry, isMail: isMail) }
    }

    /// However a receiver is printed; the address may hold a token too.
    @Test func secretsAreNotPrinted() throws {
        let receiver = try NoticeReceiver.parse("oa=https://oa.example/t0ken?key=t0ken \(Self.secret)", isMail: false)
        var dumped = ""
        dump(receiver, to: &dumped)
        for text in ["\(receiver)", String(reflecting: [receiver]), "\(receiver.way)", dumped] {
            #expect(text.contains("oa.example"), "\(text)")
            #expect(!text.contains("t0ken") && !text.contains("0123456789abcdef"), "\(text)")
        }
    }

    @Test(arguments: ["localhost", "127.0.0.1", "127.8.8.8", "[::1]"])
    func withoutTLSOnlyThisMachineIsTold(host: String) throws {
        _ = try NoticeReceiver.parse("a=http://\(host):8080/x \(Self.secret)", isMail: false)
    }

    /// Reckoned with `openssl dgst -sha256 -hmac`.
    @Test func theSignatureIsOverTimeAndBody() {
        #expect(
            WebhookSignature.value(of: Array(#"{"a":1}"#.utf8), at: 1_772_438_400, secret: "0123456789abcdef")
                == "t=1772438400,v1=72c827362b83448c337053743918221660dfbd8502f215712a49d354b521a99d")
    }

    @Test func triesGrowRareAndEnd() {
        let schedule = RetrySchedule(firstSeconds: 5, attempts: 16)
        #expect(
            (1...16).map { schedule.wait(afterAttempts: $0) } == [
                5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600, 3600, 3600, nil,
            ])
        #expect(RetrySchedule(firstSeconds: 3600, attempts: 100).wait(afterAttempts: 99) == 3600)
        #expect(RetrySchedule(firstSeconds: 1, attempts: 1).wait(afterAttempts: 1) == nil)
    }

    @Test func aMailIsPlainASCIIInShortLines() {
        let mail = MailMessage(
            from: "a@b", to: "c@d", subject: "[4] 超速 " + String(repeating: "浙F12345 ", count: 20) + "\r\nBcc: x@y",
            text: String(repeating: "线索，非结论。\n", count: 50), messageID: "notice-1@b")
        let text = String(decoding: mail.bytes, as: UTF8.self)
        #expect(text.utf8.allSatisfy { $0 < 0x80 })
        #expect(text.components(separatedBy: "\r\n").allSatisfy { $0.count <= 78 })
        #expect(!text.contains("Bcc") && text.contains("\r\n\r\n") && !text.replacing("\r\n", with: "").contains("\n"))
    }
}
