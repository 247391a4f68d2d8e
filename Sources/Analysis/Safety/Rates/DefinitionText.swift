import Tracks

/// What the words of a definition card mean, as of one version. A text that was published is never edited: what changes
/// becomes the next version, so that a figure of last year can be read by the words of last year.
package struct DefinitionText: Hashable, Sendable {
    /// What one part of a card means.
    package struct Clause: Hashable, Sendable {
        /// `scope`, `rate`, … or the card's own word for a numerator, a denominator or a source; where it holds for one
        /// source of the exposure alone, with that source: `vehicle_km.reported`.
        package let part: String
        package let words: SafetyStatement

        init(_ part: String, zh: String, en: String) {
            self.part = part
            self.words = SafetyStatement(zh: zh, en: en)
        }
    }

    package let version: Int
    /// Of which rates it speaks.
    package let period: DefinitionCard.Period
    /// The version of the product that brought it.
    package let since: String
    package let clauses: [Clause]

    init(version: Int, since: String, period: DefinitionCard.Period = .year, _ clauses: [Clause]) {
        self.version = version
        self.period = period
        self.since = since
        self.clauses = clauses
    }

    /// 16 hexadecimal digits over every word: a text that was edited has others.
    package var fingerprint: String {
        ParameterListing.version(
            of: self.clauses.flatMap { clause in
                [
                    (name: clause.part + ".zh", value: clause.words.zh),
                    (name: clause.part + ".en", value: clause.words.en),
                ]
            })
    }

    /// The first. What it says of deaths within 30 days and of reported exposure is not what was worked out; the second
    /// says it.
    static let first = DefinitionText(
        version: 1, since: "0.1.0",
        [
            Clause(
                "scope",
                zh: "范围：登记车辆（全部车型）；区县、企业按事故登记，未写明的按车辆当时所属企业。全市含未登记终端的里程与无法归属的事故。",
                en: """
                    Scope: the registered trucks of all kinds; district and company as the accident's row names \
                    them, else those of its truck at that time. The city includes kilometres of unregistered \
                    terminals and accidents that belong to no known company.
                    """),
            Clause(
                "accidents",
                zh: "分子：期内（中国日期）登记的全部事故，含财产损失、伤人、死亡，不分责任；同一编号计一次。",
                en: """
                    Counted: all registered accidents of the period (days in China), with damage, injuries or \
                    deaths, whoever was responsible; rows with one id count once.
                    """),
            Clause(
                "fatal_accidents",
                zh: "分子：期内 30 日内有人死亡的事故起数，不论死亡几人；人数未登记的按登记的等级。",
                en: """
                    Counted: accidents of the period with a death within 30 days, however many died; by the \
                    registered severity where nobody counted.
                    """),
            Clause(
                "deaths_7d",
                zh: "分子：期内事故 7 日内死亡人数（中国公安统计口径）；未登记该期限人数的死亡事故不计，并注明。",
                en: """
                    Counted: deaths within 7 days of the period's accidents (China's police statistics); fatal \
                    accidents without that number are left out, and told.
                    """),
            Clause(
                "deaths_30d",
                zh: "分子：期内事故 30 日内死亡人数（维也纳公约口径）；未登记该期限人数的死亡事故不计，并注明。",
                en: """
                    Counted: deaths within 30 days of the period's accidents (Vienna convention); fatal \
                    accidents without that number are left out, and told.
                    """),
            Clause(
                "clusters",
                zh: "死亡人数成簇出现（一起事故可能死亡多人），区间偏窄；方法只对事故数与死亡事故数精确。",
                en: """
                    Deaths come in clusters (one accident may kill several), which makes their intervals too \
                    narrow; the method is exact for accidents and fatal accidents.
                    """),
            Clause(
                "vehicle_km",
                zh: "分母：车公里，每百万；逐车逐日，以里程表为准，无里程表或不可信时为定位间距离，6 小时以内的断点按直线补足。",
                en: """
                    Against: vehicle-km, per million; by truck and day, the odometer's, or the way between fixes \
                    where there is none or it cannot be believed, with straight lines over gaps of up to 6 h.
                    """),
            Clause(
                "vehicles",
                zh: "分母：车辆，每万辆；登记在册的车日 ÷ 全年天数，不论是否行驶。",
                en: "Against: vehicles, per 10,000; days in the register ÷ days of the year, driven or not."),
            Clause(
                "volume_m3",
                zh: "分母：混凝土与砂浆方量，每百万方；每车次按发货单，无单按满罐；散装水泥车不计。",
                en: """
                    Against: m³ of concrete and mortar, per million; by the ticket of each load, or the full \
                    drum without one; bulk cement is left out.
                    """),
            Clause(
                "telemetry",
                zh: "暴露量来源：本平台观测。观测份额 = 有定位为证的里程份额 × 有上报的登记车日份额；未观测部分不补算。车辆数出自登记，份额为 1。",
                en: """
                    Exposure: seen by this platform. Its coverage is the share of kilometres that fixes show × \
                    of registered vehicle-days on which the truck reported; what was not seen is not made up \
                    for. Vehicles are the register's, coverage 1.
                    """),
            Clause(
                "reported",
                zh: "暴露量来源：该年该范围的上报数（基准年登记），份额为 1；上报中没有事故数时取事故登记。",
                en: """
                    Exposure: as reported for that year and scope (register of baselines), coverage 1; accidents \
                    that were not reported are those of the register.
                    """),
            Clause(
                "rate",
                zh: "率 = 数量 ÷ 暴露量，附 Garwood 精确 95% 区间；暴露量为 0 或未知时无定义，不是 0。",
                en: """
                    The rate is count ÷ exposure with Garwood's exact 95 % interval; without exposure it is \
                    undefined, not 0.
                    """),
            Clause(
                "baseline",
                zh: "基准年：取上报数；没有上报时取事故登记与当年观测；当年登记为空不算 0 起。死亡人数须同一期限，未注明的按 7 日。",
                en: """
                    The baseline: as reported, else the register's accidents and what was seen of that year; an \
                    empty register is no year without accidents. Deaths of the same window only; one that is not \
                    named is 7 days.
                    """),
            Clause(
                "ratio",
                zh: "与基准之比：率 ÷ 基准率，附条件二项精确 95% 区间；基准为 0 时比无定义。任一年观测不足一半时不作文字比较。",
                en: """
                    The ratio: rate ÷ baseline rate with the conditional binomial's exact 95 % interval; \
                    undefined with 0 in the baseline. With less than half of either year's exposure seen, words \
                    do not compare.
                    """),
            Clause(
                "target",
                zh: "目标：比不超过 0.5（下降 50%）；达标概率为独立 Jeffreys Gamma(½, 0) 先验下的后验概率，基准为 0 时只依据先验。",
                en: """
                    The target: a ratio of 0.5 or less (down 50 %); its probability is the posterior one under \
                    independent Jeffreys Gamma(½, 0) priors, resting on the prior alone with 0 in the baseline.
                    """),
        ])
}
