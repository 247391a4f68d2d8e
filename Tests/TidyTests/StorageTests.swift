import Testing

/// SQL has one room, and its migrations are numbered without holes.
struct StorageTests {
    /// FleetStore, and LocalServers, which asks a new cluster whether its database is there yet.
    private static let owners: Set = ["FleetStore", "LocalServers"]
    static var statement: Regex<Substring> {
        #/
            \bSELECT\s[\s\S]*\bFROM\b | \bINSERT\s+INTO\b | \bUPDATE\s+\w+\s+SET\b | \bDELETE\s+FROM\b | \bTRUNCATE\s+\w
            | \b(?:CREATE|ALTER|DROP)\s+(?:TABLE|INDEX|TYPE|VIEW|SCHEMA|FUNCTION|TRIGGER|SEQUENCE)\b
            | \bCOPY\s+\w+[\s\S]*\bFROM\s+STDIN\b
        /#.wordBoundaryKind(.simple)
    }
    private static let folder = "Sources/Storage/FleetStore/Migrations/"

    @Test func sqlIsWrittenInFleetStoreAlone() {
        for file in Tree.sources where !Self.owners.contains(file.target) {
            let statement = Self.statement
            let found = file.strings.filter { $0.text.contains(statement) }
                .map { file.place($0.line, "SQL outside FleetStore") }
            expectNone(found)
        }
    }

    @Test func migrationsAreNumberedOnce() {
        let names = Tree.paths.filter { $0.hasPrefix(Self.folder) }.map { String($0.dropFirst(Self.folder.count)) }
        #expect(!names.isEmpty, "no migrations in \(Self.folder)")
        // A leading digit would be lost when SwiftPM makes an identifier of the name, hence the M.
        let strange = names.filter { $0.wholeMatch(of: #/M\d{4}_[a-z0-9_]+\.sql/#) == nil }
        #expect(strange.isEmpty, "not of the form M0001_name.sql: \(strange)")
        let numbers = names.compactMap { Int($0.dropFirst().prefix(4)) }.sorted()
        #expect(numbers == Set(numbers).sorted(), "two of one number: \(numbers)")
    }
}
