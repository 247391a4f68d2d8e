extension DefinitionText {
    /// Says of reported figures that they are as reported, and not how terminals are read; of deaths within 30 days
    /// which stand for them where only those within 7 are known; of one kind of trucks, what belongs to it; of
    /// companies, which of them the rate of all is made of.
    static let second = DefinitionText(
        version: 2, since: "0.1.0",
        Self.scopes + Self.counts + Self.exposures + Self.methods)

    private static let scopes = [
        Clause(
            "scope.telemetry",
            zh: "范围：登记车辆（全部车型）；区县、企业按事故登记，未写明的按车辆当时所属企业。全市含未登记终端的里程与无法归属的事故。",
            en: """
                Scope: the registered trucks of all kinds; district and company as the accident's row names them, \
                else those of its truck at that time. The city includes kilometres of unregistered terminals and \
                accidents that belong to no known company.
                """),
        Clause(
            "scope.reported",
            zh: "范围：上报数自身所说的范围（全市、区县或企业），含哪些车以上报单位为准；只上报了全部三种车型而没有合计的，取三者之和。",
            en: """
                Scope: that of the reported figures themselves (city, district or company); which trucks they count \
                is for those who reported them. Where all three kinds of trucks were reported and no total, their \
                sum.
                """),
        Clause(
            "kinds",
            zh: "车型：只计该车型。上报数取该车型的行；登记事故按其车牌当时登记的车型，车牌不明的不计入任何车型，各车型之和可小于全市。",
            en: """
                Kind: trucks of this kind alone. Of reported figures, the rows of the kind; of registered accidents, \
                those whose plate was registered as that kind then. An accident without a known plate is of no kind, \
                so the kinds may add up to less than the city.
                """),
    ]

    private static let counts = [
        Clause(
            "accidents.telemetry",
            zh: "分子：期内（中国日期）登记的全部事故，含财产损失、伤人、死亡，不分责任；同一编号计一次。",
            en: """
                Counted: all registered accidents of the period (days in China), with damage, injuries or deaths, \
                whoever was responsible; rows with one id count once.
                """),
        Clause(
            "accidents.reported",
            zh: "分子：该年上报的事故数；没有上报事故数的，取事故登记：全部事故，同一编号计一次。",
            en: """
                Counted: accidents as reported of that year; where none were reported, those of the register, all \
                of them, rows with one id once.
                """),
        Clause(
            "fatal_accidents.telemetry",
            zh: "分子：期内 30 日内有人死亡的事故起数，不论死亡几人；人数未登记的按登记的等级；只登记到 7 日内无人死亡的不计，两者都不明的不计，均注明起数。",
            en: """
                Counted: accidents of the period with a death within 30 days, however many died; by the registered \
                severity where nobody counted. Those known only to have no death within 7 days are not counted, nor \
                those of which neither is known; how many is told.
                """),
        Clause(
            "fatal_accidents.reported",
            zh: "分子：该年上报的死亡事故起数，不论按几日统计；期限不是 30 日（未注明的按 7 日）时注明；死亡事故数与死亡人数都没有上报的取事故登记（30 日内），只上报了死亡人数的无数可用。",
            en: """
                Counted: fatal accidents as reported of that year, by whatever window, which is told where it is \
                not 30 days (7 where the report does not say). Where neither they nor deaths were reported, those of \
                the register, within 30 days; where deaths alone were, there is no number.
                """),
        Clause(
            "deaths_7d.telemetry",
            zh: "分子：期内事故 7 日内死亡人数（中国公安统计口径）；未登记该期限人数的死亡事故不计；人数与等级均不明的按无人死亡计；均注明起数。",
            en: """
                Counted: deaths within 7 days of the period's accidents (China's police statistics). Fatal accidents \
                without that number are left out, and those with neither a number nor a class that says whether \
                anybody died count as none; how many is told.
                """),
        Clause(
            "deaths_7d.reported",
            zh: "分子：该年上报的 7 日内死亡人数（未注明期限的按 7 日）；上报的是其他期限的不取用，也不以事故登记代替；死亡人数与死亡事故数都没有上报的取事故登记，只上报了死亡事故数的无数可用。",
            en: """
                Counted: deaths within 7 days as reported of that year (a window that is not named is 7 days). \
                Deaths reported within another window are not taken, nor replaced by the register's. Where neither \
                deaths nor fatal accidents were reported, those of the register; where fatal accidents alone were, \
                there is no number.
                """),
        Clause(
            "deaths_30d.telemetry",
            zh: "分子：期内事故 30 日内死亡人数（维也纳公约口径）；只登记了 7 日内人数的，以其代替，可能偏低；两者都没有的死亡事故不计；人数与等级均不明的按无人死亡计；均注明起数。",
            en: """
                Counted: deaths within 30 days of the period's accidents (Vienna convention). Where only those \
                within 7 days are registered they stand for them, which may be too few; fatal accidents with \
                neither number are left out, and those with neither a number nor a class that says whether anybody \
                died count as none; how many is told.
                """),
        Clause(
            "deaths_30d.reported",
            zh: "分子：该年上报的 30 日内死亡人数；上报的是其他期限的（未注明的按 7 日）不取用，也不以事故登记代替；死亡人数与死亡事故数都没有上报的"
                + "取事故登记（只登记了 7 日内人数的以其代替，并注明），只上报了死亡事故数的无数可用。",
            en: """
                Counted: deaths within 30 days as reported of that year. Deaths reported within another window (7 \
                days where none is named) are not taken, nor replaced by the register's. Where neither deaths nor \
                fatal accidents were reported, those of the register, of which deaths within 7 days stand for those \
                within 30 where only they are known, and that is told; where fatal accidents alone were reported, \
                there is no number.
                """),
        Clause(
            "clusters",
            zh: "死亡人数成簇出现（一起事故可能死亡多人），区间偏窄；方法只对事故数与死亡事故数精确。",
            en: """
                Deaths come in clusters (one accident may kill several), which makes their intervals too narrow; \
                the method is exact for accidents and fatal accidents.
                """),
    ]

    private static let exposures = [
        Clause(
            "vehicle_km.telemetry",
            zh: "分母：车公里，每百万；逐车逐日，以里程表为准，无里程表或不可信时为定位间距离，6 小时以内的断点按直线补足。",
            en: """
                Against: vehicle-km, per million; by truck and day, the odometer's, or the way between fixes where \
                there is none or it cannot be believed, with straight lines over gaps of up to 6 h.
                """),
        Clause(
            "vehicle_km.reported", zh: "分母：车公里，每百万；该年上报数，如何得出以上报单位为准，本平台未核算。",
            en: """
                Against: vehicle-km, per million; as reported of that year. How they were come by is for those who \
                reported them; this platform did not work them out.
                """),
        Clause(
            "vehicles.telemetry",
            zh: "分母：车辆，每万辆；登记在册的车日 ÷ 全年天数，不论是否行驶。",
            en: "Against: vehicles, per 10,000; days in the register ÷ days of the year, driven or not."),
        Clause(
            "vehicles.reported", zh: "分母：车辆，每万辆；该年上报的车辆数（年末数或平均数以上报单位为准），不是登记车日。",
            en: """
                Against: vehicles, per 10,000; the number reported of that year (at its end or on average, as those \
                who reported it have it), not days in the register.
                """),
        Clause(
            "volume_m3.telemetry",
            zh: "分母：混凝土与砂浆方量，每百万方；每车次按发货单，无单按满罐；散装水泥车不计。",
            en: """
                Against: m³ of concrete and mortar, per million; by the ticket of each load, or the full drum \
                without one; bulk cement is left out.
                """),
        Clause(
            "volume_m3.reported", zh: "分母：方量，每百万方；该年上报数，含哪些产品以上报单位为准，不是发货单与满罐推算。",
            en: """
                Against: m³, per million; as reported of that year, of whatever products those who reported it \
                count, not reckoned from tickets and drums.
                """),
        Clause(
            "telemetry",
            zh: "暴露量来源：本平台观测。观测份额 = 有定位为证的里程份额 × 有上报的登记车日份额；未观测部分不补算。车辆数出自登记，份额为 1。",
            en: """
                Exposure: seen by this platform. Its coverage is the share of kilometres that fixes show × of \
                registered vehicle-days on which the truck reported; what was not seen is not made up for. Vehicles \
                are the register's, coverage 1.
                """),
        Clause(
            "reported",
            zh: "暴露量来源：该年该范围的上报数（基准年登记），观测份额记为 1，并非实测。",
            en: """
                Exposure: as reported for that year and scope (register of baselines); its coverage is set to 1, \
                which nobody measured.
                """),
    ]

    private static let methods = [
        Clause(
            "rate",
            zh: "率 = 数量 ÷ 暴露量，附 Garwood 精确 95% 区间；暴露量为 0 或未知时无定义，不是 0。",
            en: """
                The rate is count ÷ exposure with Garwood's exact 95 % interval; without exposure it is undefined, \
                not 0.
                """),
        Clause(
            "baseline",
            zh: "基准年：数量与暴露量取上报数；没有上报时取事故登记与当年观测，来源与本期不同时注明；当年登记为空不算 0 起。死亡人数须同一期限，未注明的按 7 日。",
            en: """
                The baseline: count and exposure as reported, else the register's accidents and what was seen of \
                that year; where it was come by in another way than this period's, that is told. An empty register \
                is no year without accidents. Deaths of the same window only; one that is not named is 7 days.
                """),
        Clause(
            "ratio",
            zh: "与基准之比：率 ÷ 基准率，附条件二项精确 95% 区间；基准为 0 时比无定义。任一年观测不足一半时不作文字比较。",
            en: """
                The ratio: rate ÷ baseline rate with the conditional binomial's exact 95 % interval; undefined with \
                0 in the baseline. With less than half of either year's exposure seen, words do not compare.
                """),
        Clause(
            "target",
            zh: "目标：比不超过 0.5（下降 50%）；达标概率为独立 Jeffreys Gamma(½, 0) 先验下的后验概率，基准为 0 时只依据先验。",
            en: """
                The target: a ratio of 0.5 or less (down 50 %); its probability is the posterior one under \
                independent Jeffreys Gamma(½, 0) priors, resting on the prior alone with 0 in the baseline.
                """),
        Clause(
            "companies",
            zh: "企业之间：合计率只由暴露量观测过半的企业算出；其余企业没有期望、位置与收缩率。",
            en: """
                Companies: the rate of all is that of companies whose exposure was seen to half or more; the others \
                have no expectation, no place and no shrunk rate.
                """),
    ]
}
