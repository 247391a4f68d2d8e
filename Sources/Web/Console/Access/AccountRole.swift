/// The duties that an account can have, each with its own rights (`AccessTable`). The first three are kept apart (三员):
/// who makes accounts gives no rights, who gives rights sees no data, and who audits does neither.
package enum AccountRole: String, Sendable, Codable, CaseIterable {
    case administrator
    case securityAdministrator = "security_administrator"
    case auditor
    case `operator`
    case enforcementOfficer = "enforcement_officer"
    case safetyOfficer = "safety_officer"
    case company, site, insurer

    /// The duty's name to a person.
    package var title: (zh: String, en: String) {
        switch self {
        case .administrator: ("系统管理员", "administrator")
        case .securityAdministrator: ("安全管理员", "security administrator")
        case .auditor: ("审计员", "auditor")
        case .operator: ("值班员", "operator")
        case .enforcementOfficer: ("执法人员", "enforcement officer")
        case .safetyOfficer: ("安全监管人员", "safety officer")
        case .company: ("企业", "company")
        case .site: ("工地", "site")
        case .insurer: ("保险机构", "insurer")
        }
    }

    /// Of each of these there is to be somebody, and nobody is two of them.
    package var isOneOfThree: Bool {
        switch self {
        case .administrator, .securityAdministrator, .auditor: true
        case .operator, .enforcementOfficer, .safetyOfficer, .company, .site, .insurer: false
        }
    }

    /// Whether an account of this duty may be confined to a district.
    package var mayHaveDistrict: Bool {
        switch self {
        case .operator, .enforcementOfficer, .safetyOfficer: true
        case .administrator, .securityAdministrator, .auditor, .company, .site, .insurer: false
        }
    }
}
