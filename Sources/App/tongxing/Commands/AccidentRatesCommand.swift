import ArgumentParser
import Chronology
import Console
import Exchange
import Safety

/// `tongxing accident-rates`
struct AccidentRatesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accident-rates",
        abstract: "事故率，精确区间，与基准年之比 / accident rates with exact intervals and the ratio to a baseline",
        discussion: """
            率按每百万车公里、每万车、每百万方计；区间为精确 95% 区间。没有暴露量时率为空，不是 0。
            Rates are per 1,000,000 vehicle-km, 10,000 vehicles, 1,000,000 m³; the limits are exact, 95 %. Without
            exposure a rate is undefined: empty, not 0. Years before the telemetry
            began are as reported (import baselines). A year that has not begun has no figures.
            --rolling：截至该年最后一个完整月份及此前 36 个月末，各 36 个月的率，每月末一行；相邻两行有 35 个月相同。
            --rolling: rates over 36 whole months, a row for the last whole month of the year and each of the 36 before
            it; neighbouring rows share 35 months.
            """)

    @Option(help: "年份 / the year")
    var year: Int

    @Option(help: "基准年，不得同 --year / the year to compare with, another than --year")
    var baseline: Int?

    @Option(help: "分子 / what is counted: accidents, fatal_accidents, deaths_7d, deaths_30d")
    var numerator = DefinitionCard.Numerator.accidents

    @Option(help: "分母 / against what: vehicle_km, vehicles, volume_m3")
    var per = DefinitionCard.Denominator.vehicleKilometres

    @Option(help: "范围 / whose: city, district, company, kind（车型 of trucks）")
    var by = RateBreakdown.city

    @Option(help: "暴露量来源 / where the exposure comes from: telemetry, reported")
    var exposure = DefinitionCard.ExposureSource.telemetry

    @Flag(help: "36 个月滚动率 / rates over 36 months, month by month")
    var rolling = false

    @Option(help: "格式 / format: csv, json, ndjson, geojson")
    var format = TableFormat.csv

    @OptionGroup var options: ConfigurationOptions

    func validate() throws {
        for (name, year) in [("--year", self.year), ("--baseline", self.baseline ?? 2000)]
        where !(1950...9998).contains(year) {
            throw ValidationError("\(name): \(year) 不是年份 / is no year")
        }
        guard self.baseline != self.year else {
            throw ValidationError("--baseline: 基准年不得是所问的年份本身 / a year is not compared with itself")
        }
    }

    func run() async throws {
        let configuration = try await self.options.load()
        var question = RateQuestion(
            year: self.year, baselineYear: self.baseline, today: Clocks.now().date(at: .shanghai))
        question.numerator = self.numerator
        question.denominator = self.per
        question.breakdown = self.by
        question.exposure = self.exposure
        let (asked, isRolling) = (question, self.rolling)
        let (rows, rolling) = try Database.connectCurrent(configuration.databaseURL) { connection in
            let figures = try SafetyFigures(
                connection: connection, rules: configuration.safetyRules, catchesUp: true)
            guard isRolling else { return (try figures.rates(asked).rows, [RollingRates]()) }
            let rolling = try figures.rolling(asked)
            return (rolling.flatMap(\.rows), rolling)
        }
        var writer = TableWriter(columns: AccidentRate.columns, format: self.format)
        for row in rows { writer.append(row.cells.map(TableCell.init)) }
        Terminal.output(writer.finish())
        guard isRolling else { return self.say(rows) }
        // The rows' own cautions are those of the last; the others differ in a month each.
        self.say(rolling.compactMap(\.current))
        let unknown = rolling.filter { $0.current == nil }.prefix(1).map(\.sentence)
        for statement in rolling.flatMap(\.cautions).prefix(1) + unknown {
            Terminal.note("\(statement.zh) / \(statement.en)")
        }
    }

    /// What to be careful about, once each, beside the table.
    private func say(_ rows: [AccidentRate]) {
        var said: Set<SafetyStatement> = []
        for caution in rows.flatMap(RateSentences.cautions) where said.insert(caution).inserted {
            Terminal.note("\(caution.zh) / \(caution.en)")
        }
        // An empty cell says why it is empty.
        let unexplained = rows.filter { !$0.isCounted || $0.refusedWindow != nil }
        for finding in unexplained.map(RateSentences.finding) where said.insert(finding).inserted {
            Terminal.note("\(finding.zh) / \(finding.en)")
        }
        if let year = self.baseline, rows.contains(where: { $0.baseline == nil && $0.refusedWindow == nil }) {
            Terminal.note(
                "部分范围没有 \(year) 年基准数据（import baselines），无法比较 / some rows have no figures of \(year) (import baselines): "
                    + "nothing to compare with")
        }
    }
}

extension DefinitionCard.Numerator: ExpressibleByArgument {}
extension DefinitionCard.Denominator: ExpressibleByArgument {}
extension DefinitionCard.ExposureSource: ExpressibleByArgument {}
extension RateBreakdown: ExpressibleByArgument {}
