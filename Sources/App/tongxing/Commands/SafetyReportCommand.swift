import ArgumentParser
import Chronology
import Console
import Safety

/// `tongxing safety-report`
struct SafetyReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "safety-report",
        abstract: "安全月报、摄像头月报（XLSX 或可打印 HTML） / the monthly reports on safety and on cameras",
        discussion: """
            serve 可每月自动生成（配置 reports.folder） / `serve` makes them each month by itself: reports.folder in the
            configuration.
            """)

    @Option(help: "哪一份 / which: safety, cameras")
    var kind = SafetyReport.safety

    @Option(help: "格式 / format: html, xlsx；默认按 --out 的扩展名，否则 html / by default that of --out, else html")
    var format: SafetyReport.Format?

    @Option(help: "文件夹：写入当月全部月报 / a folder: writes both reports of the month in both forms")
    var folder: String?

    @Option(help: "月份，如 2026-03；默认为最后有数据的月份 / the month; by default the last with data")
    var month: String?

    @Option(help: "基准年 / the year to compare with")
    var baseline: Int?

    @Option(help: "分子 / what is counted: accidents, fatal_accidents, deaths_7d, deaths_30d")
    var numerator = DefinitionCard.Numerator.accidents

    @Option(help: "分母 / against what: vehicle_km, vehicles, volume_m3")
    var per = DefinitionCard.Denominator.vehicleKilometres

    @Option(help: "输出文件；默认标准输出 / the file to write; by default standard output")
    var out: String?

    @OptionGroup var options: ConfigurationOptions

    func validate() throws {
        if let month, Self.date(month) == nil {
            throw ValidationError("--month: '\(month)' 不是月份 / is no month like 2026-03")
        }
        if let month, let first = Self.date(month), first > Clocks.now().date(at: .shanghai) {
            throw ValidationError("--month: \(month) 尚未开始 / has not begun")
        }
        if self.folder != nil, self.out != nil {
            throw ValidationError("--folder, --out: 二者取一 / one of the two")
        }
        if let baseline, !(1950...9998).contains(baseline) {
            throw ValidationError("--baseline: \(baseline) 不是年份 / is no year")
        }
        if let month, let first = Self.date(month), first.year == self.baseline {
            throw ValidationError("--baseline: 基准年不得是月报的年份本身 / a year is not compared with itself")
        }
    }

    func run() async throws {
        let configuration = try await self.options.load()
        let now = Clocks.now()
        let (wanted, baseline, numerator, per) = (
            self.month.flatMap(Self.date), self.baseline, self.numerator, self.per
        )
        let overview = try Database.connectCurrent(configuration.databaseURL) { connection in
            let figures = try SafetyFigures(
                connection: connection, rules: configuration.safetyRules, catchesUp: true)
            let today = now.date(at: .shanghai)
            var question = RateQuestion(year: today.year, baselineYear: baseline, today: today)
            question.numerator = numerator
            question.denominator = per
            return try figures.monthly(question, month: wanted, at: now)
        }
        if let folder {
            for path in try ReportFolder(path: folder).write(overview, replaces: true) { Terminal.line(path) }
            return
        }
        let isWorkbook = self.out?.lowercased().hasSuffix(".xlsx") ?? false
        let bytes = self.kind.bytes(overview, format: self.format ?? (isWorkbook ? .xlsx : .html))
        guard let out else { return Terminal.output(bytes) }
        try ReportFolder.put(bytes, at: out)
    }

    private static func date(_ text: String) -> CivilDate? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard text.utf8.count == 7, parts.count == 2, let year = parts[0], let month = parts[1] else { return nil }
        return CivilDate(year: year, month: month, day: 1)
    }
}

extension SafetyReport: ExpressibleByArgument {}
extension SafetyReport.Format: ExpressibleByArgument {}
