import Casework
import Chronology
import Hummingbird
import Logging
import Telemetry

/// `/api/v1/…` over the port: reads parameters, asks the fleet, writes JSON.
struct FleetAPI: Sendable {
    let fleet: any FleetReading
    let feeds: EventFeeds
    let configuration: ConsoleConfiguration
    let now: @Sendable () -> Instant
    let logger: Logger
    let viewings: ViewingLog

    init(
        fleet: any FleetReading, feeds: EventFeeds, configuration: ConsoleConfiguration,
        now: @escaping @Sendable () -> Instant, logger: Logger
    ) {
        self.fleet = fleet
        self.feeds = feeds
        self.configuration = configuration
        self.now = now
        self.logger = logger
        self.viewings = ViewingLog(
            limitSeconds: configuration.viewingLimitSeconds, remembered: configuration.viewingsRemembered)
    }

    func vehicles(_ query: Query) async throws -> Response {
        let page = try await self.fleet.vehicles(after: try query.text("after"), limit: try query.limit())
        return try Self.list(page, query) { $0.write(to: &$1) }
    }

    func plants(_ query: Query) async throws -> Response {
        let time = try query.instant("at") ?? self.now()
        let page = try await self.fleet.plants(at: time, after: try query.text("after"), limit: try query.limit())
        return Self.geoJSON(FeatureCollection.page(page) { $0.write(to: &$1, at: time) }, next: page.next, query)
    }

    func sites(_ query: Query) async throws -> Response {
        let time = try query.instant("at") ?? self.now()
        let page = try await self.fleet.sites(at: time, after: try query.text("after"), limit: try query.limit())
        return Self.geoJSON(FeatureCollection.page(page) { $0.write(to: &$1, at: time) }, next: page.next, query)
    }

    func places(_ query: Query) async throws -> Response {
        let page = try await self.fleet.places(after: try query.text("after"), limit: try query.limit())
        return Self.geoJSON(FeatureCollection.page(page) { $0.write(to: &$1) }, next: page.next, query)
    }

    func positions(_ query: Query) async throws -> Response {
        let page = try await self.fleet.positions(
            since: try query.integer("since", in: 0...Int64.max), after: try query.text("after"),
            limit: try query.limit(standard: 1000, most: 5000))
        let hold = self.configuration.cameraHoldSeconds
        return Self.geoJSON(
            FeatureCollection.positions(page, cameraHold: hold), next: page.next, query)
    }

    func deliveries(_ query: Query) async throws -> Response {
        let today = self.now().date(at: .shanghai)
        let start = Instant(startOf: today, at: .shanghai)
        let stretch = try query.stretch(standard: (start, start.advanced(bySeconds: 86400)), longestDays: 36_600)
        let page = try await self.fleet.deliveries(
            DeliveryQuery(
                from: stretch.from, to: stretch.to, verdict: try query.verdict(), plate: try query.text("plate"),
                after: try query.text("after"), limit: try query.limit()))
        return try Self.list(page, query) { $0.write(to: &$1, withJudgements: false) }
    }

    func delivery(_ query: Query) async throws -> Response {
        let id = try query.path("id")
        guard let delivery = try await self.fleet.delivery(id: id) else {
            throw Problem.unknown("delivery", zh: "运单", place: "path parameter id")
        }
        var writer = JSONWriter(reserving: 4096)
        delivery.write(to: &writer)
        return Response(json: writer.bytes)
    }

    func trailAt(_ query: Query) async throws -> Response {
        try await self.trail(of: try query.path("subject"), place: "path parameter subject", query)
    }

    func trailAsked(_ query: Query) async throws -> Response {
        let asked = [("plate", try query.text("plate")), ("terminal", try query.text("terminal"))]
        let subjects = asked.compactMap { name, subject in subject.map { (name, $0) } }
        guard subjects.count == 1 else {
            throw Problem.badParameter(
                "plate", zh: "应给出 plate 或 terminal 之一", en: "One of plate and terminal must be given")
        }
        return try await self.trail(of: subjects[0].1, place: "query parameter \(subjects[0].0)", query)
    }

    /// A trail tells where a person was: who asks for what is noted before it is shown, with the purpose given.
    private func trail(of subject: String, place: String, _ query: Query) async throws -> Response {
        let to = try query.instant("to") ?? self.now()
        let stretch = try query.stretch(standard: (to.advanced(bySeconds: -86400), to), longestDays: 31)
        let longest = self.configuration.trailPointLimit
        let limit = Int(try query.integer("limit", in: 1...Int64(longest)) ?? Int64(longest))
        let purpose = try await self.noteLook(at: subject, query)
        self.logger.notice(
            "Trail read",
            metadata: [
                "trail.subject": "\(subject)", "trail.from": "\(stretch.from)", "trail.to": "\(stretch.to)",
                "trail.purpose": "\(purpose)",
            ])
        // One report more than wanted tells whether, and from when, there is more.
        guard
            var trail = try await self.fleet.trail(
                of: subject, from: stretch.from, to: stretch.to, limit: limit + 1)
        else { throw Problem.unknown("vehicle or terminal", zh: "车辆或终端", place: place) }
        let next = trail.reports.count > limit ? trail.reports[limit].recordedAt : nil
        trail.reports = Array(trail.reports.prefix(limit))
        return Self.geoJSON(
            trail.json(gap: self.configuration.trailGapSeconds, continuesAt: next), next: nil, query)
    }

    /// Notes who looks at where `subject` was, and why; what cannot be noted is not had.
    /// - Returns: the purpose.
    @discardableResult
    func noteLook(at subject: String, _ query: Query) async throws -> String {
        let reader = try query.principal()
        let purpose = try query.text("purpose") ?? ""
        // In open mode there is no person to answer for it.
        guard PurposeText.isSaid(purpose) || reader.credential == .open else { throw Problem.purposeNeeded }
        var access = TrailAccess(reader: reader.name, subject: subject, purpose: purpose)
        access.role = reader.role?.rawValue ?? ""
        access.address = reader.credential == .open ? "" : query.address
        try await self.note(access, viewing: try query.text("viewing"), at: self.now())
        return purpose
    }

    /// Without a mark of its own every request is a look of its own.
    private func note(_ access: TrailAccess, viewing mark: String?, at now: Instant) async throws {
        guard let mark else { return try await self.fleet.noteTrailAccess(access) }
        let viewing = ViewingLog.Viewing(
            reader: access.reader, subject: access.subject, purpose: access.purpose, mark: mark)
        try await self.viewings.once(viewing, at: now) { try await self.fleet.noteTrailAccess(access) }
    }

    func status(_ query: Query) async throws -> Response {
        let status = try await self.fleet.status()
        return Response(json: status.json(serverTime: self.now(), eventClients: await self.feeds.totals().clients))
    }

    private static func list<Element>(
        _ page: Page<Element>, _ query: Query, write: (Element, inout JSONWriter) -> Void
    ) throws -> Response {
        let json = JSONWriter.document(reserving: 64 + page.elements.count * 640) { body in
            body.arrayMember("items") { list in
                for element in page.elements { write(element, &list) }
            }
            body.member("next", page.next)
        }
        return Response(json: json, nextPage: page.next.map { query.address(after: $0) })
    }

    private static func geoJSON(_ bytes: [UInt8], next: String?, _ query: Query) -> Response {
        Response(
            json: bytes, mediaType: "application/geo+json", nextPage: next.map { query.address(after: $0) })
    }
}
