import Chronology
import Exchange
import Registers
import Safety
import Testing

/// The figures of Jiaxing's plan for 2016–2020 (嘉发改〔2017〕196号, table 2) through the import of plans to the board of
/// capacity, with the utilisations (达产率) that the plan prints itself.
@Suite struct CapacityPlanTests {
    /// One row of the plan's tables. 万 m³ or 万 t a year; what it prints in per cent.
    struct Row: Sendable {
        let product: String
        let unit: String
        let district: String
        let supply: Double
        let capacity: Double
        let plannedSupply: Double
        let plannedCapacity: Double
        let utilisation: String
        let planned: String?
    }

    private static func concrete(
        _ district: String, _ figures: (Double, Double, Double, Double), _ utilisation: String, _ planned: String
    ) -> Row {
        Row(
            product: "concrete", unit: "wan_m3", district: district, supply: figures.0, capacity: figures.1,
            plannedSupply: figures.2, plannedCapacity: figures.3, utilisation: utilisation, planned: planned)
    }

    private static func mortar(
        _ district: String, _ figures: (Double, Double, Double, Double), _ utilisation: String
    ) -> Row {
        Row(
            product: "mortar", unit: "wan_t", district: district, supply: figures.0, capacity: figures.1,
            plannedSupply: figures.2, plannedCapacity: figures.3, utilisation: utilisation, planned: nil)
    }

    static let rows = [
        Self.concrete("市本级", (483.3, 1025, 600, 900), "47.15%", "66.67%"),
        Self.concrete("嘉兴港区", (83.5, 170, 100, 150), "49.12%", "66.67%"),
        Self.concrete("嘉善县", (107.8, 440, 150, 400), "24.50%", "37.50%"),
        Self.concrete("平湖市", (162.1, 350, 200, 300), "46.31%", "66.67%"),
        Self.concrete("海盐县", (134.7, 310, 200, 300), "43.45%", "66.67%"),
        Self.concrete("海宁市", (320.2, 550, 350, 500), "58.22%", "70.00%"),
        Self.concrete("桐乡市", (304.2, 730, 400, 650), "41.67%", "61.54%"),
        Self.mortar("市本级", (3.3, 30, 20, 80), "11.00%"), Self.mortar("嘉兴港区", (0, 0, 0, 0), "—"),
        Self.mortar("嘉善县", (13.3, 90, 30, 90), "14.78%"), Self.mortar("平湖市", (43.8, 90, 50, 90), "48.67%"),
        Self.mortar("海盐县", (9.4, 60, 15, 60), "15.67%"), Self.mortar("海宁市", (10.2, 60, 25, 60), "17.00%"),
        Self.mortar("桐乡市", (26.5, 110, 60, 110), "24.09%"),
    ]

    private static func board() throws -> CapacityBoard {
        var csv = "year,district,product,capacity,supply,unit\n"
        for row in Self.rows {
            csv += "2015,\(row.district),\(row.product),\(row.capacity),\(row.supply),\(row.unit)\n"
            csv += "2020,\(row.district),\(row.product),\(row.plannedCapacity),\(row.plannedSupply),\(row.unit)\n"
        }
        let result = RegisterImport.read(kind: .plans, bytes: Array(csv.utf8))
        #expect(result.errors.isEmpty && result.warnings.isEmpty, "\(result.errors) \(result.warnings)")
        var registers = SafetyRegisters()
        registers.plans = result.records.compactMap { if case .plan(let plan) = $0 { plan } else { nil } }
        let roster = SafetyRoster(registers)
        let (from, to) = (try #require(CivilDate(year: 2020, month: 1, day: 1)), CivilDate(daysSince1970: 18_627))
        return CapacityBoard(
            year: 2020, ledger: SafetyLedger(from: from, to: to, months: [], roster: roster), roster: roster)
    }

    @Test(arguments: Self.rows)
    func utilisationsAreThoseThatThePlanPrints(row: Row) throws {
        let district = try #require(try Self.board().districts.first { $0.district == row.district })
        let plans = district.plans.filter { $0.product == row.product }
        #expect(plans.map(\.year) == [2015, 2020] && district.plans.count == 4)
        func printed(_ share: Double?) -> String { share.map(FigureText.finePercent) ?? "—" }
        #expect(printed(plans.first?.utilisation) == row.utilisation)
        if let planned = row.planned { #expect(printed(plans.last?.utilisation) == planned) }
        // Nothing was seen of any plant: no observed utilisation, which is not 0.
        #expect(district.utilisation == nil && district.capacity == nil)
    }

    /// The city of 2020: 2,000 of 3,200 万 m³ are the 62.5 % of the plan, after 1,595.8 of 3,575 in 2015.
    @Test func theDistrictsAreTheCity() throws {
        let plans = try Self.board().districts.flatMap(\.plans).filter { $0.product == "concrete" }
        func sum(_ year: Int, _ path: KeyPath<Plan, Double?>) -> Double {
            plans.filter { $0.year == year }.reduce(0) { $0 + ($1[keyPath: path] ?? 0) }
        }
        #expect(sum(2020, \.supply) / sum(2020, \.capacity) == 0.625 && sum(2020, \.capacity) == 3200)
        #expect(abs(sum(2015, \.supply) - 1595.8) < 1e-9 && sum(2015, \.capacity) == 3575)
    }
}
