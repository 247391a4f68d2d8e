import Chronology
import Safety

/// The rate over 36 months as a line in its band.
extension SafetyCharts {
    /// Months in a row make a line; one alone, as of years that were reported, stands by itself. Intervals that leave
    /// the paper are cut at its edge: the first years' must not flatten the others.
    static func rolling(_ rolling: RollingRates) -> Markup? {
        let shown = rolling.rows.filter(\.isWellSeen)
        guard let first = shown.first, let last = shown.last else { return nil }
        let start = Self.month(first)
        let baseline = shown.last { $0.baselineRate != nil && $0.isBaselineWellSeen && $0.isBaselineWellCounted }
        let aim = baseline.flatMap { row in row.baselineRate.map { $0 * row.card.target } }
        let rates = shown.compactMap(\.rate) + [aim].compactMap { $0 }
        let highest = (rates.max() ?? 0) * 2.5
        let limits = shown.compactMap { $0.interval?.high }.map { highest > 0 ? min($0, highest) : $0 }
        var frame = ChartFrame(
            x: -0.6...Double(Self.month(last) - start) + 0.6, y: ChartFrame.fromZero(rates + limits))
        let words = first.card.denominator.words
        frame.verticalAxis(Bilingual.inline("每\(words.perZH)", "per \(words.perEN)"))
        let every = max(1, (Self.month(last) - start + 6) / 6)
        frame.horizontalAxis(
            Bilingual.inline("截至月", "up to month"),
            stride(from: start, through: Self.month(last), by: every).map { month in
                (Double(month - start), Self.name(month))
            })
        for run in Self.runs(shown) { Self.draw(run, from: start, in: &frame) }
        if let aim {
            let height = frame.py(aim)
            frame.line((ChartFrame.left, height), (ChartFrame.width - ChartFrame.right, height), "target")
            frame.label(Bilingual.inline("目标", "target") + " \(FigureText.figure(aim))", ofLineAt: height)
        }
        return frame.finish(
            Bilingual.inline("36 个月滚动事故率与 95% 区间", "rolling rate over 36 months with 95 % intervals"))
    }

    private static func draw(_ run: [AccidentRate], from start: Int, in frame: inout ChartFrame) {
        var (low, high, line): ([(Double, Double)], [(Double, Double)], [(Double, Double)]) = ([], [], [])
        for row in run {
            guard let rate = row.rate, let interval = row.interval else { continue }
            let x = Double(Self.month(row) - start)
            line.append((x, rate))
            low.append((x, interval.low))
            high.append((x, interval.high))
        }
        if line.count > 1 {
            frame.path(high + low.reversed(), "band", closed: true)
            frame.path(line, "observed")
        } else if let bottom = low.first, let top = high.first {
            let (x, y) = (frame.px(top.0), frame.py(top.1))
            frame.rectangle(
                x: x - 4, y: y, width: 8, height: frame.py(bottom.1) - y, "band", Self.finding(of: run[0]))
        }
        for (place, row) in zip(line, run) {
            let holdsReported = row.card.exposureSource == .reported || row.observation.reportedYears > 0
            frame.dot(
                place.0, place.1, radius: line.count > 1 && row != run.last ? 2 : 4,
                holdsReported ? "reported" : "measured", Self.finding(of: row))
        }
    }

    private static func finding(of row: AccidentRate) -> String {
        let finding = RateSentences.finding(row)
        return Bilingual.inline(finding.zh, finding.en)
    }

    /// Rows of months that follow each other.
    private static func runs(_ rows: [AccidentRate]) -> [[AccidentRate]] {
        var runs: [[AccidentRate]] = []
        for row in rows {
            if let before = runs.last?.last, Self.month(row) == Self.month(before) + 1 {
                runs[runs.count - 1].append(row)
            } else {
                runs.append([row])
            }
        }
        return runs
    }

    private static func month(_ row: AccidentRate) -> Int { row.periodTo.year * 12 + row.periodTo.month - 1 }

    private static func name(_ month: Int) -> String {
        let number = month % 12 + 1
        return "\(month / 12)-" + (number < 10 ? "0\(number)" : "\(number)")
    }
}
