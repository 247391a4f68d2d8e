import Foundation

/// A mail as the relay takes it: plain text in UTF-8, its head in ASCII.
package struct MailMessage: Hashable, Sendable {
    package var from: String
    package var to: String
    package var subject: String
    package var text: String
    /// The same for every try of one notice, so that a mail program shows it once.
    package var messageID: String

    package init(from: String, to: String, subject: String, text: String, messageID: String) {
        self.from = from
        self.to = to
        self.subject = subject
        self.text = text
        self.messageID = messageID
    }

    package var bytes: [UInt8] {
        let head = [
            "From: <\(self.from)>", "To: <\(self.to)>", "Subject: " + Self.encoded(self.subject),
            "Message-ID: <\(self.messageID)>", "Auto-Submitted: auto-generated", "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64",
        ]
        let body = Data(self.text.utf8).base64EncodedString(options: [
            .lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed,
        ])
        return Array((head.joined(separator: "\r\n") + "\r\n\r\n" + body + "\r\n").utf8)
    }

    /// RFC 2047, in words of at most 75 characters that end between characters of the text.
    static func encoded(_ text: String) -> String {
        var words: [String] = []
        var word = ""
        for character in text.unicodeScalars where character.value >= 0x20 && character.value != 0x7f {
            if (word + String(character)).utf8.count > 42 {
                words.append(word)
                word = ""
            }
            word.unicodeScalars.append(character)
        }
        return (words + [word]).map { "=?utf-8?B?" + Data($0.utf8).base64EncodedString() + "?=" }
            .joined(separator: "\r\n ")
    }
}
