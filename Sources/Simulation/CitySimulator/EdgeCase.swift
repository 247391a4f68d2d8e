/// What makes an honest trip hard to read. The truth names it with every drop and every incident, so that the score
/// can tell which of them are misread.
package enum EdgeCase: String, Sendable, Codable, CaseIterable {
    /// Plant and site lie less than 200 m apart.
    case siteBesidePlant = "site-beside-plant"
    /// Two plants of an industrial park behind one gate: whoever loads at the rear one drives, and queues, through the
    /// other's yard.
    case sharedGate = "shared-gate"
    /// Under the river without a fix.
    case tunnel
    /// Over the river on a ferry, after a wait for it.
    case ferry
    /// Loaded in the evening, broken down or turned away, and parked overnight with the load: there is no drop.
    case overnightLoad = "overnight-load"
    /// To a fuel station with a load.
    case refuelLoaded = "refuel-loaded"
    /// Sent from one plant to another of the same company, and loaded there.
    case sisterPlant = "sister-plant"
    /// Refused at one site, taken back to the plant, and sent to another site.
    case returnedConcrete = "returned-concrete"
    /// A pump truck that the register calls a mixer.
    case pumpTruck = "pump-truck"
    /// Between the city and its neighbour, whose register is loaded.
    case neighbourCity = "neighbour-city"
    /// The terminal's clock is eight hours behind: universal time sent as if it were local.
    case clockOffset = "clock-offset"

    /// Seconds that the clock of such a terminal is ahead.
    package static let clockOffsetSeconds = -8 * 3600
}
