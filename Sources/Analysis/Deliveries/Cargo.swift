package import Chronology

/// What a truck carries while it is under way.
package struct Cargo: Hashable, Sendable {
    /// Tells a truck's loads apart.
    package var key: Instant
    /// The licensed plant it comes from; `nil`: from elsewhere, or nobody knows.
    package var plantID: String?
    /// When it left the place of loading; so far, while it stands there still.
    package var loadedAt: Instant?
    /// The load was seen, at a plant of the register, and there has been no halt since at which it could have been
    /// dropped, nor a stretch in the dark: nobody needs to infer that it is on the truck.
    package var isCertain: Bool

    package init(key: Instant, plantID: String?, loadedAt: Instant?, isCertain: Bool = false) {
        self.key = key
        self.plantID = plantID
        self.loadedAt = loadedAt
        self.isCertain = isCertain
    }
}
