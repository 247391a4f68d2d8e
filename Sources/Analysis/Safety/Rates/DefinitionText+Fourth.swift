extension DefinitionText {
    /// Of years, as the second, whose words it has but for one clause: what was reported of all of a year is taken for
    /// the days that are over while the year goes on. The second took it whole.
    static let fourth = DefinitionText(
        version: 4, since: "0.1.0",
        Self.second.clauses.map { clause in clause.part == Self.ongoing.part ? Self.ongoing : clause })

    private static let ongoing = Clause(
        "reported",
        zh: "暴露量来源：该年该范围的上报数（基准年登记），观测份额记为 1，并非实测。该年尚未结束或只算到某日的，按该年已过天数的份额折算并注明，"
            + "上报的数量是全年的，不取用，取事故登记。",
        en: """
            Exposure: as reported for that year and scope (register of baselines); its coverage is set to 1, which \
            nobody measured. Of a year that goes on, or is told up to a day, the share of its days that are over is \
            taken, and that is told; a reported count is that of the whole year and not taken, but the register's.
            """)
}
