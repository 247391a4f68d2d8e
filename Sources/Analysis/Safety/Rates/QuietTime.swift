package import Chronology
package import Registers

/// The time since the last fatal accident, as far as the register of accidents tells it.
package struct QuietTime: Hashable, Sendable {
    /// The day up to which it is told.
    package let date: CivilDate
    /// The first accident of any kind: before it nobody kept the register. `nil` where it holds none by the day.
    package let keptSince: CivilDate?
    /// Fatal accidents by the day.
    package let fatal: Int
    /// Accidents after the last of them whose deaths are not known: one of them may have been fatal.
    package let unclear: Int
    /// Days since the last of them.
    package let days: Int?
    /// Fatal accidents a year; `nil` for fewer than two, or less than a quarter of a year.
    package let perYear: Double?

    /// - Parameter days: by which the register is known to be kept, beside those of the accidents: a part of the city
    ///   without one has had none since the city's register is kept.
    package init(_ accidents: some Sequence<Accident>, kept days: [CivilDate] = [], at date: CivilDate) {
        self.date = date
        var ids: Set<String> = []
        let known = accidents.filter { $0.occurredAt.date(at: .shanghai) <= date && ids.insert($0.accidentID).inserted }
        let fatal = known.filter { $0.isFatal(withinDays: 30) }.map(\.occurredAt)
        self.keptSince = (known.map { $0.occurredAt.date(at: .shanghai) } + days.filter { $0 <= date }).min()
        let last = fatal.max() ?? .distantPast
        self.unclear =
            AccidentCount(
                of: known.filter { $0.occurredAt > last }, in: .city, from: CivilDate(daysSince1970: -1_000_000),
                to: date,
                card: DefinitionCard(numerator: .fatalAccidents, denominator: .vehicles)
            ).openDeaths.total
        self.fatal = fatal.count
        self.days = TimeSinceEvent.days(since: fatal, at: date)
        self.perYear = TimeSinceEvent.perYear(fatal, until: date)
    }

    package var sentence: SafetyStatement {
        let (said, open) = (self.said, self.open)
        return SafetyStatement(
            zh: "截至 \(self.date)：\(said.zh)\(open.zh)", en: "Up to \(self.date): \(said.en)\(open.en)")
    }

    /// What may make the days too many.
    private var open: (zh: String, en: String) {
        guard self.unclear > 0 else { return ("", "") }
        let many = self.unclear > 1
        return (
            "其间另有 \(self.unclear) 起事故的死亡人数不明，其中若有死亡事故，则天数没有这么多。",
            " \(self.unclear) later \(many ? "accidents have" : "accident has") deaths that are not known: if "
                + "\(many ? "one of them" : "it") was fatal, the time is shorter."
        )
    }

    private var said: SafetyStatement {
        guard let keptSince else {
            return SafetyStatement(
                zh: "事故登记为空：不知道距上一次死亡事故多少天；登记表为空不等于没有事故。",
                en:
                    "the register of accidents is empty. Nobody knows how long ago the last fatal accident "
                    + "was, and an empty register does not mean that there was none.")
        }
        guard let days else { return self.withoutAny(since: keptSince) }
        if let perYear, let sentence = RateSentences.quiet(days: days, perYear: perYear) { return sentence }
        return self.fatal == 1
            ? SafetyStatement(
                zh: "距登记中唯一一起死亡事故 \(days) 天；只有一起，算不出平常多久一起。",
                en:
                    "\(RateSentences.days(days)) since the only fatal accident of the register; from one alone nobody can tell how "
                    + "long it usually takes.")
            : SafetyStatement(
                zh: "距上一次死亡事故 \(days) 天；登记中的第一起距今不足一季度，算不出平常多久一起。",
                en:
                    "\(RateSentences.days(days)) since the last fatal accident; the first of the register was less than a quarter of "
                    + "a year ago, too short to tell how long it usually takes.")
    }

    /// None yet: how many a year are still compatible with that.
    private func withoutAny(since: CivilDate) -> SafetyStatement {
        let quiet = self.date.daysSince1970 - since.daysSince1970
        let start = (
            zh: "登记自 \(since) 起 \(quiet) 天没有死亡事故",
            en: "no fatal accident is registered in the \(RateSentences.days(quiet)) since "
                + "the register began (\(since))"
        )
        guard let high = ExactPoisson.interval(count: 0, exposure: Double(quiet) / TimeSinceEvent.daysOfYear)?.high
        else {
            return SafetyStatement(zh: start.zh + "，时间太短，说明不了什么。", en: start.en + ": too short to mean anything.")
        }
        let limit = FigureText.figure(high)
        return SafetyStatement(
            zh: start.zh + "；这与每年至多 \(limit) 起相容（95% 上限），不等于不会发生。",
            en: start.en
                + ", which is compatible with up to \(limit) a year (95 % limit); it does not mean that none will be.")
    }
}
