package import Chronology

/// What the control charts say in words: since when there is an alarm, or when there was one.
extension ControlSeries {
    /// Months in a row at which a chart stands at an alarm.
    package struct Alarm: Hashable, Sendable {
        package var from: CivilDate
        package var to: CivilDate
        /// Where the rise seems to begin: the month after the cumulative sum was last 0; `nil` for the mean.
        package var risingSince: CivilDate?
    }

    /// Of the cumulative sum, the oldest first.
    package var sumAlarms: [Alarm] {
        self.alarms(where: \.isSignal).map { alarm in
            var alarm = alarm
            let before = self.months.filter { $0.month < alarm.from }
            let quiet = before.last { $0.sum == 0 }?.month
            alarm.risingSince =
                self.months.first { month in quiet.map { month.month > $0 } ?? true }?.month ?? alarm.from
            return alarm
        }
    }

    /// Of the weighted mean, the oldest first.
    package var averageAlarms: [Alarm] { self.alarms(where: \.isAverageSignal) }

    private func alarms(where isAlarm: (Month) -> Bool) -> [Alarm] {
        var alarms: [Alarm] = []
        var isOpen = false
        for month in self.months {
            if isAlarm(month) {
                if isOpen {
                    alarms[alarms.count - 1].to = month.month
                } else {
                    alarms.append(Alarm(from: month.month, to: month.month))
                }
            }
            isOpen = isAlarm(month)
        }
        return alarms
    }

    /// Why there is no chart.
    package static let missing = SafetyStatement(
        zh: "没有往年的事故登记或基准年，无从比较。",
        en: "Without accidents of earlier years or a baseline there is nothing usual to compare with.")

    /// Since when there is an alarm, or when there was one, and what an alarm is worth.
    package var sentence: SafetyStatement {
        let (usual, limit) = (FigureText.figure(self.usual), FigureText.figure(self.threshold))
        let isOneYear = self.usualYears.lowerBound == self.usualYears.upperBound
        let years =
            isOneYear
            ? "\(self.usualYears.lowerBound)" : "\(self.usualYears.lowerBound)–\(self.usualYears.upperBound)"
        let (rare, soon) = (Self.months(self.monthsToFalseAlarm), Self.months(self.monthsToDoubling))
        let said = self.state
        return SafetyStatement(
            zh: "以 \(years) 年平均每月 \(usual) 起为常态：\(said.zh)。累积和的警戒线为 \(limit)：常态下平均约 \(rare) 个月误报一次，"
                + "若真实翻倍，平均约 \(soon) 个月可发现。各月按暴露量不变计。",
            en: "Usual is what \(years) had, \(usual) a month on average: \(said.en). The cumulative sum's alarm is at "
                + "\(limit): it comes falsely every \(rare) months on average, and a true doubling is seen after about \(soon) "
                + "months. The exposure is taken as even.")
    }

    private var state: SafetyStatement {
        guard let first = self.months.first, let last = self.months.last else {
            return SafetyStatement(zh: "尚无完整月份", en: "no whole month yet")
        }
        let (sums, averages) = (self.sumAlarms, self.averageAlarms)
        guard !sums.isEmpty || !averages.isEmpty else {
            let when = Self.stretch(Self.text(first.month), Self.text(last.month))
            return SafetyStatement(
                zh: "\(when.zh) 累积和与加权均值均未报警",
                en: "neither the cumulative sum nor the weighted mean was at an alarm \(when.en)")
        }
        let parts = [
            Self.words(sums, until: last.month, zh: "累积和", en: "the cumulative sum"),
            Self.words(averages, until: last.month, zh: "加权均值", en: "the weighted mean"),
        ]
        let isNow = [sums.last, averages.last].contains { $0?.to == last.month }
        return SafetyStatement(
            zh: parts.map(\.zh).joined(separator: "，") + (isNow ? "，应查明原因" : ""),
            en: parts.map(\.en).joined(separator: ", ") + (isNow ? "; find out why" : ""))
    }

    private static func words(_ alarms: [Alarm], until last: CivilDate, zh: String, en: String) -> SafetyStatement {
        guard let alarm = alarms.last else {
            return SafetyStatement(zh: "\(zh)未报警", en: "\(en) was never at an alarm")
        }
        let (from, to) = (Self.text(alarm.from), Self.text(alarm.to))
        let rise = alarm.risingSince.map { $0 < alarm.from ? Self.text($0) : nil } ?? nil
        let (zhRise, enRise) = (
            rise.map { "（约自 \($0) 起上升）" } ?? "", rise.map { " (rising from about \($0))" } ?? ""
        )
        let earlier = alarms.count - 1
        let (zhEarlier, enEarlier) =
            earlier == 0
            ? ("", "") : ("（此前另有 \(earlier) 段）", " (and \(earlier == 1 ? "once" : "\(earlier) times") before)")
        if alarm.to == last {
            return SafetyStatement(
                zh: "\(zh)自 \(from) 起报警，至 \(to) 未解除\(zhRise)\(zhEarlier)",
                en: "\(en) has been at an alarm since \(from)\(enRise)\(enEarlier)")
        }
        let when = Self.stretch(from, to)
        return SafetyStatement(
            zh: "\(zh)曾于 \(when.zh) 报警，现已回落\(zhRise)\(zhEarlier)",
            en: "\(en) was at an alarm \(when.en) and has come back\(enRise)\(enEarlier)")
    }

    /// One month, or from one to another.
    private static func stretch(_ from: String, _ to: String) -> (zh: String, en: String) {
        from == to ? (from, "in \(from)") : ("\(from) 至 \(to)", "from \(from) to \(to)")
    }

    private static func text(_ month: CivilDate) -> String { String(month.description.prefix(7)) }

    private static func months(_ number: Double) -> String {
        number < 10_000 ? FigureText.decimal(number, digits: 0) : ">9999"
    }
}
