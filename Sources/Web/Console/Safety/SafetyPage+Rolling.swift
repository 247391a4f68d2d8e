import Chronology
import Safety

/// The rate over 36 whole months, moving on month by month.
extension SafetyPage {
    func rolling(_ grid: inout Markup) {
        grid.element("section", " class=\"wide\"") { section in
            section.both("36 个月滚动事故率", "Rolling rate over 36 months", "h2")
            let rolling = self.overview.rolling
            let sentence = rolling.sentence
            section.element("div", " class=\"lead\"") { $0.both(sentence.zh, sentence.en) }
            Self.chart(
                &section, SafetyCharts.rolling(rolling), "没有一个 36 个月的率可以计算。",
                "No rate over 36 months can be worked out yet.")
            guard !rolling.rows.isEmpty else { return }
            section.both(
                "每点为截至该月的 36 个月的率，色带为精确 95% 区间；空心点含上报年份；虚线为目标。观测不足一半的点不画。",
                "Each point is the rate of the 36 months up to that one, the band its exact 95 % interval; hollow dots hold "
                    + "reported years; the dashed line is the target. Points seen to less than half are not drawn.")
            for caution in rolling.cautions {
                section.element("div", " class=\"caution\"") { $0.both(caution.zh, caution.en) }
            }
            Self.rollingTable(&section, rolling)
        }
    }

    private static func rollingTable(_ section: inout Markup, _ rolling: RollingRates) {
        section.element("details") { details in
            details.element("summary", Bilingual.inline("数字", "Figures"))
            details.table(
                Bilingual.inline("截至各月的 36 个月", "36 months up to each"),
                [
                    ("截至", "up to"), ("数量", "count"), ("暴露量", "exposure"), ("率", "rate"), ("95% 区间", "95 % interval"),
                    ("观测份额", "coverage"), ("与基准之比", "ratio to baseline"), ("95% 区间", "95 % interval"),
                ],
                rolling.rows.map { row in
                    [
                        Self.text(row.periodTo), String(row.count), Self.figure(row.exposure), Self.figure(row.rate),
                        Self.limits(row.interval), Self.share(row.coverage), Self.figure(row.ratio),
                        Self.limits(row.ratioInterval),
                    ]
                })
        }
    }
}
