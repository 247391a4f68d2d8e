package import Chronology
import Registers

/// The indicators of one scope and month.
package struct QualityRow: Hashable, Sendable {
    package var scope: RateScope
    package var month: CivilDate
    package var counts: QualityCounts
}

/// What the indicators need besides the ledger.
package struct QualityFacts: Sendable {
    /// The first day on which each terminal reported, ever.
    package var firstDays: [String: CivilDate] = [:]
    /// Messages that were refused, by terminal (`nil`: it named none) and day of receipt.
    package var refused: [(terminal: String?, date: CivilDate, count: Int64)] = []
    /// Days on which somebody looked whether the platform was connected: seconds of them, and connected.
    package var platform: [(date: CivilDate, seconds: Double, up: Double)] = []
    /// Tickets by plate and day of issue, and how many of them have a trip.
    package var tickets: [(plate: String, date: CivilDate, count: Int64, tracked: Int64)] = []
    /// The day of the first of all tickets that the register has; `nil` where it has none.
    package var ticketsSince: CivilDate?

    package init() {}
}

/// Indicators by scope and month of a ledger that knows its days or months.
package enum QualityTable {
    package static func rows(
        by breakdown: RateBreakdown, ledger: SafetyLedger, roster: SafetyRoster, facts: QualityFacts
    ) -> [QualityRow] {
        let months = Self.months(from: ledger.from, to: ledger.to)
        return roster.scopes(by: breakdown).flatMap { scope in
            months.map { month in
                QualityRow(
                    scope: scope, month: month,
                    counts: Self.counts(in: scope, month: month, ledger: ledger, roster: roster, facts: facts))
            }
        }
    }

    /// The first days of the months that the period touches.
    static func months(from: CivilDate, to: CivilDate) -> [CivilDate] {
        var months: [CivilDate] = []
        var (year, month) = (from.year, from.month)
        while months.count < 1200, let first = CivilDate(year: year, month: month, day: 1), first <= to {
            months.append(first)
            (year, month) = month == 12 ? (year + 1, 1) : (year, month + 1)
        }
        return months
    }

    private static func isIn(_ date: CivilDate, _ month: CivilDate) -> Bool {
        date.year == month.year && date.month == month.month
    }

    private static func counts(
        in scope: RateScope, month: CivilDate, ledger: SafetyLedger, roster: SafetyRoster, facts: QualityFacts
    ) -> QualityCounts {
        var counts = QualityCounts()
        let days = CivilDate.days(inMonth: month.month, of: month.year)
        let last = CivilDate(daysSince1970: month.daysSince1970 + days - 1)
        let (start, end) = (SafetyRoster.noon(max(month, ledger.from)), SafetyRoster.noon(min(last, ledger.to)))
        let required = roster.vehicles(in: scope).filter {
            $0.period.from <= end && $0.period.to.map { $0 > start } ?? true
        }
        let plates = Set(required.map(\.plate))
        let connected = Set(
            required.filter { vehicle in
                facts.firstDays.contains { terminal, first in
                    first <= last && TerminalNames.match(terminal, vehicle.terminal) != nil
                }
            }.map(\.plate))
        let entries = ledger.entries(in: scope).filter { Self.isIn($0.from, month) }
        var (online, drifting): (Set<String>, Set<String>) = ([], [])
        for entry in entries {
            counts.trackMetres &+= entry.sums.track.trackMillimetres / 1000
            counts.completeTrackMetres &+= entry.sums.track.completeMillimetres / 1000
            counts.recordsReceived &+= entry.sums.track.records
            counts.camera += entry.sums.camera
            counts.deliveries &+= entry.deliveries.deliveries
            counts.deliveriesWithTicket &+= entry.deliveries.ticketed
            guard let plate = entry.vehicle?.plate else { continue }
            // Data of an unknown plate are not qualified.
            counts.recordsQualified &+= entry.sums.track.qualified
            if entry.sums.exposure.days > 0 { online.insert(plate) }
            if entry.sums.track.jumpDays > 0 { drifting.insert(plate) }
        }
        counts.vehiclesRequired = Int64(plates.count)
        counts.vehiclesConnected = Int64(connected.count)
        counts.vehiclesOnline = Int64(connected.intersection(online).count)
        counts.vehiclesDrifting = Int64(connected.intersection(online).intersection(drifting).count)
        // There is one platform: it is the city's, and no company's.
        if scope == .city {
            for day in facts.platform where Self.isIn(day.date, month) {
                counts.platformSeconds &+= Int64(min(max(day.seconds, 0), 86_400).rounded())
                counts.platformDownSeconds &+= Int64(min(max(day.seconds - day.up, 0), 86_400).rounded())
            }
        }
        for refused in facts.refused where Self.isIn(refused.date, month) {
            let vehicle = refused.terminal.flatMap { roster.vehicle(terminal: $0, on: refused.date) }
            if Self.isOf(vehicle, in: scope, roster) { counts.recordsReceived &+= refused.count }
        }
        for ticket in facts.tickets where Self.isIn(ticket.date, month) {
            if Self.isOf(roster.vehicle(plate: ticket.plate, on: ticket.date), in: scope, roster) {
                counts.tickets &+= ticket.count
                counts.ticketsWithTrip &+= ticket.tracked
            }
        }
        // Where tickets were never kept, or not yet, a delivery without one is no delivery without a ticket.
        counts.keepsTickets = counts.deliveriesWithTicket > 0 || facts.ticketsSince.map { $0 <= last } ?? false
        return counts
    }

    /// Whether it is of the scope; `nil` is a truck that no register knows.
    private static func isOf(_ vehicle: Vehicle?, in scope: RateScope, _ roster: SafetyRoster) -> Bool {
        scope.contains(
            district: roster.district(ofCompany: vehicle?.company), company: vehicle?.company, kind: vehicle?.kind)
    }
}
