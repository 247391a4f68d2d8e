package import Chronology
import Registers

extension RegisterImport.Result {
    /// With a warning for each accident that has not happened yet by the clock of whoever takes the file: a slip in
    /// its date, most likely. It is kept as it was reported, and counted when its day has come.
    package func warned(ofAccidentsAfter now: Instant) -> Self {
        var said = self
        for row in self.rows {
            guard case .accident(let accident) = row.record, accident.occurredAt > now else { continue }
            said.warnings.append(
                RowError(
                    line: row.line, column: RegisterColumn.occurredAt.rawValue,
                    Remark(
                        zh: "发生时间晚于现在：到那一天之前不计入任何事故率，请核对",
                        en: "occurred_at is in the future: no rate counts it before that day; please check")))
        }
        said.warnings.sort { $0.line < $1.line }
        return said
    }
}
