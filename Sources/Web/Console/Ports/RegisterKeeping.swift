package import Exchange
package import Registers

/// The registers as people look at them and change them. The application implements it over the store.
///
/// Everything is read and done for the one whom the request is for (`Principal.current`), each change with an entry in
/// the audit log, in one transaction. Errors are those of `FleetReading`.
package protocol RegisterKeeping: Sendable {
    /// In order of the ids, each with the row that holds now; of those with `text` in a value.
    func lines(of kind: RegisterKind, matching text: String?, after: String?, limit: Int) async throws
        -> Page<RegisterLine>

    /// Every row that is known now and that the reader may see.
    func records(of kind: RegisterKind) async throws -> [RegisterRecord]

    /// `nil` where there is nothing of this id.
    func item(_ id: String, of kind: RegisterKind) async throws -> RegisterItem?

    /// - Throws: `RegisterConflict` where somebody changed it meanwhile.
    func change(_ change: RegisterEdit, by actor: DeskActor) async throws -> RegisterOutcome
}

/// Rows that are to be known of a register.
package struct RegisterEdit: Sendable {
    /// What they are about.
    package enum Scope: Hashable, Sendable {
        /// One thing as it stood in `version`; the rows are all that is known of it afterwards.
        case item(String, version: String)
        /// A thing that nothing is known of as yet.
        case newItem
        /// A file of many; with `replaces` the rows of an id are all that there is of it. `version` is of the register
        /// as it stood at the rehearsal; `nil` for none. With `keepsCoordinates` a person says that the fences are
        /// right as they are declared: what is stored is not asked about again, and what was asked is answered.
        case file(replaces: Bool, version: String?, keepsCoordinates: Bool)
    }

    package var kind: RegisterKind
    package var rows: [RegisterImport.Row]
    package var scope: Scope
    /// The file's name, or why.
    package var source: String
    /// Says what would happen, and changes nothing.
    package var isRehearsal: Bool

    package init(
        kind: RegisterKind, rows: [RegisterImport.Row], scope: Scope, source: String, isRehearsal: Bool
    ) {
        self.kind = kind
        self.rows = rows
        self.scope = scope
        self.source = source
        self.isRehearsal = isRehearsal
    }
}

/// What an edit did, or would do.
package struct RegisterOutcome: Hashable, Sendable {
    package var isStored = false
    package var added = 0
    package var changed = 0
    package var unchanged = 0
    package var withdrawn = 0
    /// Rows that cannot stand beside what is known; then nothing was changed.
    package var errors: [RowError] = []
    package var warnings: [RowError] = []
    /// Fences that seem to be declared in the wrong coordinate system: stored only when the person insists.
    package var question: Remark?
    /// Of the register now.
    package var version = ""

    package init() {}
}
