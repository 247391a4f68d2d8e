/// Who may do what: role × resource × action, and which resource each address is. One table; an address that stands in
/// none of its rows is refused to everybody.
package enum AccessTable {
    /// What is protected.
    package enum Resource: String, Sendable, CaseIterable {
        case vehicles, positions, deliveries, plants, sites, places, trails, events, status
        /// Rates and counts in which no vehicle and no person can be told apart.
        case rates
        /// Cameras, turns, companies' rates, capacity: what a safety officer works with, down to the truck.
        case safety
        /// Evidence packages: whole sealed batches, with the messages of others.
        case evidence
        /// What should be seen at once, and what people do about it.
        case alerts
        /// The queue of suspicions with why and why not, and what is decided.
        case suspicions
        /// Places that may be plants nobody licensed: never a company's or a site's to know.
        case suspects
        case cases
        /// All registers with their history; changing them changes what deliveries are judged by.
        case registers
        /// Of these the accidents, baselines and plans, which those who answer for safety keep as well.
        case safetyRegisters = "safety_registers"
        /// Accounts, without their duties.
        case accounts
        /// Which duty an account has.
        case duties
        case audit
    }

    /// What is done with it.
    package enum Action: String, Sendable, CaseIterable { case read, change }

    /// One thing done with one resource.
    package struct Right: Hashable, Sendable {
        package var resource: Resource
        package var action: Action

        package static func read(_ resource: Resource) -> Right { Right(resource: resource, action: .read) }
        package static func change(_ resource: Resource) -> Right { Right(resource: resource, action: .change) }
    }

    /// What an address asks of the one who asks.
    package enum Rule: Hashable, Sendable {
        /// Nothing: it holds no data, or must be there before anybody has logged in.
        case anyone
        /// To be logged in: one's own session, and pages, whose data are asked for by themselves.
        case oneself
        case right(Right)
    }

    package static func rights(of role: AccountRole) -> Set<Right> {
        switch role {
        case .administrator:
            [
                .read(.accounts), .change(.accounts), .read(.status), .read(.registers), .change(.registers),
                .change(.safetyRegisters),
            ]
        case .securityAdministrator: [.read(.accounts), .read(.duties), .change(.duties)]
        case .auditor: [.read(.audit), .read(.accounts), .read(.duties)]
        case .operator: Self.desk
        case .enforcementOfficer:
            Self.desk.union([
                .read(.evidence), .change(.suspicions), .change(.suspects), .read(.cases), .change(.cases),
            ])
        case .safetyOfficer:
            Self.fleet.union([
                .read(.sites), .read(.status), .read(.rates), .read(.safety), .read(.alerts), .change(.alerts),
                .read(.registers), .change(.safetyRegisters),
            ])
        case .company: Self.fleet.union([.read(.deliveries), .read(.alerts), .read(.registers)])
        case .site: [.read(.deliveries), .read(.sites), .read(.events)]
        case .insurer: [.read(.rates)]
        }
    }

    /// In open mode everybody sees the fleet and keeps its registers, and nobody sees the accounts.
    package static let openRights = Self.rights(of: .enforcementOfficer).union([
        .change(.registers), .change(.safetyRegisters),
    ])

    private static let desk = Self.fleet.union([
        .read(.deliveries), .read(.sites), .read(.status), .read(.rates), .read(.safety), .read(.alerts),
        .change(.alerts), .read(.suspicions), .read(.suspects), .read(.registers),
    ])

    private static let fleet: Set<Right> = [
        .read(.vehicles), .read(.positions), .read(.plants), .read(.places), .read(.trails), .read(.events),
    ]

    package static func rights(of principal: Principal) -> Set<Right> {
        if principal.credential == .open { return Self.openRights }
        return principal.role.map { Self.rights(of: $0) } ?? []
    }

    /// The rule of an address, by its template and method; `nil`: it is in no row of this table.
    package static func rule(of template: String, changes: Bool) -> Rule? {
        if let rule = Self.addresses["\(changes ? "POST " : "")\(template)"] { return rule }
        // What pages are made of: code, styles and words, none of it data.
        let isCode = template.hasPrefix("/app/") || template.hasPrefix("/leaflet/")
        return isCode && !changes ? .anyone : nil
    }

    private static let addresses: [String: Rule] = [
        "/healthz": .anyone, "/readyz": .anyone, "/metrics": .anyone, "/openapi.yaml": .anyone, "/login": .anyone,
        "/sign-in": .anyone, "/sign-in/callback": .anyone,
        "/": .oneself, "/account": .oneself,
        "POST /api/v1/session": .anyone, "/api/v1/session": .anyone,
        "POST /api/v1/session/end": .oneself, "POST /api/v1/session/password": .oneself,
        "/api/v1/session/passwords": .oneself, "/api/v1/accounts/places": .right(.change(.duties)),
        "/api/v1/vehicles": .right(.read(.vehicles)),
        "/api/v1/positions": .right(.read(.positions)),
        "/api/v1/deliveries": .right(.read(.deliveries)), "/api/v1/deliveries/{id}": .right(.read(.deliveries)),
        "/api/v1/deliveries/{id}/evidence": .right(.read(.evidence)),
        "/safety": .right(.read(.safety)), "/safety/map": .right(.read(.safety)),
        "/rates": .right(.read(.rates)),
        "/api/v1/safety/rates": .right(.read(.rates)),
        "/api/v1/safety/definitions": .right(.read(.rates)),
        "/api/v1/safety/funnel": .right(.read(.safety)), "/api/v1/safety/summary": .right(.read(.safety)),
        "/api/v1/safety/exposure": .right(.read(.safety)), "/api/v1/safety/control": .right(.read(.safety)),
        "/api/v1/safety/rolling": .right(.read(.safety)),
        "/api/v1/safety/before-after": .right(.read(.safety)), "/api/v1/safety/indicators": .right(.read(.safety)),
        "/api/v1/safety/camera-rates": .right(.read(.safety)),
        "/api/v1/safety/cameras-to-mend": .right(.read(.safety)), "/api/v1/safety/quality": .right(.read(.safety)),
        "/api/v1/safety/right-turns": .right(.read(.safety)), "/api/v1/safety/capacity": .right(.read(.safety)),
        "/api/v1/safety/accidents": .right(.read(.safety)), "/api/v1/safety/report": .right(.read(.safety)),
        "/api/v1/alerts": .right(.read(.alerts)), "/api/v1/alerts/{id}": .right(.read(.alerts)),
        "POST /api/v1/alerts/{id}/actions": .right(.change(.alerts)),
        "/api/v1/colleagues": .right(.change(.alerts)),
        "/queue": .right(.read(.suspicions)), "/delivery/{id}": .right(.read(.suspicions)),
        "/api/v1/queue": .right(.read(.suspicions)), "/api/v1/rules/precision": .right(.read(.suspicions)),
        "/api/v1/deliveries/{id}/timeline": .right(.read(.suspicions)),
        "/api/v1/deliveries/{id}/decisions": .right(.read(.suspicions)),
        "POST /api/v1/deliveries/{id}/decisions": .right(.change(.suspicions)),
        "/api/v1/suspected-plants": .right(.read(.suspects)),
        "/api/v1/suspected-plants/{id}": .right(.read(.suspects)),
        "POST /api/v1/suspected-plants/{id}/decisions": .right(.change(.suspects)),
        "/cases": .right(.read(.cases)), "/case/{id}": .right(.read(.cases)),
        "/api/v1/cases": .right(.read(.cases)), "POST /api/v1/cases": .right(.change(.cases)),
        "/api/v1/cases/{id}": .right(.read(.cases)), "POST /api/v1/cases/{id}/entries": .right(.change(.cases)),
        "/registers": .right(.read(.registers)), "/registers/{kind}": .right(.read(.registers)),
        "/registers/{kind}/{id}": .right(.read(.registers)),
        "/api/v1/registers": .right(.read(.registers)), "/api/v1/registers/{kind}": .right(.read(.registers)),
        "/api/v1/registers/{kind}/file": .right(.read(.registers)),
        // Whoever keeps any register; of which kind, `RegisterAPI` asks, and the database once more.
        "POST /api/v1/registers/{kind}/file": .right(.change(.safetyRegisters)),
        "POST /api/v1/registers/{kind}/entries": .right(.change(.safetyRegisters)),
        "/api/v1/registers/{kind}/entries/{id}": .right(.read(.registers)),
        "POST /api/v1/registers/{kind}/entries/{id}": .right(.change(.safetyRegisters)),
        "/api/v1/plants": .right(.read(.plants)),
        "/api/v1/sites": .right(.read(.sites)),
        "/api/v1/places": .right(.read(.places)),
        "/api/v1/trails": .right(.read(.trails)), "/api/v1/trails/{subject}": .right(.read(.trails)),
        "/api/v1/events": .right(.read(.events)),
        "/api/v1/status": .right(.read(.status)),
        "/api/v1/accounts": .right(.read(.accounts)), "POST /api/v1/accounts": .right(.change(.accounts)),
        "POST /api/v1/accounts/{name}/state": .right(.change(.accounts)),
        "POST /api/v1/accounts/{name}/password": .right(.change(.accounts)),
        "POST /api/v1/accounts/{name}/duty": .right(.change(.duties)),
        "/api/v1/audit": .right(.read(.audit)),
    ]
}
