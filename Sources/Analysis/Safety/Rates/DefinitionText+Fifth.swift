extension DefinitionText {
    /// Of years, as the fourth but for two clauses: which district a company's trucks count for in years past, and that
    /// a year of which the register of accidents holds less than half is not compared.
    static let fifth = DefinitionText(version: 5, since: "0.1.0", Self.placed(Self.fourth))

    /// The same of 36 months, as the third.
    static let sixth = DefinitionText(version: 6, since: "0.1.0", period: .months36, Self.placed(Self.third))

    private static func placed(_ text: DefinitionText) -> [Clause] {
        text.clauses.map { clause in Self.changed.first { $0.part == clause.part } ?? clause }
    }

    private static let changed = [
        Clause(
            "scope.telemetry",
            zh: "范围：登记车辆（全部车型）；区县、企业按事故登记，未写明的按车辆当时所属企业。企业所在区县按现行登记，各年一律：改动后以往各年的数也随之变动。"
                + "全市含未登记终端的里程与无法归属的事故。",
            en: """
                Scope: the registered trucks of all kinds; district and company as the accident's row names them, \
                else those of its truck at that time. The district of a company is the one registered now, for all \
                years: where it is changed, figures of years past change with it. The city includes kilometres of \
                unregistered terminals and accidents that belong to no known company.
                """),
        Clause(
            "ratio",
            zh: "与基准之比：率 ÷ 基准率，附条件二项精确 95% 区间；基准为 0 时比无定义。任一期观测不足一半，或事故登记始于该期过半之后的，不作文字比较。"
                + "一年不与其自身比较。",
            en: """
                The ratio: rate ÷ baseline rate with the conditional binomial's exact 95 % interval; undefined with \
                0 in the baseline. With less than half of either period's exposure seen, or where the register of \
                accidents began after half of either was over, words do not compare. No year is compared with itself.
                """),
    ]
}
