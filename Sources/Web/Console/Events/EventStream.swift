import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// `/api/v1/events`: one client's stream of events.
struct EventStream: Sendable {
    let hub: EventHub

    func response(to request: Request, _ context: ConsoleContext) async throws -> Response {
        var headers = HTTPFields()
        headers[.contentType] = "text/event-stream"
        headers[.cacheControl] = "no-store"
        headers[.accelBuffering] = "no"
        guard request.method == .get else { return Response(status: .ok, headers: headers) }
        let lastEventID = request.headers[.lastEventID].map { String($0.prefix(64)) }
        guard await self.hub.hasRoom else { throw Problem.tooManyStreams(request.uri.path) }
        let hub = self.hub
        let channel = context.channel
        let body = ResponseBody { writer in
            // Only here: a response whose head cannot be written never runs its body, and would never unsubscribe.
            guard let subscription = await hub.subscribe(after: lastEventID) else {
                return try await writer.finish(nil)
            }
            do {
                try await withGracefulShutdownHandler {
                    try await request.body.consumeWithInboundCloseHandler { _ in
                        for await _ in subscription.wakeUps {
                            let bytes = await hub.take(for: subscription)
                            if !bytes.isEmpty { try await writer.write(ByteBuffer(bytes: bytes)) }
                        }
                    } onInboundClosed: {
                        subscription.end()
                    }
                } onGracefulShutdown: {
                    subscription.end()
                    // A client that does not read keeps the writer waiting; it is not waited for.
                    channel?.eventLoop.scheduleTask(in: .seconds(1)) { channel?.close(promise: nil) }
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
