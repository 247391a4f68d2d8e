import Chronology
import Foundation
import Geodesy
import Safety

/// The charts of the safety page. What is good or bad has a shape or a word beside its colour.
enum SafetyCharts {
    /// Rates year by year with their exact intervals, and the rate aimed at. An interval that leaves the paper ends in
    /// an arrow: one year of zero or one accident must not flatten all others.
    static func intervals(_ years: [AccidentRate], baseline: AccidentRate?) -> Markup? {
        let shown = years.filter { $0.rate != nil && $0.isWellSeen }
        guard let first = shown.first, let last = shown.last else { return nil }
        let card = first.card
        let baselineRate = baseline.flatMap {
            $0.isBaselineWellSeen && $0.isBaselineWellCounted ? $0.baselineRate : nil
        }
        let rates = shown.compactMap(\.rate) + [baselineRate].compactMap { $0 }
        let highest = (rates.max() ?? 0) * 2.5
        let limits = shown.compactMap { $0.interval?.high }.map { highest > 0 ? min($0, highest) : $0 }
        var frame = ChartFrame(
            x: Double(first.periodFrom.year) - 0.6...Double(last.periodFrom.year) + 0.6,
            y: ChartFrame.fromZero(rates + limits))
        frame.verticalAxis(
            Bilingual.inline("每\(card.denominator.words.perZH)", "per \(card.denominator.words.perEN)"))
        let every = max(1, shown.count / 7)
        frame.horizontalAxis(
            Bilingual.inline("年", "year"),
            shown.enumerated().filter { $0.offset.isMultiple(of: every) || $0.offset == shown.count - 1 }.map {
                (Double($0.element.periodFrom.year), String($0.element.periodFrom.year))
            })
        for row in shown {
            guard let rate = row.rate, let interval = row.interval else { continue }
            let year = Double(row.periodFrom.year)
            let (x, top) = (frame.px(year), frame.py(interval.high))
            frame.rectangle(
                x: x - 7, y: top, width: 14, height: frame.py(interval.low) - top, "band",
                Self.finding(row))
            if interval.high > frame.y.upperBound { frame.words("▲", x: x, y: top + 9, "middle", "arrow") }
            frame.dot(
                year, rate, row.card.exposureSource == .reported ? "reported" : "measured",
                Self.finding(row))
        }
        if let aim = baselineRate.map({ $0 * card.target }) {
            let height = frame.py(aim)
            frame.line((ChartFrame.left, height), (ChartFrame.width - ChartFrame.right, height), "target")
            frame.label(Bilingual.inline("目标", "target") + " \(FigureText.figure(aim))", ofLineAt: height)
        }
        return frame.finish(Bilingual.inline("逐年事故率与 95% 区间", "rates by year with 95 % intervals"))
    }

    private static func finding(_ row: AccidentRate) -> String {
        let finding = RateSentences.finding(row)
        return Bilingual.inline(finding.zh, finding.en)
    }

    /// The year's count as it grew, beside what the target allows by then.
    static func cumulative(_ overview: SafetyOverview) -> Markup? {
        let row = overview.current
        guard row.isComparable, let allowed = row.allowedCount, !overview.events.isEmpty || row.count == 0 else {
            return nil
        }
        let year = row.periodFrom.year
        guard let first = CivilDate(year: year, month: 1, day: 1), let last = CivilDate(year: year, month: 12, day: 31)
        else { return nil }
        let length = Double(last.daysSince1970 - first.daysSince1970 + 1)
        let end = Double(row.periodTo.daysSince1970 - first.daysSince1970 + 1)
        var frame = ChartFrame(x: 0...length, y: ChartFrame.fromZero([Double(row.count), Double(allowed), 4]))
        frame.verticalAxis(Bilingual.inline("累计", "cumulative"))
        frame.horizontalAxis(
            Bilingual.inline("月", "month"),
            [1, 4, 7, 10].compactMap { month in
                CivilDate(year: year, month: month, day: 1).map {
                    (Double($0.daysSince1970 - first.daysSince1970), String(month))
                }
            })
        frame.path([(0, 0), (end, Double(allowed))], "target")
        var points: [(Double, Double)] = [(0, 0)]
        for (index, date) in overview.events.enumerated() {
            let day = Double(date.daysSince1970 - first.daysSince1970)
            points += [(day, Double(index)), (day, Double(index + 1))]
        }
        points.append((end, Double(row.count)))
        frame.path(points, "observed")
        frame.dot(end, Double(row.count), "measured", "\(row.periodTo): \(row.count)")
        frame.label(
            Bilingual.inline("上限", "allowed") + " \(allowed)", besideDotAt: (frame.px(end), frame.py(Double(allowed))))
        return frame.finish(Bilingual.inline("累计发生数与上限", "cumulative count and what the target allows"))
    }

    /// Companies in the funnel: what a company would have with the rate of all, and what it has.
    static func funnel(_ funnel: CompanyFunnel) -> Markup? {
        let points = funnel.points.compactMap { point in point.expected.map { (point, $0) } }
        guard !points.isEmpty else { return nil }
        let widest = max(points.map(\.1).max() ?? 1, 0.5)
        let highest = FunnelPlot.limits(expected: widest, probability: 0.998)?.high ?? widest
        let counts = points.map { Double($0.0.observed.count) }
        var frame = ChartFrame(x: ChartFrame.fromZero([widest]), y: ChartFrame.fromZero(counts + [highest]))
        frame.verticalAxis(Bilingual.inline("实际", "observed"))
        frame.horizontalAxis(Bilingual.inline("期望", "expected"))
        for (probability, style) in [(0.998, "outer" as StaticString), (0.95, "inner")] {
            let steps = (1...40).map { frame.x.upperBound * Double($0) / 40 }
            let limits = steps.compactMap { x in
                FunnelPlot.limits(expected: x, probability: probability).map { (x, $0) }
            }
            frame.path(
                limits.map { ($0.0, $0.1.high) } + limits.reversed().map { ($0.0, $0.1.low) }, style, closed: true)
        }
        frame.path([(0, 0), (frame.x.upperBound, frame.x.upperBound)], "middle")
        for (point, expected) in points {
            let title = "\(point.name): \(point.observed.count) / \(FigureText.figure(expected))"
            let count = Double(point.observed.count)
            switch point.place {
            case .farMore, .noticeablyMany:
                frame.triangle(expected, count, radius: 5, pointsUp: true, "outside", title)
            case .farFewer, .noticeablyFew:
                frame.triangle(expected, count, radius: 5, pointsUp: false, "below", title)
            case .usual, .undefined: frame.dot(expected, count, "measured", title)
            }
        }
        for (point, expected) in points where point.place == .farMore || point.place == .noticeablyMany {
            frame.label(
                point.name, besideDotAt: (frame.px(expected), frame.py(Double(point.observed.count))))
        }
        return frame.finish(Bilingual.inline("企业漏斗图", "funnel plot of companies"))
    }

    /// The effective rate day by day: known to work, unknown, known not to.
    static func cameraDays(_ days: [CameraRate]) -> Markup? {
        let shown = days.filter { $0.tally.movingMicroseconds.total > 0 }
        guard let first = shown.first, let last = shown.last else { return nil }
        let span = Double(last.periodFrom.daysSince1970 - first.periodFrom.daysSince1970)
        var frame = ChartFrame(x: -0.6...span + 0.6, y: 0...100)
        frame.verticalAxis(Bilingual.inline("行驶时间 %", "moving time %"))
        let every = max(1, shown.count / 6)
        frame.horizontalAxis(
            Bilingual.inline("日", "day"),
            shown.enumerated().filter { $0.offset.isMultiple(of: every) }.map {
                let date = $0.element.periodFrom
                return (
                    Double(date.daysSince1970 - first.periodFrom.daysSince1970), "\(date.month)-\(date.day)"
                )
            })
        let width = min(22, (frame.px(1) - frame.px(0)) * 0.8)
        for day in shown {
            let x = frame.px(Double(day.periodFrom.daysSince1970 - first.periodFrom.daysSince1970)) - width / 2
            let (ok, unknown) = ((day.tally.effectiveRate ?? 0) * 100, (day.tally.unknownShare ?? 0) * 100)
            let title = "\(day.periodFrom): ok \(ChartFrame.number(ok))%, ? \(ChartFrame.number(unknown))%"
            let (a, b, c) = (frame.py(ok), frame.py(ok + unknown), frame.py(100))
            frame.rectangle(x: x, y: a, width: width, height: frame.py(0) - a, "ok", title)
            frame.rectangle(x: x, y: b, width: width, height: a - b, "unknown", title)
            frame.rectangle(x: x, y: c, width: width, height: b - c, "broken", title)
        }
        return frame.finish(Bilingual.inline("逐日摄像头有效率", "effective rate of cameras by day"))
    }

    /// Where right turns are driven, larger the more, in the shape of the map: a triangle where most were without a
    /// working camera, else a circle.
    static func turns(_ cells: [TurnCell]) -> Markup? {
        let latitudes = cells.map(\.coordinate.latitude), longitudes = cells.map(\.coordinate.longitude)
        guard let south = latitudes.min(), let north = latitudes.max(), let west = longitudes.min(),
            let east = longitudes.max(), let most = cells.map(\.turns).max(),
            let mostAlarms = cells.map(\.alarms).max(),
            max(most, mostAlarms) > 0
        else { return nil }
        let frameOfMap = Self.map(south: south, north: north, west: west, east: east)
        var frame = ChartFrame(x: frameOfMap.x, y: frameOfMap.y)
        frame.verticalAxis(Bilingual.inline("纬度", "latitude"))
        frame.horizontalAxis(Bilingual.inline("经度", "longitude"))
        for cell in cells.reversed() {
            let radius = 2 + 8 * (Double(cell.turns) / Double(max(1, most))).squareRoot()
            let (lon, lat) = (cell.coordinate.longitude, cell.coordinate.latitude)
            let title =
                Bilingual.inline(
                    "\(cell.turns) 次右转，\(cell.blind) 次无有效画面，盲区报警 \(cell.alarms) 次",
                    "\(cell.turns) right turns, \(cell.blind) without a working camera, \(cell.alarms) blind-spot alarms"
                )
            if cell.turns > 0, cell.blind * 2 > cell.turns {
                frame.triangle(lon, lat, radius: radius + 1, pointsUp: true, "blind", title)
            } else if cell.turns > 0 {
                frame.dot(lon, lat, radius: radius, "seen", title)
            }
            if cell.alarms > 0 {
                let side = 5 + 9 * (Double(cell.alarms) / Double(mostAlarms)).squareRoot()
                frame.rectangle(
                    x: frame.px(lon) - side / 2, y: frame.py(lat) - side / 2, width: side, height: side, "alarm", title)
            }
        }
        return frame.finish(Bilingual.inline("右转与盲区报警热点", "black spots of right turns and blind-spot alarms"))
    }

    /// The same scale both ways, so that the picture has the shape of the map: a degree of longitude is shorter.
    private static func map(
        south: Double, north: Double, west: Double, east: Double
    ) -> (x: ClosedRange<Double>, y: ClosedRange<Double>) {
        let narrow = max(0.2, cos((south + north) / 2 * .pi / 180))
        let paper =
            (ChartFrame.width - ChartFrame.left - ChartFrame.right)
            / (ChartFrame.height - ChartFrame.top - ChartFrame.bottom)
        let height = max(0.01, (north - south) * 1.16, (east - west) * 1.16 * narrow / paper)
        let width = height * paper / narrow
        let (x, y) = ((west + east) / 2, (south + north) / 2)
        return (x - width / 2...x + width / 2, y - height / 2...y + height / 2)
    }
}
