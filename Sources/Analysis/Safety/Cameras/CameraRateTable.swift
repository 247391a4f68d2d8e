package import Chronology
import Registers

/// Whose camera rates stand in a row each.
package enum CameraBreakdown: String, Sendable, CaseIterable {
    case city, district, company, truck, day
}

/// Camera rates from a ledger and the register of vehicles.
package enum CameraRateTable {
    /// Days of telemetry that one answer adds up at most: three years.
    package static let longestPeriod = 1100

    /// The first and the last day of an answer. What is not asked for is as the telemetry has it, the last three years
    /// of it at most; `nil` where more days of telemetry than that are asked for.
    package static func period(
        from: CivilDate?, to: CivilDate?, extent: (first: CivilDate, last: CivilDate)?, today: CivilDate
    ) -> (from: CivilDate, to: CivilDate)? {
        let end = to ?? extent?.last ?? from ?? today
        let earliest = CivilDate(daysSince1970: end.daysSince1970 - Self.longestPeriod + 1)
        let start = from ?? min(end, max(extent?.first ?? end, earliest))
        let last = max(start, end)
        guard let extent else { return (start, last) }
        let days = min(last, extent.last).daysSince1970 - max(start, extent.first).daysSince1970 + 1
        return days <= Self.longestPeriod ? (start, last) : nil
    }

    /// - Parameter days: the ledger's days one by one; needed for the rows by day.
    package static func rows(
        by breakdown: CameraBreakdown, ledger: SafetyLedger, roster: SafetyRoster
    ) -> [CameraRate] {
        switch breakdown {
        case .city: return [Self.row(.city, ledger, roster)]
        case .district:
            return Self.scopes(roster.scopes(by: .district), ledger, roster)
        case .company:
            return Self.scopes(roster.scopes(by: .company), ledger, roster)
        case .truck: return Self.trucks(ledger, roster)
        case .day: return Self.days(ledger, roster)
        }
    }

    /// Districts and companies that have trucks, or drove.
    private static func scopes(_ scopes: [RateScope], _ ledger: SafetyLedger, _ roster: SafetyRoster) -> [CameraRate] {
        scopes.map { Self.row($0, ledger, roster) }.filter { $0.trucks > 0 || $0.tally.movingMicroseconds.total > 0 }
    }

    package static func row(_ scope: RateScope, _ ledger: SafetyLedger, _ roster: SafetyRoster) -> CameraRate {
        Self.row(
            scope.text, from: ledger.from, to: ledger.to, vehicles: roster.vehicles(in: scope),
            entries: ledger.entries(in: scope))
    }

    private static func row(
        _ name: String, from: CivilDate, to: CivilDate, vehicles: [Vehicle], entries: [SafetyLedger.Entry]
    ) -> CameraRate {
        let (start, end) = (SafetyRoster.noon(from), SafetyRoster.noon(to))
        let valid = vehicles.filter { $0.period.from <= end && $0.period.to.map { $0 > start } ?? true }
        let installed = Set(valid.filter { $0.blindSpotCamera == true }.map(\.plate))
        let heard = Set(entries.filter { $0.sums.camera.daysHeard > 0 }.compactMap { $0.vehicle?.plate })
        var tally = CameraTally()
        for entry in entries { tally += entry.sums.camera }
        return CameraRate(
            scope: name, from: from, to: to, trucks: Set(valid.map(\.plate)).count,
            declared: Set(valid.filter { $0.blindSpotCamera != nil }.map(\.plate)).count, installed: installed.count,
            online: installed.intersection(heard).count, tally: tally)
    }

    /// Registered trucks by plate, then terminals that no register knows.
    private static func trucks(_ ledger: SafetyLedger, _ roster: SafetyRoster) -> [CameraRate] {
        let byPlate = Dictionary(grouping: roster.registers.vehicles, by: \.plate)
        var entries = Dictionary(grouping: ledger.entries(in: .city)) { $0.vehicle?.plate }
        // What a truck carried says nothing of its cameras.
        let heard = (entries.removeValue(forKey: nil) ?? []).filter { $0.sums != SafetyDay() }
        let unknown = Dictionary(grouping: heard, by: \.terminal)
        let known = Set(byPlate.keys).union(entries.keys.compactMap { $0 }).sorted()
        let rows = known.map { plate in
            Self.row(
                plate, from: ledger.from, to: ledger.to, vehicles: byPlate[plate] ?? [], entries: entries[plate] ?? [])
        }
        return rows.filter { $0.trucks > 0 || $0.tally.movingMicroseconds.total > 0 }
            + unknown.sorted { $0.key < $1.key }.map {
                Self.row($0.key, from: ledger.from, to: ledger.to, vehicles: [], entries: $0.value)
            }
    }

    private static func days(_ ledger: SafetyLedger, _ roster: SafetyRoster) -> [CameraRate] {
        let byDay = Dictionary(grouping: ledger.entries.filter { $0.from == $0.to }, by: \.from)
        return byDay.sorted { $0.key < $1.key }.map { date, entries in
            Self.row(
                date.description, from: date, to: date, vehicles: roster.registers.vehicles, entries: entries)
        }
    }
}
