import Chronology
import Safety

/// The monthly reports that `serve` makes by itself.
struct ReportConfiguration: Sendable {
    /// `nil`: none are made.
    var folder: String?
    /// The day of the month from which the report on the month before is made.
    var day: Int
    var baselineYear: Int?
    var numerator: DefinitionCard.Numerator
    var denominator: DefinitionCard.Denominator

    init(_ reader: SettingsReader) throws {
        self.folder = try reader.optionalString(.reportsFolder)
        self.day = try reader.integer(.reportsDay, in: 1...28)
        self.baselineYear =
            try reader.optionalString(.reportsBaseline) == nil ? nil : reader.integer(.reportsBaseline, in: 1950...9998)
        self.numerator = try Self.choice(reader, .reportsNumerator)
        self.denominator = try Self.choice(reader, .reportsPer)
    }

    private static func choice<Choice: RawRepresentable & CaseIterable>(
        _ reader: SettingsReader, _ setting: Setting
    ) throws -> Choice where Choice.RawValue == String {
        let text = try reader.string(setting)
        guard let choice = Choice(rawValue: text) else {
            let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw Failure.configuration("\(setting.key): must be one of \(names), not '\(text)'")
        }
        return choice
    }

    /// The first day of the month on which a report is due on this day: the one before, or before `day` the one before
    /// that.
    func dueMonth(on today: CivilDate) -> CivilDate {
        let back = today.day >= self.day ? 1 : 2
        let number = today.year * 12 + today.month - 1 - back
        return CivilDate(year: number / 12, month: number % 12 + 1, day: 1) ?? today
    }

    func question(today: CivilDate) -> RateQuestion {
        var question = RateQuestion(year: today.year, baselineYear: self.baselineYear, today: today)
        question.numerator = self.numerator
        question.denominator = self.denominator
        return question
    }
}
