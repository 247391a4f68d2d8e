package import Chronology
package import Geodesy
package import Telemetry
package import Tracks

/// A place at one end of a delivery.
package struct DeliveryEnd: Hashable, Sendable, Codable {
    /// What sort it is.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        case plant, site, place
        case suspectedPlant = "suspected_plant"
        case unknown
    }

    package var kind: Kind
    /// The register's id; `nil` where no register knows the place.
    package var id: String?
    /// Where the truck stood (the median of its fixes); `nil` when even that is not known.
    package var coordinate: Coordinate?

    package init(kind: Kind, id: String? = nil, coordinate: Coordinate? = nil) {
        self.kind = kind
        self.id = id
        self.coordinate = coordinate
    }
}

/// What was carried where: one drop of one load, as the reports show it (`contract.md` §5).
package struct Delivery: Hashable, Sendable, Codable {
    /// `D-<terminal>-<unload_start>`: deriving the same facts again gives the same id.
    package var deliveryID: String
    /// `L-<terminal>-<load_start>`, shared by the drops of one load.
    package var loadID: String
    package var terminal: TerminalID
    /// By the register of vehicles at the time of unloading; `nil`: a terminal that no register knows.
    package var plate: String?
    package var origin: DeliveryEnd
    /// Arrival at and departure from the loading place; `nil` where the load was not seen.
    package var loadStart: Instant?
    package var loadEnd: Instant?
    package var destination: DeliveryEnd
    package var unloadStart: Instant
    package var unloadEnd: Instant
    /// Kilometres driven from `loadEnd` to `unloadStart`, noise while standing left out; `nil` without a load.
    package var distanceKilometres: Double?
    package var ticketID: String?
    /// The numbers of the load's other notes, in the order of their time: priming mortar has one of its own. `nil`:
    /// there are none.
    package var otherTicketIDs: [String]?
    /// Share of the time from `loadEnd` to `unloadStart` that lies between usable fixes close enough together, 0–1.
    package var coverage: Double
    /// Named factors, each 0–1, whose product is how sure we are that this is a delivery at all.
    package var confidence: [String: Double]
    /// Names the factor of a load that nobody saw: the terminal was dark at the place to which it is put.
    package static let unseenLoad = "unseen-load"
    /// The same of a drop.
    package static let unseenDrop = "unseen-drop"
    /// The same of a drop where the truck rolled into the dark and came back: its place is known, and not that it
    /// stood.
    package static let unheardDrop = "unheard-drop"
    /// The same of a delivery whose reports were made by a clock that is eras of 1024 weeks behind.
    package static let clock = "clock"
    /// Whether nobody can tell on which day it was, and so by which state of the registers it is to be judged.
    package var isDateInDoubt: Bool { self.confidence[Self.clock] != nil }
    package var isDropUnseen: Bool { self.confidence[Self.unseenDrop] != nil }
    package var isDropUnheard: Bool { self.confidence[Self.unheardDrop] != nil }
    /// Whether the load was put where nobody saw it, so that its place and its times are what is likeliest.
    package var isLoadUnseen: Bool { self.confidence[Self.unseenLoad] != nil }

    /// The numbers of all notes of its load; the one by which it is judged first.
    package var ticketIDs: [String] { [self.ticketID].compactMap(\.self) + (self.otherTicketIDs ?? []) }

    /// The same delivery, loaded at the plant at which the truck was before it stood at another one; `nil` where it was
    /// at none. How far it drove from there was not kept.
    package var asLoadedEarlier: Delivery? {
        guard var haul = self.haul, let earlier = haul.earlier else { return nil }
        haul.earlier = nil
        var delivery = self
        delivery.origin = DeliveryEnd(kind: .plant, id: earlier.plantID, coordinate: earlier.coordinate)
        (delivery.loadStart, delivery.loadEnd) = (earlier.start, earlier.end)
        (delivery.distanceKilometres, delivery.haul) = (nil, haul)
        return delivery
    }

    /// Whether it stood so long where it is read to have been loaded that it counts as loaded there, whatever it
    /// carried before; a note that was written at the plant before leaves that open.
    package func isStayLong(_ cycles: AnalysisParameters.Cycles) -> Bool {
        guard let start = self.loadStart, let end = self.loadEnd else { return false }
        return end.seconds(since: start) >= cycles.certainReloadSeconds
    }

    /// The same delivery, loaded at another plant whose fence holds the halt as well.
    package func asLoaded(atPlant id: String) -> Delivery {
        var delivery = self
        delivery.origin.id = id
        return delivery
    }

    /// Final once no in-order report can change it; a late one still can, and then it is superseded.
    package var isFinal: Bool
    /// Event time of the report by which it became final; while it is open, of one up to which it was looked at.
    package var settledAt: Instant
    /// What was seen on the way; `nil` in rows derived before it was written down.
    package var haul: Haul?

    package init(
        deliveryID: String, loadID: String, terminal: TerminalID, plate: String?, origin: DeliveryEnd,
        loadStart: Instant?, loadEnd: Instant?, destination: DeliveryEnd, unloadStart: Instant, unloadEnd: Instant,
        distanceKilometres: Double?, ticketID: String? = nil, otherTicketIDs: [String]? = nil, coverage: Double,
        confidence: [String: Double], isFinal: Bool, settledAt: Instant, haul: Haul? = nil
    ) {
        self.deliveryID = deliveryID
        self.loadID = loadID
        self.terminal = terminal
        self.plate = plate
        self.origin = origin
        self.loadStart = loadStart
        self.loadEnd = loadEnd
        self.destination = destination
        self.unloadStart = unloadStart
        self.unloadEnd = unloadEnd
        self.distanceKilometres = distanceKilometres
        self.ticketID = ticketID
        self.otherTicketIDs = otherTicketIDs
        self.coverage = coverage
        self.confidence = confidence
        self.isFinal = isFinal
        self.settledAt = settledAt
        self.haul = haul
    }
}
