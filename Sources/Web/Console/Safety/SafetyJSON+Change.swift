import Chronology
import Safety

/// Exposure, control charts, companies before and after, and what the indicators mean.
extension ExposureRow {
    func write(to writer: inout JSONWriter) {
        let (words, amounts) = (self.group.named, self.amounts)
        writer.object { row in
            row.member("group", words.group)
            row.member("scope", words.scope)
            row.member("vehicle_days", amounts.days)
            row.member("vehicle_km", amounts.isPlaced ? amounts.kilometres : nil)
            row.member("shown_by_fixes", amounts.coverage)
            row.member("odometer_over_fixes", amounts.agreement)
            row.member("moving_hours", amounts.isPlaced ? amounts.movingHours : nil)
            row.member("right_turns", amounts.rightTurns)
            row.member("turn_coverage", amounts.turnCoverage)
            row.member("deliveries", amounts.deliveries)
            row.member("volume_m3", amounts.cubicMetres)
        }
    }
}

extension ExposureRow.Group {
    /// What is added up, and whose: `company` and its name.
    var named: (group: String, scope: String) {
        switch self {
        case .city: ("city", "city")
        case .month(let month): ("month", String(month.description.prefix(7)))
        case .kind(let kind): ("kind", kind)
        case .district(let code): ("district", code)
        case .company(let name): ("company", name)
        case .truck(let plate): ("truck", plate)
        case .day(let day): ("day", day.description)
        case .unregistered: ("unregistered", "unregistered")
        case .terminal(let terminal): ("terminal", terminal)
        }
    }
}

extension ControlSeries {
    /// Without a series there is no number, and the reason for it.
    static func write(_ series: ControlSeries?, to body: inout JSONWriter) {
        body.member("numerator", series?.numerator.rawValue)
        body.member("usual_per_month", series?.usual)
        body.member("usual_from", series?.usualYears.lowerBound)
        body.member("usual_to", series?.usualYears.upperBound)
        body.member("threshold", series?.threshold)
        body.member("months_to_false_alarm", cell: .number(series?.monthsToFalseAlarm))
        body.member("months_to_doubling_seen", cell: .number(series?.monthsToDoubling))
        body.arrayMember("months") { list in
            for month in series?.months ?? [] { Self.write(month, to: &list) }
        }
        body.arrayMember("sum_alarms") { list in
            for alarm in series?.sumAlarms ?? [] { Self.write(alarm, to: &list) }
        }
        body.arrayMember("average_alarms") { list in
            for alarm in series?.averageAlarms ?? [] { Self.write(alarm, to: &list) }
        }
        body.member("sentence", statement: series?.sentence ?? Self.missing)
    }

    private static func write(_ month: Month, to list: inout JSONWriter) {
        list.object {
            $0.member("month", Self.name(month.month))
            $0.member("count", month.count)
            $0.member("sum", month.sum)
            $0.member("sum_is_alarm", month.isSignal)
            $0.member("average", month.average)
            $0.member("average_limit", month.averageLimit)
            $0.member("average_is_alarm", month.isAverageSignal)
        }
    }

    private static func write(_ alarm: Alarm, to list: inout JSONWriter) {
        list.object {
            $0.member("from", Self.name(alarm.from))
            $0.member("to", Self.name(alarm.to))
            $0.member("rising_since", alarm.risingSince.map(Self.name))
        }
    }

    private static func name(_ month: CivilDate) -> String { String(month.description.prefix(7)) }
}

extension RollingRates {
    /// What is said of all its rows together.
    func writeHead(to writer: inout JSONWriter) {
        let (before, change) = (self.before, self.change)
        writer.member("months", Self.months)
        writer.member("last_month", self.last.map { String($0.description.prefix(7)) })
        writer.member("sentence", statement: self.sentence)
        writer.member("cautions", statements: self.cautions)
        writer.member("before_from", before?.periodFrom.description)
        writer.member("before_to", before?.periodTo.description)
        writer.member("before_count", before?.count)
        writer.member("ratio_to_before", cell: .number(change?.ratio))
        writer.member("ratio_to_before", limits: change?.interval())
    }
}

extension BeforeAfterTable.Row {
    func write(to writer: inout JSONWriter) {
        writer.object { row in
            row.member("company", self.name)
            row.member("before", self.before)
            row.member("after", self.after)
            row.member("exposure_ratio", self.exposureRatio)
            row.member("naive_ratio", self.effect?.naiveRatio)
            row.member("naive", limits: self.naiveInterval)
            row.member("expected_after", self.effect?.expectedAfter)
            row.member("effect", self.effect?.effect)
            row.member("effect", limits: self.effectInterval)
            row.member("comparison_ratio", self.comparison?.ratio)
            row.member("comparison", limits: self.comparisonInterval)
        }
    }
}

extension QualityIndicator {
    func write(to writer: inout JSONWriter) {
        writer.object { row in
            row.member("indicator", self.rawValue)
            row.member("title", statement: self.title)
            row.member("formula", statement: self.formula)
            row.member("source", statement: self.source)
            row.member("reference", self.reference)
        }
    }
}
