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

    /// A trail tells where a person was: who asks for what is noted before it is shown, with the purpose given and what
    /// came of it.
    private func trail(of subject: String, place: String, _ query: Query) async throws -> Response {
        let to = try query.instant("to") ?? self.now()
        let stretch = try query.stretch(standard: (to.advanced(bySeconds: -86400), to), longestDays: 31)
        let longest = self.configuration.trailPointLimit
        let limit = Int(try query.integer("limit", in: 1...Int64(longest)) ?? Int64(longest))
        var look = Look(at: subject, during: stretch.from..<stretch.to, purpose: try Self.purpose(of: query))
        // One report more than wanted tells whether, and from when, there is more.
        guard
            var trail = try await self.fleet.trail(
                of: subject, from: stretch.from, to: stretch.to, limit: limit + 1)
        else {
            look.outcome = .notFound
            try await self.note(look, query)
            throw Problem.unknown("vehicle or terminal", zh: "车辆或终端", place: place)
        }
        try await self.note(look, query)
        self.logger.notice(
            "Trail read",
            metadata: [
                "trail.subject": "\(subject)", "trail.from": "\(stretch.from)", "trail.to": "\(stretch.to)",
                "trail.purpose": "\(look.purpose)",
            ])
        let next = trail.reports.count > limit ? trail.reports[limit].recordedAt : nil
        trail.reports = Array(trail.reports.prefix(limit))
        return Self.geoJSON(
            trail.json(gap: self.configuration.trailGapSeconds, continuesAt: next), next: nil, query)
    }

    /// What is looked at, what for, and what came of it.
    struct Look {
        var kind = TrailAccess.Kind.trail
        var subject: String
        var period: Range<Instant>?
        var purpose: String
        var outcome = TrailAccess.Outcome.done

        init(at subject: String, during period: Range<Instant>? = nil, purpose: String) {
            self.subject = subject
            self.period = period
            self.purpose = purpose
        }
    }

    /// The purpose that is needed for a look; in open mode there is no person to answer for it.
    static func purpose(of query: Query) throws -> String {
        let purpose = try query.text("purpose") ?? ""
        let isOpen = try query.principal().credential == .open
        guard isOpen || PurposeText.isSaid(purpose) else { throw Problem.purposeNeeded }
        return purpose
    }

    /// Notes who looks at where somebody was, and why, before anything is sent; what cannot be noted is not had.
    /// Where there was nothing to be shown it notes the attempt. Without a mark of its own every request is a look of
    /// its own.
    func note(_ look: Look, _ query: Query) async throws {
        let (reader, now) = (try query.principal(), self.now())
        var access = TrailAccess(reader: reader.name, subject: look.subject, purpose: look.purpose)
        access.kind = look.kind
        access.outcome = look.outcome
        access.period = look.period
        access.role = reader.role?.rawValue ?? ""
        access.address = reader.credential == .open ? "" : query.address
        guard look.outcome == .done, let period = look.period, let mark = try query.text("viewing") else {
            return try await self.fleet.noteTrailAccess(access)
        }
        let viewing = ViewingLog.Viewing(
            reader: access.reader, subject: access.subject, purpose: access.purpose, mark: mark)
        let entry = access
        try await self.viewings.once(viewing, of: period, at: now) { try await self.fleet.noteTrailAccess(entry) }
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
