package import Deliveries
package import Registers

/// What the alerts of one vehicle look at besides its reports.
///
/// Who folds fills it: `isLoaded`, `isSurelyLoaded` and `ways` from the vehicle's `VehicleFold.cargo(in:)` at the last
/// report, `zones` from the register of zones.
package struct AlertSurroundings: Sendable {
    package var world: World
    package var zones: [Zone]
    package var isLoaded: Bool
    /// Nobody has to infer it (`Cargo.isCertain`).
    package var isSurelyLoaded: Bool
    /// The ways that lead to where the load may be going; `nil`: empty, or nothing is known of them.
    package var ways: ExpectedWays?
    /// Where another terminal of the same plate was last seen; `nil`: there is none.
    package var twin: Sighting?

    package init(
        world: World, zones: [Zone] = [], isLoaded: Bool = false, isSurelyLoaded: Bool = false,
        ways: ExpectedWays? = nil, twin: Sighting? = nil
    ) {
        self.world = world
        self.zones = zones
        self.isLoaded = isLoaded
        self.isSurelyLoaded = isSurelyLoaded
        self.ways = ways
        self.twin = twin
    }
}
