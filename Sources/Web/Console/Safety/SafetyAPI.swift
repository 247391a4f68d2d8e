import Chronology
import HTTPTypes
import Hummingbird
import Safety

/// `/api/v1/safety/…` and the page of it.
struct SafetyAPI: Sendable {
    let safety: any SafetyReading
    let now: @Sendable () -> Instant

    private var today: CivilDate { self.now().date(at: .shanghai) }

    func add(to table: inout RouteTable) {
        let period = ["from", "to"]
        table.add("/safety", Query.rateParameters.filter { $0 != "by" } + ["month"]) {
            try await self.page(Query($0, $1))
        }
        table.add("/api/v1/safety/rates", Query.rateParameters) { try await self.rates(Query($0, $1)) }
        table.add("/api/v1/safety/definitions", []) { _, _ in
            Self.list(DefinitionRegister.entries) { entry, list in
                list.object { $0.members(DefinitionRegister.Entry.columns, entry.cells) }
            }
        }
        table.add("/api/v1/safety/funnel", Query.rateParameters.filter { $0 != "by" }) {
            try await self.funnel(Query($0, $1))
        }
        table.add("/api/v1/safety/summary", Query.rateParameters.filter { $0 != "by" }) {
            try await self.summary(Query($0, $1))
        }
        table.add("/api/v1/safety/rolling", Query.rateParameters.filter { $0 != "by" }) {
            try await self.rolling(Query($0, $1))
        }
        table.add("/api/v1/safety/control", Query.rateParameters.filter { $0 != "by" }) {
            try await self.control(Query($0, $1))
        }
        table.add("/api/v1/safety/before-after", Query.rateParameters.filter { $0 != "by" }) {
            try await self.beforeAfter(Query($0, $1))
        }
        table.add("/api/v1/safety/indicators", []) { _, _ in
            Self.list(QualityIndicator.allCases) { $0.write(to: &$1) }
        }
        table.add("/api/v1/safety/exposure", period + ["by"]) { try await self.exposure(Query($0, $1)) }
        table.add("/api/v1/safety/camera-rates", period + ["by"]) { try await self.cameraRates(Query($0, $1)) }
        table.add("/api/v1/safety/cameras-to-mend", []) { _, _ in try await self.camerasToMend() }
        table.add("/api/v1/safety/quality", period + ["by"]) { try await self.quality(Query($0, $1)) }
        table.add("/api/v1/safety/right-turns", period + ["limit"]) { try await self.rightTurns(Query($0, $1)) }
        table.add("/api/v1/safety/capacity", ["year"]) { try await self.capacity(Query($0, $1)) }
        table.add("/api/v1/safety/accidents", ["year"]) { try await self.accidents(Query($0, $1)) }
        table.add(
            "/api/v1/safety/report",
            Query.rateParameters.filter { $0 != "by" && $0 != "year" } + ["kind", "format", "month"]
        ) { try await self.report(Query($0, $1)) }
    }

    private func page(_ query: Query) async throws -> Response {
        var question = try query.rateQuestion(today: self.today)
        question.breakdown = .city
        let overview = try await self.safety.overview(question, month: try self.month(query), at: self.now())
        return Response(
            text: SafetyPage(overview, isEnglish: query.readsEnglish).html, mediaType: "text/html; charset=utf-8")
    }

    /// A month that has not begun has no figures.
    private func month(_ query: Query) throws -> CivilDate? {
        guard let month = try query.month("month") else { return nil }
        guard month <= self.today else {
            throw Problem.badParameter("month", zh: "该月尚未开始", en: "That month has not begun")
        }
        return month
    }

    /// What the page says in sentences of the city's year: the time since the last death, and how long a halving would
    /// take to be seen.
    private func summary(_ query: Query) async throws -> Response {
        var question = try query.rateQuestion(today: self.today)
        question.breakdown = .city
        let overview = try await self.safety.overview(question, month: nil, at: self.now())
        var writer = JSONWriter(reserving: 4096)
        overview.writeSummary(to: &writer)
        return Response(json: writer.bytes)
    }

    private func rates(_ query: Query) async throws -> Response {
        let rows = try await self.safety.rates(try query.rateQuestion(today: self.today))
        return Self.list(rows) { $0.write(to: &$1) }
    }

    /// Companies in the order of their names; there is no order of their rates, because chance would make most of it.
    private func funnel(_ query: Query) async throws -> Response {
        var question = try query.rateQuestion(today: self.today)
        question.breakdown = .company
        let rows = try await self.safety.rates(question)
        let funnel = CompanyFunnel(
            Dictionary(
                rows.map {
                    ($0.scope.text, $0.observation)
                },
                uniquingKeysWith: { first, _ in first }))
        let unit = question.denominator.unitSize
        return Self.list(funnel.points) { point, list in
            list.object {
                $0.member("company", point.name)
                $0.member("count", point.count)
                $0.member("exposure", point.observed.exposure)
                $0.member("coverage", point.observed.coverage)
                $0.member("expected", point.expected)
                $0.member("place", point.place.rawValue)
                $0.member("low_95", point.warning?.low)
                $0.member("high_95", point.warning?.high)
                $0.member("low_998", point.action?.low)
                $0.member("high_998", point.action?.high)
                $0.member("shrunk_rate", point.shrunkRate.map { $0 * unit })
                $0.member("reason", statement: point.reason)
            }
        }
    }

    private func rolling(_ query: Query) async throws -> Response {
        var question = try query.rateQuestion(today: self.today)
        question.breakdown = .city
        let rolling = try await self.safety.rolling(question)
        return Self.list(rolling.rows) {
            rolling.writeHead(to: &$0)
        } write: {
            $0.write(to: &$1)
        }
    }

    private func control(_ query: Query) async throws -> Response {
        var question = try query.rateQuestion(today: self.today)
        question.breakdown = .city
        let control = try await self.safety.control(question)
        let json = JSONWriter.document(reserving: 8192) { ControlSeries.write(control, to: &$0) }
        return Response(json: json)
    }

    /// Companies before and after, in the order of their names.
    private func beforeAfter(_ query: Query) async throws -> Response {
        var question = try query.rateQuestion(today: self.today)
        question.breakdown = .company
        let table = BeforeAfterTable(try await self.safety.rates(question))
        let sentence = question.baselineYear.flatMap { before in
            table?.sentence(before: before, after: question.year)
        }
        return Self.list(table?.rows ?? []) {
            $0.member("sentence", statement: sentence ?? BeforeAfterTable.missing)
            $0.member("overdispersion", table?.overdispersion)
        } write: {
            $0.write(to: &$1)
        }
    }

    /// This year so far, if nothing else is asked for.
    private func exposure(_ query: Query) async throws -> Response {
        let today = self.today
        let days = try query.days(standard: (CivilDate(year: today.year, month: 1, day: 1) ?? today, today))
        try Self.checkLength(days)
        let rows = try await self.safety.exposure(
            by: try query.choice("by") ?? .city, from: days.from, to: days.to)
        return Self.list(rows) {
            $0.member("period_from", days.from.description)
            $0.member("period_to", days.to.description)
        } write: {
            $0.write(to: &$1)
        }
    }

    /// Three years of a city are as much as one answer holds.
    private static func checkLength(_ days: (from: CivilDate, to: CivilDate)) throws(Problem) {
        guard days.to.daysSince1970 - days.from.daysSince1970 < CameraRateTable.longestPeriod else {
            throw Problem.badParameter("to", zh: "from 至 to 最长三年", en: "from to to may span three years at most")
        }
    }

    private func cameraRates(_ query: Query) async throws -> Response {
        let (from, to) = (try query.date("from"), try query.date("to"))
        if let from, let to, from > to {
            throw Problem.badParameter("from", zh: "from 不得晚于 to", en: "from must not be after to")
        }
        if let from { try Self.checkLength((from, to ?? max(from, self.today))) }
        let rows = try await self.safety.cameraRates(by: try query.choice("by") ?? .city, from: from, to: to)
        return Self.list(rows) { $0.write(to: &$1) }
    }

    private func camerasToMend() async throws -> Response {
        let now = self.now()
        return Self.list(try await self.safety.camerasToMend()) { $0.write(to: &$1, now: now) }
    }

    private func quality(_ query: Query) async throws -> Response {
        let today = self.today
        let start = CivilDate(daysSince1970: today.daysSince1970 - today.day + 1)
        let days = try query.days(standard: (start, today))
        try Self.checkLength(days)
        let rows = try await self.safety.quality(
            by: try query.choice("by") ?? .city, from: days.from, to: days.to)
        return Self.list(rows) { $0.write(to: &$1) }
    }

    private func rightTurns(_ query: Query) async throws -> Response {
        let today = self.today
        let days = try query.days(standard: (CivilDate(daysSince1970: today.daysSince1970 - 364), today))
        try Self.checkLength(days)
        let limit = Int(try query.integer("limit", in: 1...10_000) ?? 1000)
        let cells = try await self.safety.turnCells(from: days.from, to: days.to, limit: limit)
        let city = try await self.safety.cameraRates(by: .city, from: days.from, to: days.to).first
        let json = JSONWriter.document(reserving: 96 + cells.count * 192) { collection in
            collection.member("type", "FeatureCollection")
            collection.member("turn_coverage", city?.tally.turnCoverage)
            collection.arrayMember("features") { list in
                for cell in cells { cell.writeFeature(to: &list) }
            }
        }
        return Response(json: json, mediaType: "application/geo+json")
    }

    private func capacity(_ query: Query) async throws -> Response {
        let year = Int(try query.integer("year", in: 1950...9998) ?? Int64(self.today.year))
        var writer = JSONWriter(reserving: 4096)
        try await self.safety.capacity(year: year, today: self.today).write(to: &writer)
        return Response(json: writer.bytes)
    }

    private func accidents(_ query: Query) async throws -> Response {
        let year = Int(try query.integer("year", in: 1950...9998) ?? Int64(self.today.year))
        guard let from = CivilDate(year: year, month: 1, day: 1), let to = CivilDate(year: year, month: 12, day: 31)
        else { throw Problem.badParameter("year", zh: "不是年份", en: "It is no year") }
        return Self.list(try await self.safety.accidents(from: from, to: to)) { $0.write(to: &$1) }
    }

    private func report(_ query: Query) async throws -> Response {
        let month = try self.month(query)
        var question = try query.rateQuestion(today: self.today, year: month?.year)
        question.breakdown = .city
        let report: SafetyReport = try query.choice("kind") ?? .safety
        let format: SafetyReport.Format = try query.choice("format") ?? .xlsx
        let overview = try await self.safety.monthly(question, month: month, at: self.now())
        var response = Response(json: report.bytes(overview, format: format), mediaType: format.mediaType)
        let name = report.fileName(month: overview.monthFrom, format: format)
        response.headers[.contentDisposition] = "attachment; filename=\"\(name)\""
        return response
    }

    /// - Parameter head: what is said of all rows together, before them.
    private static func list<Element>(
        _ rows: [Element], head: (inout JSONWriter) -> Void = { _ in }, write: (Element, inout JSONWriter) -> Void
    ) -> Response {
        Response(
            json: JSONWriter.document(reserving: 256 + rows.count * 640) { body in
                head(&body)
                body.arrayMember("items") { list in
                    for row in rows { write(row, &list) }
                }
                body.member("next", nil as String?)
            })
    }
}

extension TurnCell {
    func writeFeature(to writer: inout JSONWriter) {
        writer.object { feature in
            feature.member("type", "Feature")
            feature.objectMember("geometry") {
                $0.member("type", "Point")
                $0.name("coordinates")
                $0.position(self.coordinate)
            }
            feature.objectMember("properties") {
                $0.member("turns", self.turns)
                $0.member("without_working_camera", self.blind)
                $0.member("camera_unknown", self.unknown)
                $0.member("too_fast", self.fast)
                $0.member("bsd_alarms", self.alarms)
            }
        }
    }
}
