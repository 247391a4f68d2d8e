import ArgumentParser
import Console
import Exchange
import Safety

/// `tongxing definitions`
struct DefinitionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "definitions",
        abstract: "口径登记：每一种率数的是什么、除以什么、怎样算 / the register of definition cards: what each rate counts, and how",
        discussion: """
            已发布的文本不再改动：有改动即为新版本，指纹随文字而变。accident-rates 的 definition 列即其编号。
            A text that was published is not edited: a change is a new version, and the fingerprint is that of its
            words. The column `definition` of accident-rates names the card.
            """)

    @Option(help: "只要这一口径，如 definition 列所写 / this card alone, as the column `definition` has it")
    var definition: String?

    @Option(help: "格式 / format: csv, json, ndjson, geojson")
    var format = TableFormat.csv

    func run() async throws {
        var entries = DefinitionRegister.entries
        if let definition {
            guard let entry = DefinitionRegister.entry(of: definition) else {
                throw Failure(
                    "--definition: '\(definition)' 不在口径登记中 / is in no version of the register: tongxing definitions",
                    exitCode: 2)
            }
            entries = [entry]
        }
        var writer = TableWriter(columns: DefinitionRegister.Entry.columns, format: self.format)
        for entry in entries { writer.append(entry.cells.map(TableCell.init)) }
        Terminal.output(writer.finish())
    }
}
