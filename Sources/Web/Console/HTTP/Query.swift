import Chronology
import Foundation
import Hummingbird
import NIOCore
import Suspicions

/// The parameters of one request, read with their ranges: what cannot be used becomes a `Problem` with status 400.
struct Query {
    let request: Request
    private let context: ConsoleContext

    init(_ request: Request, _ context: ConsoleContext) {
        self.request = request
        self.context = context
    }

    /// The names in a request's query, as they are written.
    static func names(of request: Request) -> [String] {
        Self.pairs(of: request).map { String($0[0]) }
    }

    /// Name and value; a name alone has no value.
    private static func pairs(of request: Request) -> [[Substring]] {
        (request.uri.query ?? "").split(separator: "&")
            .map { $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false) }
    }

    /// Whether the person chose English on one of the pages (`i18n.js`); a page that the server writes follows.
    var readsEnglish: Bool {
        self.request.headers[values: .cookie].contains { header in
            header.split(separator: ";").contains { $0.trimmingPrefix(" ") == "tongxing_language=en" }
        }
    }

    /// A part of the path, percent-decoded.
    func path(_ name: String) throws(Problem) -> String {
        guard let text = self.context.parameters.get(name)?.removingPercentEncoding, Self.isPlainText(text) else {
            throw .badParameter(
                name, zh: "应为 1 至 200 个字符的 UTF-8 文本", en: "It must be UTF-8 text of 1 to 200 characters",
                in: "path")
        }
        return text
    }

    /// What a register's row goes by, from the path: several columns are put together with tabs, as of delivery notes.
    func registerID(_ name: String) throws(Problem) -> String {
        let text = self.context.parameters.get(name)?.removingPercentEncoding
        guard let text, (1...1500).contains(text.utf8.count),
            text.unicodeScalars.allSatisfy({ ($0.value >= 0x20 && $0.value != 0x7f) || $0 == "\t" })
        else {
            throw .badParameter(
                name, zh: "应为 1 至 1500 字节的 UTF-8 文本", en: "It must be UTF-8 text of 1 to 1,500 bytes", in: "path")
        }
        return text
    }

    /// A text of 1–2,000 bytes; `nil` when it is missing, empty or longer.
    func foreignText(_ name: String) throws(Problem) -> String? {
        let values = Self.pairs(of: self.request).filter { $0[0] == name && $0.count == 2 }
        guard values.count == 1, (1...2000).contains(values[0][1].utf8.count) else { return nil }
        return values[0][1].replacing("+", with: " ").removingPercentEncoding
    }

    /// A text of 1–200 characters without control characters; `nil` when it is missing or empty.
    func text(_ name: String) throws(Problem) -> String? {
        try self.text(name) { $0.replacing("+", with: " ") }
    }

    /// `prepare` is applied before percent-decoding.
    private func text(_ name: String, prepare: (String) -> String) throws(Problem) -> String? {
        let values = Self.pairs(of: self.request).filter { $0[0] == name }
        guard values.count <= 1 else {
            throw .badParameter(name, zh: "只能出现一次", en: "It may stand only once")
        }
        guard let value = values.first, value.count == 2, !value[1].isEmpty else { return nil }
        guard let text = prepare(String(value[1])).removingPercentEncoding, Self.isPlainText(text) else {
            throw .badParameter(
                name, zh: "应为最多 200 个字符的 UTF-8 文本，不含控制字符",
                en: "It must be UTF-8 text of at most 200 characters without control characters")
        }
        return text
    }

    func instant(_ name: String) throws(Problem) -> Instant? {
        // `+08:00` is often sent as it is, although a form would send `%2B`: here a plus is never a space.
        guard let text = try self.text(name, prepare: { $0 }) else { return nil }
        guard let instant = Instant(rfc3339: text) else {
            throw .badParameter(
                name, zh: "应为 RFC 3339 时间，如 2026-03-02T08:15:30Z",
                en: "It must be an RFC 3339 time such as 2026-03-02T08:15:30Z")
        }
        let askable = Instant.askable
        guard askable.contains(instant) else {
            throw .badParameter(
                name, zh: "应在 \(askable.lowerBound) 至 \(askable.upperBound) 之间",
                en: "It must lie from \(askable.lowerBound) to \(askable.upperBound)")
        }
        return instant
    }

    func integer(_ name: String, in range: ClosedRange<Int64>) throws(Problem) -> Int64? {
        guard let text = try self.text(name) else { return nil }
        guard let number = Int64(text), range.contains(number) else {
            throw .badParameter(
                name, zh: "应为 \(range.lowerBound) 至 \(range.upperBound) 的整数",
                en: "It must be an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func limit(standard: Int = 100, most: Int64 = 1000) throws(Problem) -> Int {
        Int(try self.integer("limit", in: 1...most) ?? Int64(standard))
    }

    /// Who asks.
    func principal() throws(Problem) -> Principal {
        guard let principal = self.context.principal else { throw .notLoggedIn(self.request.uri.path) }
        return principal
    }

    /// The address at the other end of the connection.
    var address: String { self.context.address }

    func verdict() throws(Problem) -> Verdict? {
        guard let text = try self.text("verdict") else { return nil }
        guard let verdict = Verdict(rawValue: text) else {
            let names = Verdict.allCases.map(\.rawValue).joined(separator: ", ")
            throw .badParameter("verdict", zh: "应为 \(names) 之一", en: "It must be one of \(names)")
        }
        return verdict
    }

    /// `from` and `to`, half-open; what is missing comes from `standard`.
    func stretch(standard: (from: Instant, to: Instant), longestDays: Int) throws(Problem) -> (
        from: Instant, to: Instant
    ) {
        let from = try self.instant("from") ?? standard.from
        let to = try self.instant("to") ?? standard.to
        guard from < to else {
            throw .badParameter("from", zh: "from 应早于 to", en: "from must lie before to")
        }
        guard to.seconds(since: from) <= Double(longestDays) * 86400 else {
            throw .badParameter(
                "to", zh: "from 至 to 最长 \(longestDays) 天", en: "from to to may span \(longestDays) days at most")
        }
        return (from, to)
    }

    private static func isPlainText(_ text: String) -> Bool {
        (1...200).contains(text.count) && text.utf8.count <= 800
            && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
    }
}
