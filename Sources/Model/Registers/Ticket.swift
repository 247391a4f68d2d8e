package import Chronology
package import Geodesy

/// One delivery note (发货单) as the plant issued it.
package struct Ticket: Hashable, Sendable, Codable {
    package var ticketID: String
    package var plantID: String
    package var siteID: String
    package var plate: String
    package var product: String?
    package var volumeCubicMetres: Double?
    package var issuedAt: Instant

    package init(
        ticketID: String, plantID: String, siteID: String, plate: String, product: String? = nil,
        volumeCubicMetres: Double? = nil, issuedAt: Instant
    ) {
        self.ticketID = ticketID
        self.plantID = plantID
        self.siteID = siteID
        self.plate = plate
        self.product = product
        self.volumeCubicMetres = volumeCubicMetres
        self.issuedAt = issuedAt
    }
}

extension Ticket {
    /// What makes it one note in the register: its plant and number, and the truck, site and time it was issued for.
    ///
    /// A number that a plant has used twice is two notes, so that it can be seen; a row that differs in product or
    /// volume alone is a correction and takes the place of the earlier one.
    package var identity: String {
        [self.plantID, self.ticketID, self.plate, self.siteID, self.issuedAt.description].joined(separator: "\t")
    }

    /// An order of notes that does not depend on how they were read.
    package static func isOrdered(_ one: Ticket, _ other: Ticket) -> Bool {
        guard one.issuedAt == other.issuedAt else { return one.issuedAt < other.issuedAt }
        guard one.identity == other.identity else { return one.identity < other.identity }
        let (here, there) = (one.volumeCubicMetres ?? -1, other.volumeCubicMetres ?? -1)
        return here == there ? one.product ?? "" < other.product ?? "" : here < there
    }
}

/// A firm: a producer, a haulier, a builder.
package struct Company: Hashable, Sendable, Codable {
    package var company: String
    package var creditCode: String?
    package var kind: String?
    package var district: String?
    package var contact: String?

    package init(
        company: String, creditCode: String? = nil, kind: String? = nil, district: String? = nil,
        contact: String? = nil
    ) {
        self.company = company
        self.creditCode = creditCode
        self.kind = kind
        self.district = district
        self.contact = contact
    }
}

/// A reporting area: an administrative district or a functional zone (市本级, 嘉兴港区 …).
package struct District: Hashable, Sendable, Codable {
    package var district: String
    package var name: String
    package var parent: String?
    package var fence: Fence?

    package init(district: String, name: String, parent: String? = nil, fence: Fence? = nil) {
        self.district = district
        self.name = name
        self.parent = parent
        self.fence = fence
    }
}
