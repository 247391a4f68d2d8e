package import Chronology

/// What a truck carries while it is under way.
package struct Cargo: Hashable, Sendable {
    /// Tells a truck's loads apart.
    package var key: Instant
    /// The licensed plant it comes from; `nil`: from elsewhere, or nobody knows.
    package var plantID: String?
    /// When it left the place of loading; so far, while it stands there still.
    package var loadedAt: Instant?

    package init(key: Instant, plantID: String?, loadedAt: Instant?) {
        self.key = key
        self.plantID = plantID
        self.loadedAt = loadedAt
    }
}
