import Exchange
import HTTPTypes
import Hummingbird
import Synchronization

/// Texts in gzip, for those who take it. The positions of 5,063 trucks, 2.38 MB, took on one core of an EPYC: 282 kB in
/// 10 ms at level 1, 260 in 13 at 3, 202 in 28 at 6, 184 in 66 at 9.
enum Compression {
    /// Smaller texts fit into one packet as they are.
    private static let smallest = 1024
    /// Of what is written for one answer: a machine of two cores has better things to do than to win the last 4 %.
    private static let quickest = 1
    /// Of what is packed once and sent for as long as the service runs.
    private static let tightest = 9
    private static let mediaTypes: Set<Substring> = [
        "application/json", "application/geo+json", "application/yaml", "text/html", "text/css", "text/javascript",
        "text/plain", "text/csv", "image/svg+xml",
    ]
    /// What holds a session's token, a password or a token of an account goes as it is: the length of a packed text
    /// would tell of them to whoever can put words of his own beside them and see how long the answer is (BREACH).
    private static let secretive = ["/api/v1/session", "/api/v1/accounts", "/sign-in"]

    /// The answer as this client is to have it. A stream of events and what has no length beforehand are left alone.
    static func applied(_ response: Response, to request: Request) async throws -> Response {
        guard request.method == .get, response.status == .ok, self.mayShrink(response, at: request.uri.path) else {
            return response
        }
        var response = response
        response.headers[.vary] = "Accept-Encoding"
        guard self.isTaken(by: request) else { return response }
        let original = Kept()
        try await response.body.write(original)
        let bytes = original.bytes.withLock { $0 }
        guard let packed = Gzip.compress(bytes, level: self.quickest), packed.count < bytes.count else {
            response.body = ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
            return response
        }
        response.headers[.contentEncoding] = "gzip"
        response.body = ResponseBody(byteBuffer: ByteBuffer(bytes: packed))
        return response
    }

    /// A file of the page, packed once; `nil` where nothing is won.
    static func packed(_ bytes: [UInt8], mediaType: String) -> [UInt8]? {
        guard bytes.count >= self.smallest, self.isText(mediaType) else { return nil }
        return Gzip.compress(bytes, level: self.tightest).flatMap { $0.count < bytes.count ? $0 : nil }
    }

    /// Whether the client names gzip, or takes anything and does not refuse gzip (RFC 9110, 12.5.3).
    static func isTaken(by request: Request) -> Bool {
        var answers: [String: Bool] = [:]
        for field in request.headers[values: .acceptEncoding] {
            for entry in field.lowercased().split(separator: ",") {
                let parts = entry.split(separator: ";").map { $0.filter { !$0.isWhitespace } }
                guard let name = parts.first else { continue }
                let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 }
                answers[name] = (weight ?? 1) > 0
            }
        }
        return answers["gzip"] ?? answers["*"] ?? false
    }

    private static func mayShrink(_ response: Response, at path: String) -> Bool {
        guard let length = response.body.contentLength, length >= self.smallest else { return false }
        guard response.headers[.contentEncoding] == nil, response.headers[.setCookie] == nil else { return false }
        return self.isText(response.headers[.contentType] ?? "") && !self.secretive.contains(where: path.hasPrefix)
    }

    private static func isText(_ mediaType: String) -> Bool {
        mediaType.split(separator: ";").first.map(self.mediaTypes.contains) ?? false
    }
}

/// Keeps what a body writes.
private final class Kept: ResponseBodyWriter, Sendable {
    let bytes = Mutex<[UInt8]>([])

    func write(_ buffer: ByteBuffer) async throws {
        self.bytes.withLock { $0.append(contentsOf: buffer.readableBytesView) }
    }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
