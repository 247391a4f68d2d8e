/// One row of the register of vehicles: which plate carried which terminal in which period.
package struct Vehicle: Hashable, Sendable, Codable {
    /// What it is built to carry.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        case mixer
        case bulkCement = "bulk_cement"
        case mortar
    }

    package var plate: String
    /// The terminal's name as registered; compare with `TerminalNames`.
    package var terminal: String
    package var kind: Kind
    package var company: String?
    package var capacityCubicMetres: Double?
    package var tareTonnes: Double?
    package var grossLimitTonnes: Double?
    package var homePlant: String?
    package var period: ValidPeriod
    package var blindSpotCamera: Bool?

    package init(
        plate: String, terminal: String, kind: Kind, company: String? = nil, capacityCubicMetres: Double? = nil,
        tareTonnes: Double? = nil, grossLimitTonnes: Double? = nil, homePlant: String? = nil,
        period: ValidPeriod = .always, blindSpotCamera: Bool? = nil
    ) {
        self.plate = plate
        self.terminal = terminal
        self.kind = kind
        self.company = company
        self.capacityCubicMetres = capacityCubicMetres
        self.tareTonnes = tareTonnes
        self.grossLimitTonnes = grossLimitTonnes
        self.homePlant = homePlant
        self.period = period
        self.blindSpotCamera = blindSpotCamera
    }
}
