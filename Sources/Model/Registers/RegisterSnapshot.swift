/// The registers as known at one moment of system time: every row with its own period of validity. What was valid
/// when is asked of it with a time, so that a delivery is judged by the licence of its hour.
package struct RegisterSnapshot: Sendable, Hashable {
    /// Counts every import that changed something; results name the revision they were judged by.
    package var revision: Int64
    package var plants: [Plant]
    package var sites: [Site]
    package var places: [Place]
    package var vehicles: [Vehicle]

    package init(
        revision: Int64 = 0, plants: [Plant] = [], sites: [Site] = [], places: [Place] = [], vehicles: [Vehicle] = []
    ) {
        self.revision = revision
        self.plants = plants
        self.sites = sites
        self.places = places
        self.vehicles = vehicles
    }
}
