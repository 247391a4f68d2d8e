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
    /// Creeps before the ferry, or where the road narrows at the river: five to eight halts of minutes in a row.
    /// Without a load it is an incident, as nothing is dropped there.
    case creepingQueue = "creeping-queue"
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

    // What follows is everyday life: `CityPlan.hasEverydayLife`.

    /// Empty, washed out in the yard of its own plant, then to a meal at an eatery that no register knows.
    case washOut = "wash-out"
    /// Empty, waits in that yard for twenty minutes to an hour, then to a tyre shop or an inspection, and back.
    case yardErrand = "yard-errand"
    /// Parked overnight in that yard, and the same in the morning.
    case nightInYard = "night-in-yard"
    /// Empty, washed out in that yard, then for some minutes to a site to fetch people.
    case crewFetched = "crew-fetched"
    /// Broken down with a load on the usual road, and back to the plant.
    case breakdownReturned = "breakdown-returned"
    /// Broken down with a load on the usual road, and towed to a depot.
    case breakdownTowed = "breakdown-towed"
    /// Waits with a load for an hour on the road before a site, is refused at its gate, and brings the load back.
    case refusedAtGate = "refused-at-gate"
    /// Loaded, and an hour and a half in the yard until the site's pump is ready; the note was written at once.
    case waitForPump = "wait-for-pump"

    /// Those of everyday life.
    package static let everyday: Set<EdgeCase> = [
        .washOut, .yardErrand, .nightInYard, .crewFetched, .breakdownReturned, .breakdownTowed, .refusedAtGate,
        .waitForPump,
    ]

    /// Seconds that the clock of such a terminal is ahead.
    package static let clockOffsetSeconds = -8 * 3600
}
