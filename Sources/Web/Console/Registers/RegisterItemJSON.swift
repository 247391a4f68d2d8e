import Exchange
import Registers

extension RegisterKind {
    /// The register, its columns and what they take.
    func write(to writer: inout JSONWriter) {
        writer.member("kind", self.rawValue)
        writer.objectMember("title") { $0.both(self.title) }
        writer.member("keeper", self.isAboutSafety ? "safety_registers" : "registers")
        writer.arrayMember("columns") { list in
            for field in RegisterField.fields(of: self) {
                list.object { column in
                    column.member("name", field.name)
                    column.member("zh", field.zh)
                    column.member("required", field.isRequired)
                    column.arrayMember("choices") { choices in field.choices.forEach { choices.value($0) } }
                }
            }
        }
    }
}

extension RegisterItem {
    func write(_ kind: RegisterKind, to writer: inout JSONWriter) {
        writer.member("kind", kind.rawValue)
        writer.member("id", self.id)
        writer.member("version", self.version)
        writer.rows("rows", self.records)
        writer.arrayMember("history") { list in
            for revision in self.history { list.object { revision.write(to: &$0) } }
        }
    }
}

extension RegisterRevision {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.member("import_id", self.importID)
        writer.member("at", self.at)
        writer.member("by", self.by)
        writer.member("source", self.source)
        writer.rows("added", self.added)
        writer.rows("removed", self.removed)
        writer.name("effect")
        guard let effect = self.effect else { return writer.null() }
        writer.object { said in
            said.member("applied_at", effect.appliedAt)
            said.member("vehicles", effect.vehicles)
            said.member("deliveries", effect.deliveries)
            said.member("changed", effect.changed)
            said.arrayMember("changed_deliveries") { list in effect.changedDeliveries.forEach { list.value($0) } }
        }
    }
}

extension RegisterOutcome {
    /// - Parameter rows: how many could be read.
    func write(rows: Int, to writer: inout JSONWriter) {
        writer.member("stored", self.isStored)
        writer.member("rows", rows)
        writer.member("added", self.added)
        writer.member("changed", self.changed)
        writer.member("unchanged", self.unchanged)
        writer.member("withdrawn", self.withdrawn)
        writer.rowErrors("errors", self.errors)
        writer.rowErrors("warnings", self.warnings)
        writer.name("question")
        if let question = self.question { writer.object { $0.both(question) } } else { writer.null() }
        writer.member("version", self.version)
    }
}

extension JSONWriter {
    /// The columns that hold something, by the contract's names, as a file would write them.
    mutating func row(_ record: RegisterRecord) {
        self.object { row in
            for (name, text) in RegisterTable.texts(of: record) { row.member(name, text) }
        }
    }

    fileprivate mutating func rows(_ name: String, _ records: [RegisterRecord]) {
        self.arrayMember(name) { list in records.forEach { list.row($0) } }
    }

    /// At most a thousand, as in a file all rows may be wrong.
    mutating func rowErrors(_ name: String, _ errors: [RowError]) {
        self.arrayMember(name) { list in
            for error in errors.prefix(1000) {
                list.object {
                    $0.member("line", error.line)
                    $0.member("column", error.column)
                    $0.both(error.message)
                }
            }
        }
    }

    fileprivate mutating func both(_ remark: Remark) {
        self.member("zh", remark.zh)
        self.member("en", remark.en)
    }
}
