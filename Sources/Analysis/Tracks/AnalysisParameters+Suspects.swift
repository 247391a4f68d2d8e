/// What all trucks together tell of places: plants that no register knows, fences in a wrong coordinate system. Seconds
/// and metres; "catalogue" is the project's catalogue of rules, "priors" the duration priors of concrete haulage.
extension AnalysisParameters {
    /// Which halts make a suspected plant, and what speaks for and against one.
    package struct Suspects: Codable, Hashable, Sendable {
        /// Halts are one place within so many metres of the densest spot (catalogue: eps 60–100 m) …
        package var spotRadius = 60.0
        /// … spots within so many metres of a denser one are part of its ground (catalogue: a yard of 0.5–3 ha) …
        package var groundRadius = 160.0
        /// … and within so many metres of a likelier plant no second one is named.
        package var neighbourDistance = 400.0
        /// A suspected plant is a circle of a radius between these: terminals that sleep wake on the way out.
        package var shortestRadius = 100.0
        package var longestRadius = 250.0
        /// Halts of so many seconds can be a load (priors: 4–15 minutes) …
        package var shortestLoad = 150.0
        /// … up to this; longer ones are waiting or parking, and count neither for nor against.
        package var longestLoad = 45 * 60.0
        /// A load usually takes between these (priors: 4–15 minutes): of two places on the same trips the one where
        /// half of the halts are a quarter shorter or longer is no plant.
        package var usualLoadShortest = 240.0
        package var usualLoadLongest = 15 * 60.0
        /// Halts shorter than this at one place with less than the second between them are one visit.
        package var sameVisit = 1200.0
        /// Where no register knows it, a halt of so many seconds may be a drop (catalogue: dwell ≥ 8 minutes) …
        package var unknownDrop = 480.0
        /// … and at a registered site of so many.
        package var siteDrop = 150.0
        /// A drop begins within so many seconds after the load (concrete: 90 minutes, with a wait at the site).
        package var haul = 2 * 3600.0
        /// The way back to the next load takes no longer than this.
        package var wayBack = 3 * 3600.0
        /// A drop is so far from the load.
        package var haulDistance = 500.0
        /// From spot to spot of one ground a truck takes no longer than this.
        package var shuttle = 1800.0
        /// Where so many of the trips that touch one place also touch another, the two explain the same loads, …
        package var nearlyAlways = 0.9
        /// … and a place no farther than this from the site is a wait for it, …
        package var waitDistance = 2000.0
        /// … if the one touched before is so many times as far from both.
        package var waitDetour = 3.0
        /// Bulk tankers stand so long to unload (priors: 30–90 minutes, less what sampling cuts off) …
        package var tankerUnload = 1500.0
        /// … and no longer.
        package var tankerLongest = 3 * 3600.0
        /// Loads below which no place is named.
        package var fewestLoads = 5
        /// Points from which a place is a lead, 0–100.
        package var lead = 60.0
        /// Points from which deliveries take it for a place of loading.
        package var loadingPlace = 75.0
        /// Days back over which halts are looked at.
        package var days = 60.0
        /// A suspected plant keeps its name while its middle stays within so many metres; one that nobody has decided
        /// about, while it also stays within its ground.
        package var identityDistance = 250.0
        /// Its middle and its radius are left as they were while they change by no more than so many metres.
        package var steadyMetres = 40.0

        package init() {}
    }

    /// When another coordinate system than the declared one is asked about.
    package struct CoordinateFit: Codable, Hashable, Sendable {
        /// So many times the halts of the declared system (catalogue: > 5 ×), …
        package var factor = 5.0
        /// … and so many times the fences in use, so that one busy yard does not decide, …
        package var fenceFactor = 2.0
        /// … if it has so many halts, …
        package var fewestHalts = 20
        /// … in so many fences, …
        package var fewestFences = 2
        /// … each of which has so many.
        package var haltsOfFence = 3

        package init() {}
    }
}
