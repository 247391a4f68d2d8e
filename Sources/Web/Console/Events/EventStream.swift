import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// `/api/v1/events`: one client's stream of events.
struct EventStream: Sendable {
    let feeds: EventFeeds
    let gate: AccessGate
    /// Who has lost the right to a stream loses the stream within this time.
    private static let admissionLasts = Duration.seconds(10)
    /// A stream is ended in good order within this time, even on a machine that is busy with all else.
    private static let lastWords = TimeAmount.seconds(8)

    func response(to request: Request, _ context: ConsoleContext) async throws -> Response {
        var headers = HTTPFields()
        headers[.contentType] = "text/event-stream"
        headers[.cacheControl] = "no-store"
        headers[.accelBuffering] = "no"
        guard request.method == .get else { return Response(status: .ok, headers: headers) }
        let lastEventID = request.headers[.lastEventID].map { String($0.prefix(64)) }
        guard let principal = context.principal else { throw Problem.notLoggedIn(request.uri.path) }
        let hub = self.feeds.hub(for: principal)
        guard await hub.hasRoom else { throw Problem.tooManyStreams(request.uri.path) }
        let gate = self.gate
        let channel = context.channel
        let body = ResponseBody { writer in
            // Only here: a response whose head cannot be written never runs its body, and would never unsubscribe.
            guard let subscription = await hub.subscribe(after: lastEventID) else {
                return try await writer.finish(nil)
            }
            do {
                try await withGracefulShutdownHandler {
                    try await request.body.consumeWithInboundCloseHandler { _ in
                        var admittedAt = ContinuousClock.now
                        for await _ in subscription.wakeUps {
                            if ContinuousClock.now - admittedAt > Self.admissionLasts {
                                guard await gate.stillAdmits(request, context) else { break }
                                admittedAt = .now
                            }
                            let bytes = await hub.take(for: subscription)
                            if !bytes.isEmpty { try await writer.write(ByteBuffer(bytes: bytes)) }
                        }
                    } onInboundClosed: {
                        subscription.end()
                    }
                } onGracefulShutdown: {
                    subscription.end()
                    // A client that does not read keeps the writer waiting; it is not waited for any longer.
                    channel?.eventLoop.scheduleTask(in: Self.lastWords) { channel?.close(promise: nil) }
                }
            } catch {
                // The client is gone: nothing more can be said to it.
            }
            await hub.unsubscribe(subscription)
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }
}
