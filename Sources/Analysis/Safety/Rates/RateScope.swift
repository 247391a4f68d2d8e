/// Whose accidents and whose exposure: the whole city, a district or a company.
package enum RateScope: Hashable, Sendable, Codable {
    case city
    case district(String)
    case company(String)

    /// As the column `scope` has it: `city`, the district's code or the company's name.
    var isCompany: Bool {
        if case .company = self { true } else { false }
    }

    package var text: String {
        switch self {
        case .city: "city"
        case .district(let text), .company(let text): text
        }
    }

    package func contains(district: String?, company: String?) -> Bool {
        switch self {
        case .city: true
        case .district(let name): district == name
        case .company(let name): company == name
        }
    }
}
