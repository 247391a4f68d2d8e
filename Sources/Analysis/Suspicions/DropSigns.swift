import Chronology
package import Deliveries
import Geodesy
import Registers
import Tracks

/// What a truck's own notes and its trips before and after tell of a drop outside every register that no sensor shows.
/// Of one load none of it is proof; of several at one place it is (`PlaceDrops`).
package struct DropSigns: OptionSet, Hashable, Sendable {
    package let rawValue: Int16

    package init(rawValue: Int16) { self.rawValue = rawValue }

    /// It went there straight from a plant, and its load before or after that went to the same place as straight: no
    /// driver eats, and no truck waits for its turn, between every two loads and does nothing else.
    package static let shuttle = DropSigns(rawValue: 1)
    /// It never was at the site of its note, and took the next load with a note of its own as soon as it came back to
    /// a plant: it had been emptied where it stood.
    package static let emptied = DropSigns(rawValue: 2)
    /// The same no farther from the site than trucks wait for it: turned back, and sent on with what was on it, a truck
    /// shows the same once.
    package static let emptiedNearSite = DropSigns(rawValue: 4)

    /// - Parameters:
    ///   - deliveries: those of the truck around it, others among them or not.
    ///   - matching: of these.
    package init(
        of delivery: Delivery, among deliveries: [Delivery], _ matching: TicketMatching, in world: World
    ) {
        self = []
        guard delivery.stoodLikeADrop(in: world) else { return }
        if Self.isShuttle(delivery, among: deliveries, world) { self.insert(.shuttle) }
        if let sign = Self.emptied(delivery, among: deliveries, matching, world) { self.insert(sign) }
    }

    private static func isShuttle(_ delivery: Delivery, among deliveries: [Delivery], _ world: World) -> Bool {
        guard delivery.isStraightFromPlant(in: world) else { return false }
        let ordered = deliveries.filter { $0.terminal == delivery.terminal && $0.deliveryID != delivery.deliveryID }
        let before = ordered.filter { $0.unloadStart < delivery.unloadStart }.max { $0.unloadStart < $1.unloadStart }
        let after = ordered.filter { $0.unloadStart > delivery.unloadStart }.min { $0.unloadStart < $1.unloadStart }
        return before.map { self.isPair($0, delivery, world) } ?? false
            || after.map { self.isPair(delivery, $0, world) } ?? false
    }

    /// Whether the truck drove back from the one for the other.
    private static func isPair(_ earlier: Delivery, _ later: Delivery, _ world: World) -> Bool {
        guard earlier.loadID != later.loadID, let one = earlier.unregisteredDrop, let other = later.unregisteredDrop,
            one.distanceMetres(to: other) <= world.parameters.cycles.spotRadius,
            [earlier, later].allSatisfy({ $0.stoodLikeADrop(in: world) && $0.isStraightFromPlant(in: world) }),
            let back = later.loadStart?.seconds(since: earlier.unloadEnd)
        else { return false }
        return back >= 0 && back <= world.parameters.cycles.freshSeconds
    }

    private static func emptied(
        _ delivery: Delivery, among deliveries: [Delivery], _ matching: TicketMatching, _ world: World
    ) -> DropSigns? {
        let rules = world.parameters.rules
        guard let match = matching.match(of: delivery), match.isOwn, delivery.origin.kind == .plant,
            let haul = delivery.haul, let comeback = haul.comeback, comeback.isSeen,
            !(haul.halts + comeback.halts).contains(where: { $0.place == PlaceReference(.site, match.ticket.siteID) }),
            let next = NextLoad(after: delivery, among: deliveries, matching), next.showsEmpty(rules),
            let metres = TicketAgreement.metresToSite(of: delivery, match.ticket, world)
        else { return nil }
        return metres <= rules.returnDistance ? .emptiedNearSite : .emptied
    }
}

extension Delivery {
    /// Whether a truck of concrete or mortar stood outside every register as long as a pour takes, seen, and with no
    /// sensor that shows the contrary.
    fileprivate func stoodLikeADrop(in world: World) -> Bool {
        let (rules, evidence) = (world.parameters.rules, world.parameters.evidence)
        let stood = self.unloadEnd.seconds(since: self.unloadStart)
        guard self.unregisteredDrop != nil, world.kind(of: self) != .bulkCement, !self.isDropUnseen,
            !self.isLoadUnseen, stood >= rules.convincingDropSeconds
        else { return false }
        guard !self.isDischargeShown, let drop = self.haul?.drop else { return true }
        return drop.loadChange == nil && drop.drumKnownSeconds < evidence.heardShare * stood
    }

    /// Whether it was loaded at a plant, in no longer than that takes, and drove to a place that is not the plant's
    /// waiting ground without having been at a site.
    fileprivate func isStraightFromPlant(in world: World) -> Bool {
        guard self.origin.kind == .plant, let plant = self.origin.id, let spot = self.unregisteredDrop,
            let start = self.loadStart, let end = self.loadEnd,
            end.seconds(since: start) <= world.parameters.tickets.longestLoad,
            !(self.haul?.halts ?? []).contains(where: { $0.place?.kind == .site })
        else { return false }
        let metres = world.metres(from: spot, to: PlaceReference(.plant, plant), at: end)
        return metres.map { $0 > world.parameters.rules.shuttleDistance } ?? false
    }
}
