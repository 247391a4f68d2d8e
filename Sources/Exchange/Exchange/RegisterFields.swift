import Chronology
package import Registers

/// What the rows of a register consist of, for a form or a list: the columns of `contract.md` §2 and what they take.
package struct RegisterField: Hashable, Sendable {
    /// The column's name in files and in the API.
    package var name: String
    /// The first of the Chinese headers it goes by.
    package var zh: String
    package var isRequired: Bool
    /// The words that it takes; empty: any.
    package var choices: [String]

    package static func fields(of kind: RegisterKind) -> [RegisterField] {
        ColumnRule.columns(of: kind).map { rule in
            RegisterField(
                name: rule.column.rawValue, zh: rule.aliases.first ?? rule.column.rawValue,
                isRequired: rule.isRequired, choices: Self.choices(of: rule.column, in: kind))
        }
    }

    private static func choices(of column: RegisterColumn, in kind: RegisterKind) -> [String] {
        switch (column, kind) {
        case (.licenceKind, _): Plant.LicenceKind.allCases.map(\.rawValue)
        case (.status, .plants): Plant.Status.allCases.map(\.rawValue)
        case (.status, .sites): Site.Status.allCases.map(\.rawValue)
        case (.kind, .places): Place.Kind.allCases.map(\.rawValue)
        case (.kind, .vehicles), (.vehicleKind, _): Vehicle.Kind.allCases.map(\.rawValue)
        case (.severity, _): Accident.Severity.allCases.map(\.rawValue)
        case (.drumForward, _): ["mix", "discharge"]
        case (.blindSpotCamera, _), (.rightTurn, _): ["true", "false"]
        case (.coordinates, .terminals), (.coordinates, .accidents): ["wgs84", "gcj02", "bd09"]
        default: []
        }
    }
}

extension RegisterTable {
    /// A row as its file would say it: the columns that hold something, by name.
    package static func texts(of record: RegisterRecord) -> [(name: String, text: String)] {
        zip(Self.columns(of: record.kind), Self.cells(of: record)).compactMap { name, cell in
            cell.plainText.map { (name, $0) }
        }
    }
}

extension TableCell {
    /// As CSV says it; `nil` where there is nothing.
    var plainText: String? {
        let text: String? =
            switch self {
            case .text(let text): text
            case .number(let number): number.map(NumberText.shortest)
            case .integer(let number): number.map { String($0) }
            case .boolean(let flag): flag.map { $0 ? "true" : "false" }
            case .time(let instant): instant?.description
            case .times(let instants): instants.map(\.description).joined(separator: ";")
            }
        return text.flatMap { $0.isEmpty ? nil : $0 }
    }
}
