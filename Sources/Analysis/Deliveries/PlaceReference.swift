/// A row's identity in the registers of plants, sites and known places.
package struct PlaceReference: Codable, Hashable, Sendable {
    /// What sort it is.
    package enum Kind: String, Codable, Sendable, CaseIterable { case plant, site, place }

    package var kind: Kind
    package var id: String

    package init(_ kind: Kind, _ id: String) {
        self.kind = kind
        self.id = id
    }
}

extension PlaceReference: Comparable {
    /// Plants, sites, places, each by id: an order that does not depend on the order of the rows.
    package static func < (lhs: PlaceReference, rhs: PlaceReference) -> Bool {
        (lhs.kind.rank, lhs.id) < (rhs.kind.rank, rhs.id)
    }
}

extension PlaceReference.Kind {
    fileprivate var rank: Int {
        switch self {
        case .plant: 0
        case .site: 1
        case .place: 2
        }
    }

    var endKind: DeliveryEnd.Kind {
        switch self {
        case .plant: .plant
        case .site: .site
        case .place: .place
        }
    }
}
