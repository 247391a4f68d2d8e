import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import Synchronization

/// Asks an application without a socket, up to the last byte of the answer's body.
///
/// HummingbirdTesting does as much and more, and brings an HTTP client with a TLS library of its own along: minutes of
/// every clean build.
struct InProcess<App: ApplicationProtocol>: Sendable {
    fileprivate let responder: App.Responder

    func execute(
        uri: String, method: HTTPRequest.Method, headers: HTTPFields = [:], body: ByteBuffer? = nil
    ) async throws -> TestResponse {
        var headers = headers
        if let body { headers[.contentLength] = String(body.readableBytes) }
        let request = Request(
            head: HTTPRequest(method: method, scheme: "http", authority: "localhost", path: uri, headerFields: headers),
            body: RequestBody(buffer: body ?? ByteBuffer()))
        let context = App.Responder.Context(
            source: ApplicationRequestContextSource(
                channel: NIOAsyncTestingChannel(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
        let response = try await self.responder.respond(to: request, context: context)
        let written = Written()
        try await response.body.write(written)
        return TestResponse(head: response.head, body: written.bytes.withLock { $0 })
    }
}

/// An answer with all of its body.
struct TestResponse: Sendable {
    let head: HTTPResponse
    let body: ByteBuffer

    var status: HTTPResponse.Status { self.head.status }
    var headers: HTTPFields { self.head.headerFields }
}

/// Keeps what is written.
private final class Written: ResponseBodyWriter, Sendable {
    let bytes = Mutex(ByteBuffer())

    func write(_ buffer: ByteBuffer) async throws {
        _ = self.bytes.withLock { $0.writeImmutableBuffer(buffer) }
    }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}

extension ApplicationProtocol {
    /// Its services do not run: what they feed is tested over a socket.
    func test<Value>(_ body: (InProcess<Self>) async throws -> Value) async throws -> Value {
        try await body(InProcess(responder: try await self.responder))
    }
}
