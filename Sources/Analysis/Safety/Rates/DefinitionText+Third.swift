extension DefinitionText {
    /// Of rates over 36 whole months alone; those of a year stay with the second. What both have in common has the
    /// second's words; of companies beside each other it says nothing.
    static let third = DefinitionText(
        version: 3, since: "0.1.0", period: .months36,
        Self.second.clauses.filter { $0.part != "companies" }
            .map { clause in Self.changed.first { $0.part == clause.part } ?? clause } + [Self.months])

    private static let changed = [
        Clause(
            "vehicles.telemetry",
            zh: "分母：车辆·年，每万辆每年；登记在册的车日 ÷ 当年全年天数，36 个月相加，不论是否行驶。",
            en: """
                Against: vehicle-years, per 10,000 vehicles and year; days in the register ÷ days of their year, added \
                up over the 36 months, driven or not.
                """),
        Clause(
            "vehicles.reported", zh: "分母：车辆·年，每万辆每年；各年上报的车辆数相加（年末数或平均数以上报单位为准），不是登记车日。",
            en: """
                Against: vehicle-years, per 10,000 vehicles and year; the numbers reported of the years added up (at \
                their end or on average, as those who reported them have it), not days in the register.
                """),
        Clause(
            "baseline",
            zh: "基准年：数量与暴露量取上报数；没有上报时取事故登记与当年观测，来源与本期不同时注明；当年登记为空不算 0 起。死亡人数须同一期限，未注明的按 7 日。"
                + "36 个月内含基准年的，不与基准比较。",
            en: """
                The baseline, one year: count and exposure as reported, else the register's accidents and what was \
                seen of that year; where it was come by in another way than this period's, that is told. An empty \
                register is no year without accidents. Deaths of the same window only; one that is not named is 7 \
                days. 36 months that hold the baseline year are not compared with it.
                """),
        Clause(
            "ratio",
            zh: "与基准之比：率 ÷ 基准率，附条件二项精确 95% 区间；基准为 0 时比无定义。任一期观测不足一半时不作文字比较。",
            en: """
                The ratio: rate ÷ baseline rate with the conditional binomial's exact 95 % interval; undefined with \
                0 in the baseline. With less than half of either period's exposure seen, words do not compare.
                """),
    ]

    private static let months = Clause(
        "period",
        zh: "期间：36 个整月（中国日期），逐月滑动；数量与暴露量各自相加后相除。相邻两点有 35 个月相同，相隔 36 个月才不重叠，只有不重叠的两段互相比较。"
            + "观测开始之前的年份（或要求上报数时）取上报数，只能整年计入：只含其一部分的一点没有率；既有观测又有上报年份的注明后者年数。"
            + "任一年的数量不明的，或任一月既无登记车辆又无任何上报的，没有率。",
        en: """
            Period: 36 whole months (days in China), moving on month by month; counts and exposures are added up, \
            each by itself, and then divided. Neighbouring points share 35 months; only 36 months on they share none, \
            and only such are compared with each other. Years before anything was measured (or where reported \
            figures are asked for) are as reported, and can be taken whole only: a point that holds a part of one has \
            no rate; where measured months stand beside reported years, the number of these is told. There is no rate \
            where the count of any of the years is not known, or where of any month there is neither a registered \
            vehicle nor a word of any terminal.
            """)
}
