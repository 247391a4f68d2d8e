package import Chronology

/// What a truck carries while it is under way.
package struct Cargo: Hashable, Sendable {
    /// Tells a truck's loads apart.
    package var key: Instant
    /// The licensed plant it comes from; `nil`: from elsewhere, or nobody knows.
    package var plantID: String?
    /// When it left the place of loading; so far, while it stands there still.
    package var loadedAt: Instant?
    /// The stay was seen, at a plant of the register, and there has been no halt since at which a load could have been
    /// dropped, nor a stretch in the dark: if there was a load, it is on the truck.
    package var isCertain: Bool
    /// Whether the sensors showed that it was taken; `false`: they were heard all the while and showed none. `nil`:
    /// there are none, or they were not heard, and the load is read from a stay.
    package var isSensed: Bool?
    /// A tanker took it at a plant, in no longer than that takes (`tickets.longestLoad`): of cement no notes are
    /// written, and no drum tells.
    package var isTankers: Bool

    package init(
        key: Instant, plantID: String?, loadedAt: Instant?, isCertain: Bool = false, isSensed: Bool? = nil,
        isTankers: Bool = false
    ) {
        self.key = key
        self.plantID = plantID
        self.loadedAt = loadedAt
        self.isCertain = isCertain
        self.isSensed = isSensed
        self.isTankers = isTankers
    }
}
