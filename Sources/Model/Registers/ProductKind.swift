/// What a delivery note calls its product, as far as the rules need to know.
package enum ProductKind: String, Sendable, Codable, CaseIterable {
    case concrete, mortar, cement

    /// Reads the usual names: `C30`, `C35P6`, `混凝土`; `M7.5`, `DM10`, `WP M15`, `砂浆`; `P.O 42.5`, `水泥`. `nil` where
    /// the text says none of them.
    package init?(product text: String) {
        let name = text.uppercased()
        // Cement mortar is mortar, cement concrete concrete: the words are asked in this order.
        if name.contains("砂浆") || name.contains("MORTAR") {
            self = .mortar
        } else if name.contains("混凝土") || name.contains("砼") || name.contains("CONCRETE") {
            self = .concrete
        } else if name.contains("水泥") || name.contains("CEMENT") {
            self = .cement
        } else if Self.isGrade(name, after: ["M", "DM", "DP", "DS", "DW", "WM", "WP", "WS", "WW"]) {
            self = .mortar
        } else if Self.isGrade(name, after: ["C", "LC"]) {
            self = .concrete
        } else if ["P.", "P·", "P•"].contains(where: name.hasPrefix) || Self.isGrade(name, after: ["PO", "PC", "PII"]) {
            self = .cement
        } else {
            return nil
        }
    }

    /// Whether the name is a prefix and then, perhaps after a blank, a hyphen or an M, a number.
    private static func isGrade(_ name: String, after prefixes: [String]) -> Bool {
        prefixes.contains { prefix in
            guard name.hasPrefix(prefix) else { return false }
            let rest = name.dropFirst(prefix.count).drop { " -M".contains($0) }
            return rest.first.map { ("0"..."9").contains($0) } ?? false
        }
    }

    /// Whether the note says that it is the mortar with which a concrete pump and its pipe are primed before a pour:
    /// `润泵砂浆`, `润管砂浆`, `同配比砂浆`. Concrete plants make it, and it travels in the drum of a mixer.
    package static func isPriming(product text: String) -> Bool {
        ["润泵", "润管", "同配比", "同配合比"].contains(where: text.contains) || text.lowercased().contains("priming")
    }

    /// Whether the note says that the mortar is mixed with water: `湿拌砂浆`, `WP M15`. Dry mortar (`干混`, `DM10`) keeps
    /// for days in its silo truck.
    package static func isWetMortar(product text: String) -> Bool {
        text.contains("湿拌") || Self.isGrade(text.uppercased(), after: ["WM", "WP", "WS", "WW"])
    }

    /// The other way round.
    package static func isDryMortar(product text: String) -> Bool {
        ["干混", "干拌", "干粉"].contains(where: text.contains)
            || Self.isGrade(text.uppercased(), after: ["DM", "DP", "DS", "DW"])
    }

    /// Whether the note says that the product sets late.
    package static func isRetarded(product text: String) -> Bool {
        text.contains("缓凝") || text.lowercased().contains("retard")
    }
}
