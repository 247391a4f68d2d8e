import Chronology
import Registers

/// Exposure from the terminals and the register of vehicles.
package enum LedgerExposure {
    /// In the denominator's unit, with the share of it that was seen. `nil` where nothing is known, which is not 0.
    package static func observed(
        _ denominator: DefinitionCard.Denominator, in scope: RateScope, ledger: SafetyLedger, roster: SafetyRoster
    ) -> (exposure: Double, coverage: Double)? {
        let vehicles = roster.vehicles(in: scope)
        if denominator == .vehicles {
            let days = RegisteredVehicles.vehicleDays(vehicles, from: ledger.from, to: ledger.to)
            return days > 0 ? (Double(days) / Self.daysOfYear(ledger.from.year), 1) : nil
        }
        let sums = ledger.sums(in: scope)
        let seen = sums.exposure.coverage ?? 1
        let coverage = seen * Self.share(of: ledger, vehicles, scope)
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

    /// Of the registered vehicle-days, those on which the terminal was heard of. A day without a word may have been one
    /// of rest; nobody knows, so it is not called seen.
    private static func share(of ledger: SafetyLedger, _ vehicles: [Vehicle], _ scope: RateScope) -> Double {
        let registered = RegisteredVehicles.vehicleDays(vehicles, from: ledger.from, to: ledger.to)
        let period = ledger.to.daysSince1970 - ledger.from.daysSince1970 + 1
        guard registered > 0 else { return min(1, Double(ledger.daysHeard) / Double(max(1, period))) }
        let heard = ledger.entries(in: scope).reduce(Int64(0)) { sum, entry in
            entry.vehicle == nil ? sum : sum + Int64(entry.sums.exposure.days)
        }
        return min(1, Double(heard) / Double(registered))
    }
}
