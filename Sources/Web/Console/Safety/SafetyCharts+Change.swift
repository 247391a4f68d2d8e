import Chronology
import Safety

/// Charts of change: month by month, and before against after.
extension SafetyCharts {
    /// The cumulative sum and its alarm.
    static func cumulativeSum(_ control: ControlSeries) -> Markup? {
        guard !control.months.isEmpty else { return nil }
        var frame = Self.monthly(
            control, control.months.map(\.sum) + [control.threshold * 1.15], Bilingual.inline("累积和", "CUSUM"))
        let height = frame.py(control.threshold)
        frame.line((ChartFrame.left, height), (ChartFrame.width - ChartFrame.right, height), "target")
        frame.path(control.months.enumerated().map { (Double($0.offset), $0.element.sum) }, "observed")
        for (index, month) in control.months.enumerated() {
            frame.dot(
                Double(index), month.sum, radius: month.isSignal ? 5 : 3, month.isSignal ? "outside" : "measured",
                "\(SafetyPage.text(month.month)): \(month.count), S \(FigureText.figure(month.sum))")
        }
        frame.label(Bilingual.inline("警戒", "alarm") + " \(FigureText.figure(control.threshold))", ofLineAt: height)
        return frame.finish(Bilingual.inline("累积和控制图", "CUSUM of monthly counts"))
    }

    /// The counts as bars, their weighted mean, and its limit.
    static func movingAverage(_ control: ControlSeries) -> Markup? {
        guard !control.months.isEmpty else { return nil }
        let values = control.months.flatMap { [Double($0.count), $0.average, $0.averageLimit] }
        var frame = Self.monthly(control, values, Bilingual.inline("每月", "a month; EWMA"))
        let width = min(14, (frame.px(1) - frame.px(0)) * 0.6)
        for (index, month) in control.months.enumerated() where month.count > 0 {
            let top = frame.py(Double(month.count))
            frame.rectangle(
                x: frame.px(Double(index)) - width / 2, y: top, width: width, height: frame.py(0) - top, "count",
                "\(SafetyPage.text(month.month)): \(month.count)")
        }
        frame.path(control.months.enumerated().map { (Double($0.offset), $0.element.averageLimit) }, "target")
        frame.path(control.months.enumerated().map { (Double($0.offset), $0.element.average) }, "observed")
        for (index, month) in control.months.enumerated() where month.isAverageSignal {
            frame.dot(
                Double(index), month.average, radius: 5, "outside",
                "\(SafetyPage.text(month.month)): EWMA \(FigureText.figure(month.average))")
        }
        if let last = control.months.last {
            frame.label(
                Bilingual.inline("上限", "limit") + " \(FigureText.figure(last.averageLimit))",
                ofLineAt: frame.py(last.averageLimit))
        }
        return frame.finish(Bilingual.inline("指数加权移动平均", "EWMA of monthly counts"))
    }

    private static func monthly(_ control: ControlSeries, _ values: [Double], _ title: String) -> ChartFrame {
        let count = control.months.count
        var frame = ChartFrame(x: -0.6...Double(count) - 0.4, y: ChartFrame.fromZero(values))
        frame.verticalAxis(title)
        let every = max(1, (count + 5) / 6)
        frame.horizontalAxis(
            Bilingual.inline("月", "month"),
            control.months.enumerated().filter { $0.offset.isMultiple(of: every) }.map {
                (Double($0.offset), SafetyPage.text($0.element.month))
            })
        return frame
    }

    /// Companies that are drawn, and the effect beyond which the paper ends.
    static let (mostCompanies, largestEffect) = (24, 3.0)

    /// The effect on each company with its interval, beside the line of none.
    static func effects(_ table: BeforeAfterTable) -> Markup? {
        let rows = table.rows.filter { $0.effect != nil }.prefix(Self.mostCompanies)
        guard !rows.isEmpty else { return nil }
        let labels = Self.labels(rows.map(\.name))
        let highest = rows.compactMap { $0.effectInterval?.high }.max() ?? 1
        var frame = ChartFrame(
            x: -0.6...Double(rows.count) - 0.4, y: ChartFrame.fromZero([min(max(highest, 1.2), Self.largestEffect)]))
        frame.verticalAxis(Bilingual.inline("效应", "effect"))
        frame.horizontalAxis(
            labels == nil
                ? Bilingual.inline("企业，序号见“数字”", "companies by their number under “Figures”")
                : Bilingual.inline("企业", "companies"),
            rows.indices.map { (Double($0), labels?[$0] ?? String($0 + 1)) })
        let one = frame.py(1)
        frame.line((ChartFrame.left, one), (ChartFrame.width - ChartFrame.right, one), "target")
        for (index, row) in rows.enumerated() {
            guard let effect = row.effect, let interval = row.effectInterval else { continue }
            let x = frame.px(Double(index))
            let top = frame.py(interval.high)
            let title = "\(row.name): \(FigureText.figure(effect.effect)) (\(SafetyPage.limits(interval)))"
            frame.rectangle(x: x - 5, y: top, width: 10, height: frame.py(interval.low) - top, "band", title)
            if interval.high > frame.y.upperBound { frame.words("▲", x: x, y: top + 9, "middle", "arrow") }
            frame.dot(Double(index), effect.effect, "measured", title)
        }
        frame.label(Bilingual.inline("无变化", "none"), ofLineAt: one)
        return frame.finish(Bilingual.inline("前后对比", "effect with interval by company"))
    }

    /// Names as short as the paper has room for, none of them running into the next; `nil` where that would not tell
    /// them apart: then their numbers do.
    static func labels(_ names: [String]) -> [String]? {
        let room = (ChartFrame.width - ChartFrame.left - ChartFrame.right) / (Double(names.count) + 0.2) - Self.space
        let labels = names.map { name -> String in
            guard ChartBox.width(of: name) > room else { return name }
            var short = name
            while !short.isEmpty, ChartBox.width(of: short + "…") > room { short.removeLast() }
            return short + "…"
        }
        let isReadable = zip(labels, names).allSatisfy { $0 == $1 || $0.count > 2 }
        return isReadable && Set(labels).count == labels.count ? labels : nil
    }

    /// Between two labels, in the paper's units.
    private static let space = 6.0

    /// The companies' names as the table beside the chart has them: with their numbers where the chart has these alone.
    static func numbered(_ table: BeforeAfterTable) -> [String] {
        let drawn = table.rows.filter { $0.effect != nil }.prefix(Self.mostCompanies).map(\.name)
        guard Self.labels(drawn) == nil else { return table.rows.map(\.name) }
        let numbers = Dictionary(
            drawn.enumerated().map { ($0.element, $0.offset + 1) }, uniquingKeysWith: { first, _ in first })
        return table.rows.map { row in numbers[row.name].map { "\($0) \(row.name)" } ?? row.name }
    }
}
