import Chronology
import Console
import PostgresClient
import Safety

/// The safety figures as the console reads them, over a connection of their own: the sums of a year must not keep the
/// live page waiting.
final class ConsoleSafety: SafetyReading {
    private let questions: PostgresWorker

    private let rules: SafetyRules

    init(url: String, rules: SafetyRules) {
        self.rules = rules
        self.questions = PostgresWorker(url: url, application: "tongxing web safety")
    }

    private func ask<R: Sendable>(_ question: @escaping @Sendable (SafetyFigures) throws -> R) async throws -> R {
        let rules = self.rules
        do {
            return try await self.questions.run { connection in
                // The analysis part keeps the days up to date; a reader of pages writes nothing.
                try question(SafetyFigures(connection: connection, rules: rules, catchesUp: false))
            }
        } catch let error as PostgresError where error.remedy != .refuseRow {
            throw FleetReadingError.unavailable(error.description)
        }
    }

    func rates(_ question: RateQuestion) async throws -> [AccidentRate] {
        try await self.ask { try $0.rates(question).rows }
    }

    func cameraRates(by breakdown: CameraBreakdown, from: CivilDate?, to: CivilDate?) async throws -> [CameraRate] {
        let today = Clocks.now().date(at: .shanghai)
        return try await self.ask { figures in
            let first = from ?? figures.extent?.first ?? to ?? today
            return try figures.cameras(
                breakdown, from: first, to: max(first, to ?? figures.extent?.last ?? today))
        }
    }

    func camerasToMend() async throws -> [CameraToMend] { try await self.ask { try $0.camerasToMend() } }

    func quality(by breakdown: RateBreakdown, from: CivilDate, to: CivilDate) async throws -> [QualityRow] {
        try await self.ask { try $0.quality(breakdown, from: from, to: to) }
    }

    func turnCells(from: CivilDate, to: CivilDate, limit: Int) async throws -> [TurnCell] {
        try await self.ask { try $0.turnCells(from: from, to: to, limit: limit) }
    }

    func capacity(year: Int, today: CivilDate) async throws -> CapacityBoard {
        try await self.ask { try $0.capacity(year: year, today: today) }
    }

    func accidents(from: CivilDate, to: CivilDate) async throws -> [AccidentMoment] {
        try await self.ask { try $0.accidents(from: from, to: to) }
    }

    func monthly(_ question: RateQuestion, month: CivilDate?, at now: Instant) async throws -> SafetyOverview {
        try await self.ask { try $0.monthly(question, month: month, at: now) }
    }

    func overview(_ question: RateQuestion, month: CivilDate?, at now: Instant) async throws -> SafetyOverview {
        try await self.ask { try $0.overview(question, month: month, at: now) }
    }
}
