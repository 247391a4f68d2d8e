import ArgumentParser
import Exchange
import FleetStore
import Foundation
import PostgresClient
import Registers
import Tracks

/// `tongxing import KIND FILE`
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "导入登记表 / import a register",
        discussion:
            "CSV（UTF-8 或 GB 18030）或 XLSX 的第一个工作表。整个文件要么全部导入，要么不改变任何内容 / the whole file or nothing. Importing it twice changes nothing.\n"
            + "发货单更正车牌、工地或时间后，加 --replace 导入：同一站点半年内同票号的旧单撤回 / "
            + "of a delivery note with a corrected plate, site or time, --replace withdraws the old row: the plant's notes of that number, issued within half a year.\n"
            + "作废的发货单、错录的行：以原样的行加 --withdraw 撤回，历史仍可查 / "
            + "cancelled notes, and rows entered by mistake, are taken back by a file of the same rows with --withdraw; what they said stays readable."
    )

    @Argument(help: "登记表 / register: \(RegisterImport.supportedKinds.map(\.rawValue).joined(separator: ", "))")
    var kind: String

    @Argument(help: "文件 / file", completion: .file())
    var file: String

    @Flag(help: "文件中每个编号的行即其全部，取代已登记的行 / the rows of an id in the file are all of it, and replace what is known")
    var replace = false

    @Flag(help: "撤回文件中的行（按编号；发货单为整行）/ take the rows of the file back (by their id; of a note the whole row)")
    var withdraw = false

    @Flag(
        help:
            "围栏按另一坐标系更符合车辆停留时仍照所填导入，并确认坐标无误 / import fences as declared although another coordinate system fits far better, and confirm that they are right"
    )
    var keepCoordinates = false

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        guard let kind = RegisterKind(rawValue: self.kind), RegisterImport.supportedKinds.contains(kind) else {
            throw Failure(
                "import: '\(self.kind)' is none of \(RegisterImport.supportedKinds.map(\.rawValue).joined(separator: ", "))",
                exitCode: 2)
        }
        guard !self.withdraw || !(self.replace || self.keepCoordinates) else {
            throw Failure(
                "import: --withdraw 不能与 --replace、--keep-coordinates 同用 / goes with neither of them", exitCode: 2)
        }
        let configuration = try await self.options.load()
        guard let bytes = FileManager.default.contents(atPath: self.file) else {
            throw Failure("cannot read \(self.file)")
        }
        let result = RegisterReading.read(Array(bytes), kind: kind, file: self.file)
        if self.withdraw { return try self.takeBack(result, kind, configuration.databaseURL) }
        let outcome = try Database.connectCurrent(configuration.databaseURL) { connection in
            if result.errors.isEmpty {
                try CoordinateQuestion(connection: connection, parameters: configuration.parameters.coordinateFit)
                    .ask(result.rows, kind: kind, file: self.file, goesOn: self.keepCoordinates)
            }
            let outcome = try RegisterStore(connection: connection).importRecords(
                result.rows.map(\.record), kind: kind, source: (self.file as NSString).lastPathComponent,
                by: NSUserName(), replaces: self.replace, isRehearsal: !result.errors.isEmpty)
            if self.keepCoordinates, result.errors.isEmpty, outcome.refused.isEmpty {
                try connection.transaction {
                    try CoordinateQuestionStore(connection: connection).answer(
                        Set(result.rows.map(\.record.key)).sorted(), of: kind, by: NSUserName())
                }
            }
            return outcome
        }
        let refused = outcome.refused.map { RowError($0, in: result.rows) }
        try RegisterReading.require(result.errors.joined(by: refused), file: self.file)
        let withdrawn = outcome.withdrawn > 0
        Terminal.line(
            "\(kind.rawValue): 新增 \(outcome.added)，变更 \(outcome.changed)，未变 \(outcome.unchanged)"
                + (withdrawn ? "，撤回 \(outcome.withdrawn)" : "")
                + " / \(outcome.added) added, \(outcome.changed) changed, \(outcome.unchanged) unchanged"
                + (withdrawn ? ", \(outcome.withdrawn) withdrawn" : ""))
    }

    private func takeBack(_ result: RegisterImport.Result, _ kind: RegisterKind, _ databaseURL: String) throws {
        try RegisterReading.require(result.errors, file: self.file)
        let outcome = try Database.connectCurrent(databaseURL) { connection in
            try RegisterStore(connection: connection).withdraw(
                Set(result.rows.map(\.record.key)), kind: kind, source: (self.file as NSString).lastPathComponent,
                by: NSUserName())
        }
        Terminal.line(
            "\(kind.rawValue): 撤回 \(outcome.withdrawn)，未登记 \(outcome.unchanged)"
                + " / \(outcome.withdrawn) withdrawn, \(outcome.unchanged) not known")
    }
}

/// Reads a register file and says everything that is wrong with it, by line and column.
enum RegisterReading {
    /// Warnings beyond these are only counted; errors are all shown.
    private static let warningLimit = 10

    /// Says the warnings; the errors are the caller's.
    static func read(_ bytes: [UInt8], kind: RegisterKind, file: String) -> RegisterImport.Result {
        let result = RegisterImport.read(kind: kind, bytes: bytes).warned(ofAccidentsAfter: Clocks.now())
        for warning in result.warnings.prefix(self.warningLimit) { Terminal.error("\(file): " + self.text(warning)) }
        let more = result.warnings.count - self.warningLimit
        if more > 0 { Terminal.error("\(file): 另有 \(more) 条提醒 / \(more) more warnings") }
        return result
    }

    /// Says the errors and throws when there are any.
    static func require(_ errors: [RowError], file: String) throws {
        guard !errors.isEmpty else { return }
        for error in errors { Terminal.error("\(file): " + self.text(error)) }
        throw Failure("\(file): 未导入任何内容 / nothing was imported: \(errors.count) errors to mend")
    }

    private static func text(_ error: RowError) -> String {
        let column = error.column.map { " [\($0)]" } ?? ""
        return "第 \(error.line) 行\(column) \(error.message.zh) / line \(error.line)\(column): \(error.message.en)"
    }
}
