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
    private let access: ConsoleAccess
    private let evidence: (any EvidenceExporting)?
    private let safety: (any SafetyReading)?
    private let desk: (any DeskKeeping)?
    private let registers: (any RegisterKeeping)?
    private let signIn: SignIn?
    private let events: EventSources?
    private let logger: Logger
    private let now: @Sendable () -> Instant
    private let onRunning: @Sendable (Int) async -> Void

    /// `events` is what streams follow, the same as the pages where none is given; `now` is the clock, tests give their
    /// own; `onRunning` is called once with the port that is listened on.
    package init(
        configuration: ConsoleConfiguration, fleet: any FleetReading, access: ConsoleAccess,
        evidence: (any EvidenceExporting)? = nil, safety: (any SafetyReading)? = nil,
        desk: (any DeskKeeping)? = nil, registers: (any RegisterKeeping)? = nil,
        signIn: SignIn? = nil, events: EventSources? = nil, logger: Logger,
        now: @escaping @Sendable () -> Instant = Self.systemClock,
        onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.fleet = fleet
        self.access = access
        self.evidence = evidence
        self.safety = safety
        self.desk = desk
        self.registers = registers
        self.signIn = signIn
        self.events = events
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
        let tiles = try Self.tiles(self.configuration)
        let feeds = EventFeeds(
            self.events ?? EventSources(fleet: self.fleet, alerts: self.desk), configuration: self.configuration,
            logger: self.logger, run: UInt64(bitPattern: self.now().microseconds))
        let hosts = try Self.hosts(self.configuration)
        let gate = AccessGate(
            access: self.access, isBehindTLS: self.configuration.isBehindTLS, now: self.now, logger: self.logger)
        if case .open = self.access { try Self.requireLoopback(self.configuration) }
        let requests = RequestCounter()
        var table = RouteTable()
        Assets(configuration: self.configuration, tiles: tiles, logger: self.logger).install(in: &table)
        self.addAPI(to: &table, feeds, gate)
        AccountAPI(gate: gate, hasSignIn: self.signIn != nil, now: self.now).install(in: &table)
        if let signIn = self.signIn {
            SignInAPI(signIn: signIn, gate: gate, now: self.now, logger: self.logger).install(in: &table)
        }
        self.addOperations(to: &table, feeds, requests)
        if let safety = self.safety { SafetyAPI(safety: safety, now: self.now).add(to: &table) }

        let router = Router(context: ConsoleContext.self)
        router.add(
            middleware: Gatekeeper(
                table: table, hosts: hosts, access: gate, requests: requests,
                contentSecurityPolicy: TileSource.contentSecurityPolicy(for: tiles), logger: self.logger))
        table.install(in: router, behind: gate)
        let onRunning = self.onRunning
        return Application(
            router: router,
            configuration: ApplicationConfiguration(
                address: .hostname(self.configuration.host, port: self.configuration.port)),
            services: [feeds],
            onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? 0) },
            logger: self.logger)
    }

    /// Throws what `run` refuses of a configuration before it listens.
    /// - Parameter isOpen: whether nobody is asked to log in.
    package static func check(_ configuration: ConsoleConfiguration, isOpen: Bool) throws(ConsoleError) {
        _ = try Self.tiles(configuration)
        _ = try Self.hosts(configuration)
        if isOpen { try Self.requireLoopback(configuration) }
    }

    private static func tiles(_ configuration: ConsoleConfiguration) throws(ConsoleError) -> TileSource? {
        try configuration.tileURL.map { (url) throws(ConsoleError) in try TileSource(url) }
    }

    private static func hosts(_ configuration: ConsoleConfiguration) throws(ConsoleError) -> HostGuard {
        try HostGuard(host: configuration.host, allowed: configuration.allowedHosts)
    }

    /// Without accounts nobody is asked, so nobody but this machine may come.
    private static func requireLoopback(_ configuration: ConsoleConfiguration) throws(ConsoleError) {
        let host = configuration.host
        let isLoopback = host == "localhost" || host == "::1" || host.hasPrefix("127.")
        guard isLoopback, configuration.allowedHosts.isEmpty else {
            throw ConsoleError(
                .badConfiguration,
                "web.access: open 只能用于本机地址且不设 web.allowedHosts；请改为 accounts / "
                    + "open is for the loopback alone, without web.allowedHosts: set it to accounts")
        }
    }

    private func addAPI(to table: inout RouteTable, _ feeds: EventFeeds, _ gate: AccessGate) {
        let api = FleetAPI(
            fleet: self.fleet, feeds: feeds, configuration: self.configuration, now: self.now, logger: self.logger)
        let events = EventStream(feeds: feeds, gate: gate)
        let page = ["after", "limit"]
        let trail = ["from", "to", "purpose", "viewing", "limit"]
        table.add("/api/v1/vehicles", page) { try await api.vehicles(Query($0, $1)) }
        table.add("/api/v1/positions", ["since"] + page) { try await api.positions(Query($0, $1)) }
        table.add("/api/v1/deliveries", ["from", "to", "verdict", "plate"] + page) {
            try await api.deliveries(Query($0, $1))
        }
        table.add("/api/v1/deliveries/{id}", []) { try await api.delivery(Query($0, $1)) }
        let evidence = EvidenceAPI(fleet: api, exporter: self.evidence, logger: self.logger)
        table.add("/api/v1/deliveries/{id}/evidence", ["purpose"]) { try await evidence.evidence(Query($0, $1)) }
        table.add("/api/v1/plants", ["at"] + page) { try await api.plants(Query($0, $1)) }
        table.add("/api/v1/sites", ["at"] + page) { try await api.sites(Query($0, $1)) }
        table.add("/api/v1/places", page) { try await api.places(Query($0, $1)) }
        table.add("/api/v1/trails", ["plate", "terminal"] + trail) { try await api.trailAsked(Query($0, $1)) }
        table.add("/api/v1/trails/{subject}", trail) { try await api.trailAt(Query($0, $1)) }
        table.add("/api/v1/status", []) { try await api.status(Query($0, $1)) }
        if let desk = self.desk {
            AlertAPI(desk: desk).add(to: &table)
            EnforcementAPI(desk: desk, now: self.now).add(to: &table)
            CaseAPI(desk: desk, now: self.now).add(to: &table)
            TimelineAPI(fleet: api, desk: desk).add(to: &table)
        }
        if let registers = self.registers { RegisterAPI(registers: registers, now: self.now).add(to: &table) }
        table.add("/api/v1/events", []) { try await events.response(to: $0, $1) }
    }

    private func addOperations(to table: inout RouteTable, _ feeds: EventFeeds, _ requests: RequestCounter) {
        let fleet = self.fleet
        table.add("/healthz") { _, _ in Response(text: "ok\n") }
        table.add("/readyz") { _, _ in try await Self.readiness(of: fleet) }
        table.add("/metrics") { _, _ in
            var text = MetricsText()
            text.fleet(try? await fleet.status())
            text.terminals((try? await fleet.terminalCounts()) ?? [])
            let (clients, totals) = await feeds.totals()
            text.web(clients: clients, totals: totals, requests: requests)
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
