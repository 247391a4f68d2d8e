package import Chronology
package import Deliveries
package import Registers

/// What the alerts of one vehicle look at besides its reports.
///
/// Who folds fills it: by `take` and `ways` from the vehicle's `VehicleFold.cargo(in:)` at the last report, `zones`
/// from the register of zones.
package struct AlertSurroundings: Sendable {
    package var world: World
    package var zones: [Zone]
    package var isLoaded: Bool
    /// Nobody has to infer it: the load is shown (`LoadBasis.isShown`) and cannot have been dropped
    /// (`Cargo.isCertain`).
    package var isSurelyLoaded: Bool
    /// What says that it is loaded, where it is.
    package var basis: LoadBasis
    /// The ways that lead to where the load may be going; `nil`: empty, or nothing is known of them.
    package var ways: ExpectedWays?
    /// Where another terminal of the same plate was last seen; `nil`: there is none.
    package var twin: Sighting?

    package init(
        world: World, zones: [Zone] = [], isLoaded: Bool = false, isSurelyLoaded: Bool = false,
        basis: LoadBasis = .stay, ways: ExpectedWays? = nil, twin: Sighting? = nil
    ) {
        self.world = world
        self.zones = zones
        self.isLoaded = isLoaded
        self.isSurelyLoaded = isSurelyLoaded
        self.basis = basis
        self.ways = ways
        self.twin = twin
    }

    /// What the truck carries as of a report; `nil`: nothing.
    package mutating func take(_ cargo: Cargo?, _ notes: LoadNotes, at time: Instant) {
        self.isLoaded = cargo != nil
        self.basis = cargo.map { LoadBasis(of: $0, notes, at: time, self.world.parameters) } ?? .stay
        self.isSurelyLoaded = (cargo?.isCertain ?? false) && self.basis.isShown
    }
}
