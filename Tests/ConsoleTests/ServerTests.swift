import Console
import Deliveries
import Foundation
import Hummingbird
import Logging
import ServiceLifecycle
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// The console on a real port.
struct ServerTests {
    /// Runs a console until `body` ends, then stops it gracefully and waits for the end.
    private func withConsole(
        _ fleet: FakeFleet, _ access: ConsoleAccess = .open, events: EventSources? = nil,
        _ change: (inout ConsoleConfiguration) -> Void = { _ in },
        _ body: @Sendable (_ port: Int, _ stop: @Sendable () async -> Void) async throws -> Void
    ) async throws {
        let (ports, running) = AsyncStream.makeStream(of: Int.self)
        let server = console(fleet, access: access, events: events, change) { running.yield($0) }
        let group = ServiceGroup(configuration: .init(services: [server], logger: quietLogger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                // A console that does not start must not leave the test waiting for its port.
                defer { running.finish() }
                try await group.run()
            }
            var iterator = ports.makeAsyncIterator()
            let port = try #require(await iterator.next())
            do {
                try await body(port) { await group.triggerGracefulShutdown() }
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test func aTakenPortIsOneClearError() async throws {
        try await self.withConsole(FakeFleet()) { port, _ in
            let second = console(FakeFleet()) { $0.port = port }
            let error = await #expect(throws: ConsoleError.self) { try await second.run() }
            #expect(error?.code == .portTaken)
            #expect(error?.message.contains("127.0.0.1:\(port)") == true)
            #expect(error?.message.contains("\n") == false)
        }
    }

    @Test func anAddressThatIsNotOursIsAClearError() async throws {
        let server = console(FakeFleet(), access: .accounts(FakeAccounts(), nil)) { $0.host = "192.0.2.1" }
        let error = await #expect(throws: ConsoleError.self) { try await server.run() }
        #expect(error?.code == .cannotListen)
    }

    @Test func eventsFollowTheStoreAndEndWithTheService() async throws {
        let fleet = FakeFleet()
        try await self.withConsole(fleet) { port, stop in
            let stream = try await Connection(port: port, path: "/api/v1/events")
            // The follower's first look is the event 1: it comes as a `reset`, or the stream starts behind it.
            let head = try await stream.read(until: "-1\n")
            #expect(head.contains("text/event-stream") && head.contains("retry: 2000"))
            let change = DeliveryChange.current(try judged(3))
            fleet.change(announcing: .deliveries) { $0.changes.append((revision: 9, change: change)) }
            let event = try await stream.read(until: "D-JX1001-3")
            #expect(event.contains("event: delivery"))
            fleet.change(announcing: .deliveries) {
                $0.changes.append((revision: 10, change: .withdrawn(deliveryID: "D-gone")))
            }
            _ = try await stream.read(until: "{\"delivery_id\":\"D-gone\",\"withdrawn\":true}")
            fleet.change(announcing: .registers) { $0.registerRevision = 2 }
            _ = try await stream.read(until: "event: registers")
            await stop()
            // The end of the chunked body: the stream is closed in good order, at once.
            _ = try await stream.read(until: "0\r\n\r\n")
        }
    }

    /// A question of a page that is not answered holds up no stream: they follow sources of their own.
    @Test func streamsDoNotWaitForPages() async throws {
        let (asked, followed) = (FakeFleet(), FakeFleet())
        asked.change { $0.isAway = true }
        try await self.withConsole(asked, events: EventSources(fleet: followed, alerts: nil)) { port, _ in
            let stream = try await Connection(port: port, path: "/api/v1/events")
            _ = try await stream.read(until: "-1\n")
            let change = DeliveryChange.current(try judged(3))
            followed.change(announcing: .deliveries) { $0.changes.append((revision: 9, change: change)) }
            _ = try await stream.read(until: "D-JX1001-3")
        }
    }

    @Test(arguments: ["/", "/api/v1/status", "/api/v1/events", "/metrics", "/nothing"])
    func aForeignHostIsRefused(path: String) async throws {
        // A console of many hosts asks who comes.
        let access = ConsoleAccess.accounts(AccessTests.accounts(.operator), nil)
        let token = AccessTests.bearer[.authorization]
        try await self.withConsole(FakeFleet(), access, { $0.allowedHosts = ["console.example"] }) { port, _ in
            for host in ["rebound.example:\(port)", nil] {
                let foreign = try await Connection(port: port, path: path, host: host)
                let answer = try await foreign.read(until: "web.allowedHosts")
                #expect(answer.hasPrefix("HTTP/1.1 421 ") && answer.contains("application/problem+json"))
            }
            let own = try await Connection(
                port: port, path: path, host: "console.example:\(port)", authorization: token)
            let answer = try await own.read(until: "\r\n\r\n")
            #expect(answer.hasPrefix(path == "/nothing" ? "HTTP/1.1 404 " : "HTTP/1.1 200 "))
        }
    }

    @Test func aStreamTooManyIsRefused() async throws {
        try await self.withConsole(FakeFleet(), .open, { $0.eventClientLimit = 1 }) { port, _ in
            let first = try await Connection(port: port, path: "/api/v1/events")
            _ = try await first.read(until: "retry:")
            let second = try await Connection(port: port, path: "/api/v1/events")
            let answer = try await second.read(until: "too-many-streams")
            #expect(answer.hasPrefix("HTTP/1.1 503"))
        }
    }
}

/// A plain connection that sends one request and reads what comes; reads happen on a queue of their own.
private final class Connection: Sendable {
    private enum Failure: Error { case cannotConnect, ended(String) }

    private let descriptor: Int32
    private let queue = DispatchQueue(label: "test.connection")

    init(port: Int, path: String, host: String? = "localhost", authorization: String? = nil) async throws {
        self.descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(self.descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failure.cannotConnect }
        // A test that waits for what never comes fails; it does not hang. Beside hundreds of tests that compute, it may
        // be its turn only after minutes.
        var patience = timeval(tv_sec: 900, tv_usec: 0)
        setsockopt(self.descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let header =
            (host.map { "Host: \($0)\r\n" } ?? "") + (authorization.map { "Authorization: \($0)\r\n" } ?? "")
        let request = Array("GET \(path) HTTP/1.1\r\n\(header)\r\n".utf8)
        _ = send(self.descriptor, request, request.count, 0)
    }

    deinit { close(self.descriptor) }

    /// Everything up to and with `marker`, or a failure with what came when the other side closes before.
    func read(until marker: String) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            self.queue.async {
                var bytes: [UInt8] = []
                var buffer = [UInt8](repeating: 0, count: 4096)
                while true {
                    let count = recv(self.descriptor, &buffer, buffer.count, 0)
                    guard count > 0 else {
                        return continuation.resume(throwing: Failure.ended(String(decoding: bytes, as: UTF8.self)))
                    }
                    bytes += buffer.prefix(count)
                    let text = String(decoding: bytes, as: UTF8.self)
                    if text.contains(marker) { return continuation.resume(returning: text) }
                }
            }
        }
    }
}
