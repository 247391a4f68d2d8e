package import Chronology
import Foundation
package import Hummingbird
package import Logging
import NIOCore
import ServiceLifecycle

/// The console: HTTP API, server-sent events and the live page, over a `FleetReading`.
///
/// It runs until its service group stops it; open streams of events then end at once.
package struct ConsoleServer: Service {
    private let configuration: ConsoleConfiguration
    private let fleet: any FleetReading
    private let logger: Logger
    private let now: @Sendable () -> Instant
    private let onRunning: @Sendable (Int) async -> Void

    /// `now` is the clock, tests give their own; `onRunning` is called once with the port that is listened on.
    package init(
        configuration: ConsoleConfiguration, fleet: any FleetReading, logger: Logger,
        now: @escaping @Sendable () -> Instant = Self.systemClock,
        onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.fleet = fleet
        self.logger = logger
        self.now = now
        self.onRunning = onRunning
    }

    /// - Throws: `ConsoleError`: a port that is taken, an address that is not ours, a value that cannot be used.
    package func run() async throws {
        let application = try self.application()
        do {
            try await application.run()
        } catch let error as IOError {
            throw self.listenError(error)
        } catch let error as ConsoleError {
            throw error
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw ConsoleError(.serverFailed, "控制台停止 / The console ended: \(error)")
        }
    }

    /// The application that `run` runs; tests put requests to it directly.
    package func application() throws(ConsoleError) -> some ApplicationProtocol {
        let tiles = try self.configuration.tileURL.map { (url) throws(ConsoleError) in try TileSource(url) }
        let hub = EventHub(
            log: EventLog(
                run: UInt64(bitPattern: self.now().microseconds), historyLimit: self.configuration.eventHistoryLimit,
                queueLimit: self.configuration.perClientQueueLimit, clientLimit: self.configuration.eventClientLimit,
                retryMilliseconds: self.configuration.retryMilliseconds))
        let requests = RequestCounter()
        var table = RouteTable()
        Assets(configuration: self.configuration, tiles: tiles, logger: self.logger).install(in: &table)
        self.addAPI(to: &table, hub)
        self.addOperations(to: &table, hub, requests)

        let router = Router(context: ConsoleContext.self)
        router.add(
            middleware: Gatekeeper(
                table: table, requests: requests,
                contentSecurityPolicy: TileSource.contentSecurityPolicy(for: tiles), logger: self.logger))
        table.install(in: router)
        let onRunning = self.onRunning
        return Application(
            router: router,
            configuration: ApplicationConfiguration(
                address: .hostname(self.configuration.host, port: self.configuration.port)),
            services: [
                FleetFollower(
                    fleet: self.fleet, hub: hub, configuration: self.configuration, logger: self.logger)
            ],
            onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? 0) },
            logger: self.logger)
    }

    private func addAPI(to table: inout RouteTable, _ hub: EventHub) {
        let api = FleetAPI(
            fleet: self.fleet, hub: hub, configuration: self.configuration, now: self.now, logger: self.logger)
        let events = EventStream(hub: hub)
        table.add("/api/v1/vehicles") { try await api.vehicles(Query($0, $1)) }
        table.add("/api/v1/positions") { try await api.positions(Query($0, $1)) }
        table.add("/api/v1/deliveries") { try await api.deliveries(Query($0, $1)) }
        table.add("/api/v1/deliveries/{id}") { try await api.delivery(Query($0, $1)) }
        table.add("/api/v1/plants") { try await api.plants(Query($0, $1)) }
        table.add("/api/v1/sites") { try await api.sites(Query($0, $1)) }
        table.add("/api/v1/places") { try await api.places(Query($0, $1)) }
        table.add("/api/v1/trails/{subject}") { try await api.trail(Query($0, $1)) }
        table.add("/api/v1/status") { try await api.status(Query($0, $1)) }
        table.add("/api/v1/events") { try await events.response(to: $0, $1) }
    }

    private func addOperations(to table: inout RouteTable, _ hub: EventHub, _ requests: RequestCounter) {
        let fleet = self.fleet
        table.add("/healthz") { _, _ in Response(text: "ok\n") }
        table.add("/readyz") { _, _ in try await Self.readiness(of: fleet) }
        table.add("/metrics") { _, _ in
            var text = MetricsText()
            text.fleet(try? await fleet.status())
            await text.web(clients: hub.clientCount, totals: hub.totals, requests: requests)
            let parts = await fleet.partMetrics()
            return Response(text: text.text + parts, mediaType: "text/plain; version=0.0.4; charset=utf-8")
        }
    }

    private static func readiness(of fleet: any FleetReading) async throws -> Response {
        let parts = await fleet.readiness()
        guard !parts.isEmpty, parts.allSatisfy(\.isReady) else {
            var problem = Problem(
                status: 503, type: "not-ready", title: "尚未就绪 / Not ready",
                detail: "有部分尚不能工作 / Some parts cannot work yet", place: "parts",
                remedy: "按各部分的 message 处理 / Do what the message of each part says")
            problem.parts = parts
            throw problem
        }
        return Response(
            json: JSONWriter.document {
                $0.member("ready", true)
                $0.name("parts")
                parts.write(to: &$0)
            })
    }

    private func listenError(_ error: IOError) -> ConsoleError {
        let address = "\(self.configuration.host):\(self.configuration.port)"
        guard error.errnoCode == EADDRINUSE else {
            return ConsoleError(
                .cannotListen,
                "\(address): 无法监听 / cannot listen (\(error)); 检查 web.host 与 web.port / check web.host and web.port")
        }
        return ConsoleError(
            .portTaken,
            "\(address): 端口已被占用 / the port is taken; 停止占用者或更改 web.port (TONGXING_WEB_PORT) / "
                + "stop the other process or change web.port (TONGXING_WEB_PORT)")
    }

    /// Microseconds since 1970 by the system's clock.
    package static let systemClock: @Sendable () -> Instant = {
        Instant(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
    }
}
