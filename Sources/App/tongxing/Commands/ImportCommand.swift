import ArgumentParser
import Exchange
import FleetStore
import Foundation
import Registers

/// `tongxing import KIND FILE`
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "导入登记表 / import a register",
        discussion:
            "CSV（UTF-8 或 GB 18030）。整个文件要么全部导入，要么不改变任何内容 / the whole file or nothing. Importing it twice changes nothing."
    )

    @Argument(help: "登记表 / register: \(RegisterImport.supportedKinds.map(\.rawValue).joined(separator: ", "))")
    var kind: String

    @Argument(help: "文件 / file", completion: .file())
    var file: String

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        guard let kind = RegisterKind(rawValue: self.kind), RegisterImport.supportedKinds.contains(kind) else {
            throw Failure(
                "import: '\(self.kind)' is none of \(RegisterImport.supportedKinds.map(\.rawValue).joined(separator: ", "))",
                exitCode: 2)
        }
        let configuration = try await self.options.load()
        guard let bytes = FileManager.default.contents(atPath: self.file) else {
            throw Failure("cannot read \(self.file)")
        }
        let rows = try RegisterReading.rows(of: Array(bytes), kind: kind, file: self.file)
        let outcome = try Database.connectCurrent(configuration.databaseURL) { connection in
            try RegisterStore(connection: connection).importRecords(
                rows.map(\.record), kind: kind, source: (self.file as NSString).lastPathComponent, by: NSUserName())
        }
        guard outcome.refused.isEmpty else {
            for refused in outcome.refused {
                Terminal.error("\(self.file):\(rows[refused.index].line): \(refused.zh) / \(refused.en)")
            }
            throw Failure("\(self.file): 未导入任何内容 / nothing was imported: \(outcome.refused.count) rows to mend")
        }
        Terminal.line(
            "\(kind.rawValue): 新增 \(outcome.added)，变更 \(outcome.changed)，未变 \(outcome.unchanged) / "
                + "\(outcome.added) added, \(outcome.changed) changed, \(outcome.unchanged) unchanged")
    }
}

/// Reads a register file and says everything that is wrong with it, by line and column.
enum RegisterReading {
    /// Warnings beyond these are only counted; errors are all shown.
    private static let warningLimit = 10

    static func rows(of bytes: [UInt8], kind: RegisterKind, file: String) throws -> [RegisterImport.Row] {
        let result = RegisterImport.read(kind: kind, bytes: bytes)
        for warning in result.warnings.prefix(self.warningLimit) { Terminal.error("\(file): " + self.text(warning)) }
        let more = result.warnings.count - self.warningLimit
        if more > 0 { Terminal.error("\(file): 另有 \(more) 条提醒 / \(more) more warnings") }
        guard result.errors.isEmpty else {
            for error in result.errors { Terminal.error("\(file): " + self.text(error)) }
            throw Failure("\(file): 未导入任何内容 / nothing was imported: \(result.errors.count) errors to mend")
        }
        return result.rows
    }

    private static func text(_ error: RowError) -> String {
        let column = error.column.map { " [\($0)]" } ?? ""
        return "第 \(error.line) 行\(column) \(error.message.zh) / line \(error.line)\(column): \(error.message.en)"
    }
}
