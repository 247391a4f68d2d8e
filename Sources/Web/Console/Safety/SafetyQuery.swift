import Chronology
import Safety

/// The parameters of the safety addresses.
extension Query {
    static let rateParameters = ["year", "baseline", "numerator", "per", "by", "exposure"]

    /// `year` (this year), `baseline`, `numerator`, `per`, `by`, `exposure`, as `tongxing accident-rates` takes them.
    /// - Parameter standard: the year where none is asked for; `nil`: today's.
    func rateQuestion(today: CivilDate, year standard: Int? = nil) throws(Problem) -> RateQuestion {
        let year = try self.integer("year", in: 1950...9998) ?? Int64(standard ?? today.year)
        let baseline = try self.integer("baseline", in: 1950...9998)
        var question = RateQuestion(year: Int(year), baselineYear: baseline.map { Int($0) }, today: today)
        guard !question.isItsOwnBaseline else {
            throw .badParameter(
                "baseline", zh: "基准年不得是所问的年份本身", en: "A year is not compared with itself: ask for another baseline")
        }
        question.numerator = try self.choice("numerator") ?? question.numerator
        question.denominator = try self.choice("per") ?? question.denominator
        question.breakdown = try self.choice("by") ?? question.breakdown
        question.exposure = try self.choice("exposure") ?? question.exposure
        return question
    }

    /// One of the names that a type has.
    func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String
    ) throws(Problem) -> Choice? where Choice.RawValue == String {
        guard let text = try self.text(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw .badParameter(name, zh: "应为 \(names) 之一", en: "It must be one of \(names)")
        }
        return choice
    }

    /// A day in China, `2026-03-02`.
    func date(_ name: String) throws(Problem) -> CivilDate? {
        guard let text = try self.text(name) else { return nil }
        guard let date = Self.date(text) else {
            throw .badParameter(name, zh: "应为日期，如 2026-03-02", en: "It must be a date such as 2026-03-02")
        }
        return date
    }

    /// A month, `2026-03`, by its first day.
    func month(_ name: String) throws(Problem) -> CivilDate? {
        guard let text = try self.text(name) else { return nil }
        guard let date = Self.date(text + "-01") else {
            throw .badParameter(name, zh: "应为月份，如 2026-03", en: "It must be a month such as 2026-03")
        }
        return date
    }

    /// `from` and `to`, both included; what is missing comes from `standard`.
    func days(standard: (from: CivilDate, to: CivilDate)) throws(Problem) -> (from: CivilDate, to: CivilDate) {
        let (from, to) = (try self.date("from") ?? standard.from, try self.date("to") ?? standard.to)
        guard from <= to else {
            throw .badParameter("from", zh: "from 不得晚于 to", en: "from must not be after to")
        }
        return (from, to)
    }

    private static func date(_ text: String) -> CivilDate? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard text.utf8.count == 10, parts.count == 3,
            text.utf8.allSatisfy({ $0 == 0x2d || (0x30...0x39).contains($0) }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
        else { return nil }
        return CivilDate(year: year, month: month, day: day)
    }
}
