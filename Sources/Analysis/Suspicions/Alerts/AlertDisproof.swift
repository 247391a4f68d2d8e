package import Chronology
package import Deliveries
package import Geodesy
package import Registers
package import Telemetry
import Tracks

/// What the registers, as they stand now, say against an alert that was raised by what they said then.
///
/// Only that it does not hold: reports of the past that corrected registers would accuse newly raise nothing, for the
/// driver drove by what was in force. An alert is not disproved by what cannot be judged any more.
package struct AlertDisproof: Sendable {
    private let world: World
    private let zones: [Zone]

    package init(world: World, zones: [Zone]) {
        (self.world, self.zones) = (world, zones)
    }

    /// The rules whose alerts rest on rows of the registers alone, besides the reports.
    package static let rules: [VehicleAlert.Rule] = [.longStop, .restrictedZone]

    /// Where a truck was, and when.
    package struct Sighting: Hashable, Sendable {
        package var place: Coordinate
        package var time: Instant

        package init(_ place: Coordinate, at time: Instant) {
            (self.place, self.time) = (place, time)
        }
    }

    /// Why the alert does not hold; `nil`: it does, or nobody can say.
    /// - Parameters:
    ///   - opening: where it was raised, and when.
    ///   - later: where else the truck was while it stood open; asked for only if need be.
    package func reason(
        against rule: VehicleAlert.Rule, of terminal: TerminalID, opening: Sighting, later: () throws -> [Sighting]
    ) rethrows -> Statement? {
        switch rule {
        case .longStop: self.known(opening)
        case .restrictedZone:
            try self.isDenied(opening, terminal) && later().allSatisfy { self.isDenied($0, terminal) }
                ? Statement(
                    zh: "当时所在位置不在禁行时段的禁行区内，或有通行证。",
                    en: "Where it was, no zone was closed at that hour, or it had a permit.") : nil
        default: nil
        }
    }

    private func known(_ stop: Sighting) -> Statement? {
        let queue = self.world.parameters.hauls.queueDistance
        guard let near = self.world.nearestPlace(to: stop.place, within: queue, at: stop.time) else { return nil }
        return Statement(
            zh: "停留处为已知场所 \(near.place.id)，或在其门口。", en: "It stood at the known place \(near.place.id), or at its gate.")
    }

    private func isDenied(_ sighting: Sighting, _ terminal: TerminalID) -> Bool {
        guard !self.zones.isEmpty else { return true }
        let facts = ZoneFacts(
            terminal: terminal, plate: self.world.vehicle(terminal, at: sighting.time)?.plate, place: sighting.place,
            zones: self.zones, time: sighting.time)
        return RestrictedZone().judge(facts, in: self.world).outcome == .no
    }
}
