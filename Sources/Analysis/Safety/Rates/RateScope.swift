package import Registers

/// Whose accidents and whose exposure: the whole city, a district, a company, or the city's trucks of one kind. To
/// whoever sees one district the city is that district.
package enum RateScope: Hashable, Sendable, Codable {
    case city
    case district(String)
    case company(String)
    case kind(Vehicle.Kind)

    var isCompany: Bool {
        if case .company = self { true } else { false }
    }

    /// The kind of trucks that alone is meant.
    var kind: Vehicle.Kind? {
        if case .kind(let kind) = self { kind } else { nil }
    }

    /// Whether it is all that the reader sees, or the trucks of one kind of all that.
    var isWholeReach: Bool {
        switch self {
        case .city, .kind: true
        case .district, .company: false
        }
    }

    /// As the column `scope` has it: `city`, the district's code, the company's name, or the register's word for the
    /// kind.
    package var text: String {
        switch self {
        case .city: "city"
        case .district(let text), .company(let text): text
        case .kind(let kind): kind.rawValue
        }
    }

    /// - Parameter kind: of the truck; `nil` where no register knows it: it belongs to the city, and to no kind.
    package func contains(district: String?, company: String?, kind: Vehicle.Kind?) -> Bool {
        switch self {
        case .city: true
        case .district(let name): district == name
        case .company(let name): company == name
        case .kind(let wanted): kind == wanted
        }
    }
}
