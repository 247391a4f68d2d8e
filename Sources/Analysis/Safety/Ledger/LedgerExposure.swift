package import Chronology
import Registers

/// Exposure from the terminals and the register of vehicles.
package enum LedgerExposure {
    /// In the denominator's unit, with the share of it that was seen. `nil` where nothing is known, which is not 0.
    package static func observed(
        _ denominator: DefinitionCard.Denominator, in scope: RateScope, ledger: SafetyLedger, roster: SafetyRoster,
        extent: (first: CivilDate, last: CivilDate)?
    ) -> (exposure: Double, coverage: Double)? {
        let vehicles = roster.vehicles(in: scope)
        if denominator == .vehicles {
            let days = RegisteredVehicles.vehicleDays(vehicles, from: ledger.from, to: ledger.to)
            return days > 0 ? (Double(days) / Self.daysOfYear(ledger.from.year), 1) : nil
        }
        let sums = ledger.sums(in: scope)
        let seen = sums.exposure.coverage ?? 1
        let coverage = seen * Self.share(of: ledger, vehicles, scope) * Self.timeShare(ledger, extent)
        switch denominator {
        case .vehicleKilometres:
            let kilometres = sums.exposure.kilometres
            return kilometres > 0 ? (kilometres, coverage) : nil
        case .volume:
            let volume = ledger.deliveries(in: scope).cubicMetres
            return volume > 0 ? (volume, coverage) : nil
        case .vehicles: return nil
        }
    }

    private static func daysOfYear(_ year: Int) -> Double {
        guard let first = CivilDate(year: year, month: 1, day: 1),
            let next = CivilDate(year: year + 1, month: 1, day: 1)
        else { return 365 }
        return Double(next.daysSince1970 - first.daysSince1970)
    }

    /// Of the registered trucks of the scope, those that were heard of.
    private static func share(of ledger: SafetyLedger, _ vehicles: [Vehicle], _ scope: RateScope) -> Double {
        let (start, end) = (SafetyRoster.noon(ledger.from), SafetyRoster.noon(ledger.to))
        let registered = Set(
            vehicles.filter { $0.period.from <= end && $0.period.to.map { $0 > start } ?? true }.map(\.plate))
        guard !registered.isEmpty else { return 1 }
        let heard = Set(
            ledger.entries(in: scope).filter { $0.sums.exposure.days > 0 }.compactMap { $0.vehicle?.plate })
        return Double(registered.intersection(heard).count) / Double(registered.count)
    }

    /// Of the period, what lies between the first and the last day that any terminal reported.
    private static func timeShare(_ ledger: SafetyLedger, _ extent: (first: CivilDate, last: CivilDate)?) -> Double {
        guard let extent else { return 0 }
        let (first, last) = (max(ledger.from, extent.first), min(ledger.to, extent.last))
        guard first <= last else { return 0 }
        let all = ledger.to.daysSince1970 - ledger.from.daysSince1970 + 1
        return Double(last.daysSince1970 - first.daysSince1970 + 1) / Double(max(1, all))
    }
}
