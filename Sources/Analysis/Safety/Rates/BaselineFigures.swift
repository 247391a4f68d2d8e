package import Registers

/// What the register of baselines says of a year, by a definition card.
package enum BaselineFigures {
    /// The row that speaks of exactly this scope and year, or, for the card's vehicle kinds, the sum of their rows, as
    /// well as where every kind was reported and the whole was not; never a sum over districts, which might leave one
    /// out. `nil` where a figure is missing.
    package static func observation(
        _ baselines: some Sequence<Baseline>, year: Int, scope: RateScope, card: DefinitionCard
    ) -> Observation? {
        guard let chosen = Self.rows(baselines, year: year, scope: scope, card: card) else { return nil }
        var count = 0
        var exposure: Double? = 0
        for row in chosen {
            guard let figure = Self.count(of: row, card) else { return nil }
            let (sum, overflow) = count.addingReportingOverflow(figure)
            guard !overflow else { return nil }
            count = sum
            exposure = exposure.flatMap { sum in Self.exposure(of: row, card).map { sum + $0 } }
        }
        var observation = Observation(count: count, exposure: exposure)
        observation.otherWindow = card.numerator == .fatalAccidents ? Self.otherWindow(chosen, card) : nil
        return observation
    }

    /// The days within which rows count their deaths, where the card asks for others; the shortest of several.
    private static func otherWindow(_ rows: [Baseline], _ card: DefinitionCard) -> Int? {
        rows.map { Self.window(of: $0) }.filter { $0 != card.deathWindowDays }.min()
    }

    /// A row that does not name its window is taken for the police's 7 days.
    private static func window(of row: Baseline) -> Int { row.deathWindowDays ?? Self.policeWindow }

    /// The days within which the row counts its deaths, where the card asks for deaths of another window: there is
    /// nothing to compare with then, and nobody may call the register's own count the truth.
    package static func refusedWindow(
        _ baselines: some Sequence<Baseline>, year: Int, scope: RateScope, card: DefinitionCard
    ) -> Int? {
        guard card.numerator.isDeaths, let rows = Self.rows(baselines, year: year, scope: scope, card: card)
        else { return nil }
        return Self.otherWindow(rows.filter { $0.deaths != nil }, card)
    }

    /// Whether a row has deaths, or fatal accidents, that were counted within another window than the card's.
    package static func countsOtherwise(
        _ baselines: some Sequence<Baseline>, year: Int, scope: RateScope, card: DefinitionCard
    ) -> Bool {
        guard card.numerator != .accidents else { return false }
        return (Self.rows(baselines, year: year, scope: scope, card: card) ?? []).contains {
            Self.count(of: $0, card) == nil && ($0.deaths != nil || $0.fatalAccidents != nil)
        }
    }

    /// The exposure alone, where the row counts no accidents of its own.
    package static func exposure(
        _ baselines: some Sequence<Baseline>, year: Int, scope: RateScope, card: DefinitionCard
    ) -> Double? {
        guard let chosen = Self.rows(baselines, year: year, scope: scope, card: card) else { return nil }
        var sum = 0.0
        for row in chosen {
            guard let exposure = Self.exposure(of: row, card) else { return nil }
            sum += exposure
        }
        return sum
    }

    /// Who reported the figures, in words.
    package static func source(
        _ baselines: some Sequence<Baseline>, year: Int, scope: RateScope, card: DefinitionCard
    ) -> String {
        let rows = Self.rows(baselines, year: year, scope: scope, card: card) ?? []
        return Set(rows.compactMap(\.source)).sorted().joined(separator: "; ")
    }

    private static func rows(
        _ baselines: some Sequence<Baseline>, year: Int, scope: RateScope, card: DefinitionCard
    ) -> [Baseline]? {
        let all = baselines.filter { $0.year == year && Self.isAbout(scope, $0) }
        // A company's own row is its total; rows of its districts are added up only where it has none.
        let totals = all.filter { $0.district == nil }
        let rows = scope.isCompany && !totals.isEmpty ? totals : all
        // One row a kind and place: a district that stands there by its code and by its name would count twice.
        let keys = rows.map { [$0.vehicleKind?.rawValue ?? "", $0.district ?? ""] }
        guard Set(keys).count == keys.count else { return nil }
        guard !card.vehicleKinds.isEmpty else {
            let whole = rows.filter { $0.vehicleKind == nil }
            return whole.isEmpty ? Self.ofEveryKind(rows) : whole
        }
        let chosen = rows.filter { $0.vehicleKind.map { card.vehicleKinds.contains($0.rawValue) } ?? false }
        guard Set(chosen.compactMap { $0.vehicleKind?.rawValue }).isSuperset(of: card.vehicleKinds) else { return nil }
        return chosen.isEmpty ? nil : chosen
    }

    /// Where no row of the whole was reported: the rows of the kinds, if no place leaves one out.
    private static func ofEveryKind(_ rows: [Baseline]) -> [Baseline]? {
        let places = Dictionary(grouping: rows, by: \.district).values
        let isWhole = places.allSatisfy { Set($0.compactMap(\.vehicleKind)).count == Vehicle.Kind.allCases.count }
        return isWhole && !rows.isEmpty ? rows : nil
    }

    private static func isAbout(_ scope: RateScope, _ row: Baseline) -> Bool {
        switch scope {
        case .city: row.district == nil && row.company == nil
        case .district(let name): row.district == name && row.company == nil
        case .company(let name): row.company == name
        // Which kind is the card's.
        case .kind: row.district == nil && row.company == nil
        }
    }

    /// Deaths are taken only where they were counted within the card's window. Fatal accidents are taken by any window,
    /// which differs little between them, and say which.
    private static func count(of row: Baseline, _ card: DefinitionCard) -> Int? {
        switch card.numerator {
        case .accidents: row.accidents
        case .fatalAccidents: row.fatalAccidents
        case .deaths7Days, .deaths30Days:
            Self.window(of: row) == card.deathWindowDays ? row.deaths : nil
        }
    }

    private static let policeWindow = 7

    private static func exposure(of row: Baseline, _ card: DefinitionCard) -> Double? {
        switch card.denominator {
        case .vehicleKilometres: row.vehicleKilometres
        case .vehicles: row.vehicles
        case .volume: row.volumeCubicMetres
        }
    }
}
