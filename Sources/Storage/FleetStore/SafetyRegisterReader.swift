package import Chronology
package import PostgresClient
import Registers
package import Safety

/// The registers as the safety figures need them: everything that is known now and that the one who asks may see.
package struct SafetyRegisterReader {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// Another one after every import or edit of any register, so that what was read may be kept while it stands.
    package func version() throws(PostgresError) -> Int64 {
        try self.connection.query(Self.selectVersion).integer(0, 0) ?? 0
    }

    package func read() throws -> SafetyRegisters {
        var registers = SafetyRegisters()
        registers.reach = try self.reach()
        let days = try self.connection.query(Self.selectFirstAccidentDays)
        registers.firstAccidentDays = (0..<days.rowCount).map { row in
            CivilDate(daysSince1970: Int(days.integer(row, 0) ?? 0))
        }
        let rows = try self.connection.query(Self.select)
        for row in 0..<rows.rowCount {
            guard let kind = rows.text(row, 0), let content = rows.text(row, 1) else { continue }
            switch RegisterKind(rawValue: kind) {
            case .vehicles: registers.vehicles.append(try JSONText.decode(Vehicle.self, from: content))
            case .plants: registers.plants.append(try JSONText.decode(Plant.self, from: content))
            case .companies: registers.companies.append(try JSONText.decode(Company.self, from: content))
            case .districts: registers.districts.append(try JSONText.decode(District.self, from: content))
            case .accidents: registers.accidents.append(try JSONText.decode(Accident.self, from: content))
            case .baselines: registers.baselines.append(try JSONText.decode(Baseline.self, from: content))
            case .plans: registers.plans.append(try JSONText.decode(Plan.self, from: content))
            default: break
            }
        }
        return registers
    }

    /// `nil` for the service and for whoever sees the whole city.
    private func reach() throws(PostgresError) -> SafetyReach? {
        let rows = try self.connection.query(Self.selectReach)
        var reach: SafetyReach?
        for row in 0..<rows.rowCount {
            guard let text = rows.text(row, 1) else { continue }
            switch rows.text(row, 0) {
            case "district": reach?.districts.insert(text)
            case "company": reach?.companies.insert(text)
            default: reach = ["", "all"].contains(text) ? nil : SafetyReach(districts: [], companies: [])
            }
        }
        return reach
    }

    /// The reach comes first, then what belongs to it.
    private static let selectReach = NamedQuery(
        "safety.reach",
        """
        SELECT kind, name FROM (
            SELECT 0 AS place, 'reach' AS kind, web_reach() AS name
            UNION ALL SELECT 1, 'district', unnest(web_list('districts'))
            UNION ALL SELECT 1, 'company', unnest(web_list('companies'))) AS own
        ORDER BY place
        """)
    private static let selectVersion = NamedQuery(
        "safety.registers.version", "SELECT coalesce(max(import_id), 0) FROM register_import")
    private static let selectFirstAccidentDays = NamedQuery(
        "safety.accident.days", "SELECT day FROM accident_first_days() AS day ORDER BY day")
    private static let select = NamedQuery(
        "safety.registers",
        """
        SELECT kind, content FROM register_entry
        WHERE known_to IS NULL
            AND kind IN ('vehicles', 'plants', 'companies', 'districts', 'accidents', 'baselines', 'plans')
        ORDER BY kind, id, lower(valid) NULLS FIRST
        """)
}

extension SafetyReader {
    /// What the terminals measured from the first to the last day, both included.
    /// - Parameter withLoads: whether what was carried is wanted as well as what was driven.
    package func ledger(
        from: CivilDate, to: CivilDate, roster: SafetyRoster, withLoads: Bool = true
    ) throws -> SafetyLedger {
        let changing = roster.changingTerminals(from: from, to: to)
        let months = try self.months(from: from, to: to)
        let moved = Set(months.map(\.terminal)).filter { changing.contains(TerminalNames.stripped($0)) }
        return SafetyLedger(
            from: from, to: to, months: months,
            days: moved.isEmpty ? [] : try self.days(of: moved.sorted(), from: from, to: to),
            loads: withLoads ? try self.loads(from: from, to: to) : [],
            heard: try self.daysHeard(from: from, to: to), roster: roster)
    }

    /// The same day by day.
    package func dailyLedger(from: CivilDate, to: CivilDate, roster: SafetyRoster) throws -> SafetyLedger {
        let days = try self.days(of: nil, from: from, to: to)
        return SafetyLedger(
            from: from, to: to, months: days, days: days, loads: try self.loads(from: from, to: to),
            heard: try self.daysHeard(from: from, to: to), roster: roster)
    }
}
