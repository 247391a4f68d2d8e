/// Every threshold of the analysis, by name, with its origin. A result names the version it was derived with.
///
/// Seconds, metres and km/h throughout. "Catalogue" is the project's catalogue of rules, "priors" are the duration
/// priors of concrete haulage: loading a mixer takes 4–15 minutes, a pour 6–25, pneumatic unloading 30–90.
package struct AnalysisParameters: Codable, Hashable, Sendable {
    /// Counts every change of a default below, so that rows derived before it can be told apart.
    package var version = 9
    package var cleaning = Cleaning()
    package var standing = Standing()
    package var coverage = Coverage()
    package var evidence = Evidence()
    package var visits = Visits()
    package var cycles = Cycles()
    package var rules = Rules()
    package var exemption = Exemption()
    package var tickets = Tickets()
    package var volumes = Volumes()
    package var quality = Quality()
    package var hauls = Hauls()
    package var roads = Roads()
    package var corridors = CorridorRule()
    package var cement = Cement()
    package var driving = Driving()
    package var suspects = Suspects()
    package var coordinateFit = CoordinateFit()
    package var faults = Faults()
    package var turns = Turns()
    package var integrity = Integrity()

    package init() {}

    package static let standard = AnalysisParameters()

    /// Which fixes are believed.
    package struct Cleaning: Codable, Hashable, Sendable {
        /// A fix that asks for more speed since the last one is a spike (catalogue, `teleport`); a speed above it is a
        /// mistake of the receiver's, and no `speeding`.
        package var maximumSpeed = 160.0
        /// Metres that noise alone may add between two fixes; at 1 s sampling 50 m would be 180 km/h.
        package var noiseAllowance = 60.0
        /// So many fixes in a row that agree with each other and not with the last believed one: the truck is where
        /// they say, and what was believed before was the spike.
        package var agreeingFixes = 3
        /// A position that is the same to the last digit (1e-6 degree, in 1e-7) …
        package var frozenE7 = 10
        /// … in a report with a speed above this in km/h (catalogue, `frozen-position`), …
        package var frozenSpeed = 5.0
        /// … or after so many of them, …
        package var frozenReports = 3
        /// … or so many metres by the odometer, is one that the terminal kept.
        package var frozenMetres = 500.0
        /// After a silence longer than this in seconds it may have gone and come back to its place.
        package var frozenGap = 600.0

        package init() {}
    }

    /// When a truck stands.
    package struct Standing: Codable, Hashable, Sendable {
        /// Fixes no farther than this from each other are one place (usual stop detection: 50–100 m for vehicles).
        package var radius = 60.0
        /// Shorter halts are traffic (usual stop detection: 120 s).
        package var minimumDuration = 120.0
        /// A receiver that drifts between high buildings is off by 90 m and more: fixes so many seconds apart …
        package var driftSpacing = 30.0
        /// … that jump by so many metres each time on average, …
        package var driftStep = 45.0
        /// … for so long, …
        package var driftDuration = 300.0
        /// … and all in all no farther than this from each other, are a halt, …
        package var driftExtent = 260.0
        /// … if they jump over so many times the way that they get on: who creeps in a queue or a jam gets on.
        package var driftRatio = 6.0
        /// It ends when fixes are farther than this from its middle.
        package var driftRadius = 150.0
        /// Of more fixes than these the oldest is let go.
        package var driftLimit = 20
        /// A terminal that slept: a gap of this length …
        package var sleepMinimum = 180.0
        /// … with both ends this close …
        package var sleepDisplacement = 300.0
        /// … and slower than this on average, was spent standing. Terminals fall asleep while the truck rolls out and
        /// wake when it is under way again (Athens 2002: up to 160 m over gaps of 8–40 minutes).
        package var sleepSpeed = 3.0
        /// A gap of this length with displacement is part driving, part standing …
        package var bridgeMinimum = 90.0
        /// … if it is so many of the terminal's usual intervals. The drive takes:
        package var bridgeIntervals = 2.5
        /// The straight line times this, …
        package var detour = 1.35
        /// … at this speed, …
        package var gapSpeed = 32.0
        /// … after so many seconds of getting under way.
        package var startSeconds = 30.0
        /// Two fixes in a row no farther apart than this: the truck stands.
        package var stillMetres = 12.0
        /// Two halts outside all fences this close in space …
        package var mergeDistance = 150.0
        /// … and in time are one.
        package var mergeGap = 180.0
        /// Fixes of one halt that are kept for its median. Beyond it every second one is let go.
        package var sampleLimit = 32
        /// Fixes that wait for a halt to be confirmed; closer than `minimumDuration / candidateLimit` in time they
        /// are thinned.
        package var candidateLimit = 60

        package init() {}
    }

    /// When a stretch of time counts as seen.
    package struct Coverage: Codable, Hashable, Sendable {
        /// Two fixes no further apart than this cover the time between them …
        package var gap = 300.0
        /// … or no further than so many of the terminal's usual intervals.
        package var intervals = 5.0

        package init() {}
    }

    /// What a drum and a load sensor prove.
    package struct Evidence: Codable, Hashable, Sendable {
        /// Drum speed in rpm at or below which it discharges; a drum at rest trembles around 0.
        package var dischargeSpeed = -1.0
        /// Drum speed in rpm at or above which a standing truck takes a load (transit is 1–6, loading 8–14).
        package var loadingSpeed = 7.0
        /// Seconds of discharge that make a drop (catalogue: reverse ≥ 60 s).
        package var dischargeSeconds = 60.0
        /// After a drop a reversed drum is more likely washed out; then it takes so many seconds.
        package var dischargeSecondsAfterDrop = 240.0
        /// Seconds of fast forward turning that make a load.
        package var loadingSeconds = 120.0
        /// Change of the load in kg that makes a load or a drop: about 1 m³ of concrete.
        package var loadChange = 2400.0
        /// Share of a halt in which the drum's state has to be known before its silence proves anything.
        package var heardShare = 0.85
        /// A drum's word is believed for so long after the report.
        package var drumHold = 120.0
        /// What a load cell reads on the way tells what was on the truck so many seconds before.
        package var loadHold = 600.0
        /// Seconds for which a drum has to turn one way on a drive, and more than twice as long as the other way, to
        /// show which way it turns with a load in it.
        package var carryingSeconds = 180.0

        package init() {}
    }

    /// When a truck has been at a place.
    package struct Visits: Codable, Hashable, Sendable {
        /// Outside a fence by no more than this still counts for the place, if nobody was inside before or after
        /// (catalogue: margin 80 m).
        package var margin = 80.0
        /// Seconds after which a truck that left the fence is gone …
        package var rejoinSeconds = 180.0
        /// … or metres from where it was last seen inside.
        package var rejoinDistance = 400.0
        /// A passage without so many seconds of standing is no visit: a drive past a fence.
        package var standingSeconds = 60.0
        /// Unless it was inside for so long: creeping in a queue …
        package var creepingSeconds = 420.0
        /// … which is below this speed in km/h (domain §4.3: 10): what is faster is a drive through a large place, and
        /// part of no load and no drop.
        package var creepingSpeed = 10.0
        /// A halt in the margin belongs to a visit that begins or ends within so many seconds: queue, wash-out.
        package var queueSeconds = 3600.0
        /// A halt in the queue zone of a place that is entered within so many seconds was the queue for it (catalogue:
        /// 30 min), even where it lay in the margin of another.
        package var entrySeconds = 1800.0
        /// Fences that hold a truck at once; of more than these the first found are followed.
        package var presenceLimit = 8
        /// Share of the shorter of two visits that has to overlap for both to be one stop in two fences.
        package var overlapShare = 0.5
        /// A site of so many metres, …
        package var roadSiteLength = 500.0
        /// … and so many times as long as wide, is a stretch of road, a track or a pipe along one: trucks that go
        /// elsewhere pass it, halt there at lights, creep there in jams and break down there.
        package var roadSiteRatio = 8.0

        package init() {}
    }

    /// What loads and drops are.
    package struct Cycles: Codable, Hashable, Sendable {
        /// Shortest visit at a plant that can be a load (priors: 4 minutes, less what sampling cuts off).
        package var loadSeconds = 180.0
        /// Who stood at a plant for less than this, with half the time between the reports at both ends, was hardly
        /// loaded there (priors: 4 minutes): that a halt elsewhere before was the load is then as likely.
        package var fastestLoadSeconds = 240.0
        /// Shortest visit at another plant that is a load of a truck already loaded; else it passed by.
        package var reloadSeconds = 300.0
        /// Shortest one that is a load whatever the delivery note says; below it a note that fits the load before shows
        /// that the truck merely stood there: who refuels or eats at the sister plant may stay half an hour.
        package var certainReloadSeconds = 1800.0
        /// Shortest one that is a load beyond doubt: from the other limit up to here a note that was written while it
        /// stood at the plant of the load before leaves open at which of the two it was loaded (a meal, a repair).
        package var possibleReloadSeconds = 5400.0
        /// Who comes back to the plant that loaded him, without having stood farther from its fence than so many metres
        /// (a street, a car park) …
        package var waitingDistance = 1000.0
        /// … and without having driven more than so many, there and back by the next turning, still has that load.
        package var waitingDrive = 3000.0
        /// Shortest visit at a site that is a drop.
        package var dropSeconds = 240.0
        /// Shortest visit at a site that is one if the cycle has no longer one.
        package var shortDropSeconds = 150.0
        /// Shortest halt outside every register that can be a drop (catalogue: dwell ≥ 8 minutes) …
        package var unknownDropSeconds = 480.0
        /// … and the longest: beyond it the truck was parked.
        package var unknownDropMaximum = 3 * 3600.0
        /// Such a halt is the likelier a drop, the nearer its length is to these (priors: pours of 6–60 minutes, with
        /// the wait at the site) …
        package var usualDropSeconds = 900.0
        package var longDropSeconds = 5400.0
        /// … and if it begins within so many seconds after the load: the age limit of concrete (GB/T 14902, 90 min).
        package var freshSeconds = 5400.0
        /// Shortest visit at which a tanker unloads (priors: 30–90 minutes).
        package var tankerDropSeconds = 900.0
        /// Shortest visit at which a tanker loads (priors: 10–40 minutes).
        package var tankerLoadSeconds = 300.0
        /// Halts outside every register that can be a load: shortest, …
        package var unknownLoadSeconds = 180.0
        /// … shortest between drops at two different sites, where a second drop explains them as well, …
        package var unknownLoadBetweenSites = 240.0
        /// … and longest.
        package var unknownLoadMaximum = 45 * 60.0
        /// A drum that turns fast for less than this, after a drop that need not have emptied it, mixes up the rest of
        /// the load (GB/T 14902: at least 20 s before a drop; priors of a load: median 8 minutes).
        package var mixingMaximum = 300.0
        /// The length of a halt that is most likely a load (priors: median 8 minutes) …
        package var medianLoadSeconds = 480.0
        /// … and of several, each earlier one is so much less likely: a load is followed by its drop.
        package var earlierLoadShare = 0.85
        /// A place where a truck was loaded is the same within so many metres …
        package var spotRadius = 100.0
        /// … and remembered for so long (catalogue: 14 days) …
        package var spotSeconds = 14 * 86_400.0
        /// … and of more than so many places the oldest is forgotten.
        package var spotLimit = 8
        /// Between two sites a halt that makes the straight way no longer than so many times may be a breakdown.
        package var detourOnTheWay = 1.4
        /// How far from the site such a load has to be; nearer it was a queue.
        package var unknownLoadDistance = 500.0
        /// A drop begins within so many seconds after the load: then concrete is stone …
        package var loadedMaximum = 4 * 3600.0
        /// … and cement and dry mortar, which keep, have been unloaded somewhere: a night, and a day at a full silo.
        package var dryLoadedMaximum = 48 * 3600.0
        /// A second drop of one load begins within so many seconds after the first.
        package var secondDropSeconds = 3 * 3600.0
        /// Who stood so long anywhere but at a site is empty, and what he did before is over. Of tankers and trucks for
        /// dry mortar it shows nothing, unless they had stood as long as unloading takes (`cement.unloadSeconds`).
        package var restSeconds = 4 * 3600.0
        /// Longest visit to a site of a truck that was not seen to be loaded which can be a drop (priors: up to 60
        /// minutes of waiting and 25 of pouring, 90 for piles): beyond it it is a pump truck, or parked.
        package var unseenDropMaximum = 90 * 60.0
        /// Two visits to one site with less between them, and no load in between, are one drop.
        package var sameDropSeconds = 1200.0
        /// Unseen seconds between two drops in which a load can hide.
        package var darkLoadSeconds = 300.0
        /// A load in the dark outside every register: it went dark, and came back, within so many metres of the place.
        package var darkSpotDistance = 1800.0
        /// What could have been reached in the dark, at this speed in km/h over the usual detour.
        package var darkSpeed = 50.0
        /// How sure a load at a halt outside every register is that a sensor showed, …
        package var provenLoadConfidence = 0.95
        /// … where this truck was loaded so many times before within `spotSeconds`, with this one three (catalogue), or
        /// where the search for suspected plants found many trucks' loads, …
        package var repeatedLoads = 2
        package var repeatedLoadConfidence = 0.8
        /// … and of a single halt, which may have been anything.
        package var singleLoadConfidence = 0.6
        /// How sure a load is that nobody saw, or a drop.
        package var unseenConfidence = 0.7
        /// The same of a drop at a place where the truck rolled into the dark and came back.
        package var unheardConfidence = 0.85
        /// The same of a delivery on a day that nobody can tell.
        package var clockConfidence = 0.5
        /// A terminal first heard of less than this before a drop may have been loaded when it was first heard of.
        package var historySeconds = 2 * 3600.0
        /// A halt in a depot or car park of so many seconds shows that a truck first heard of was empty.
        package var idleSeconds = 300.0
        /// Stops kept of one cycle; at the limit the shortest halt outside the registers goes.
        package var stopLimit = 48

        package init() {}
    }

    /// What the rules compare with.
    package struct Rules: Codable, Hashable, Sendable {
        /// Metres outside a fence that still count as inside (catalogue).
        package var margin = 80.0
        /// A load outside every register that is less sure than this is worth an inspection, and no more (catalogue: an
        /// unlicensed origin is urgent from 0.7 on, with drum, tankers or three repetitions).
        package var urgentOrigin = 0.7
        /// A drop outside every register that nothing shows but a halt is a hit where so many other loads are known to
        /// have gone to the same place (`cycles.spotRadius`): of mixers those whose sensors show the discharge, of one
        /// truck one a day; or so many, with the one itself, of which the next load shows that the truck was empty …
        package var repeatedDrops = 2
        /// … or so many of other tankers, …
        package var repeatedTankerDrops = 1
        /// … within so many days before or after (catalogue: 14 days), …
        package var repeatedDropDays = 14.0
        /// … those of the same tanker only within so many seconds: where its driver eats or lives it is every day.
        package var sameTruckDropSeconds = 12 * 3600.0
        /// Without a sensor a place is supplied where trucks shuttle: straight from a plant, and back for a load that
        /// goes to the same place. Of a truck's shuttle trips of a day those beyond so many count (a driver eats twice
        /// a day), …
        package var dailyShuttles = 2
        /// … of which so many are needed, of all trucks together, …
        package var repeatedShuttles = 2
        /// … within so many days before or after; …
        package var shuttleDays = 2.0
        /// … nearer to the plant than so many metres trucks wait for their turn.
        package var shuttleDistance = 1000.0
        /// Who takes a load with a note of its own in less than so many seconds after coming back to a plant was empty:
        /// what was not unloaded takes longer to be emptied there (a drum of 8 m³ 5–10 min, with test and wash-out).
        package var emptiedSeconds = 900.0
        /// Who waits no farther than so many metres from the site of the note, and comes back to the plant that loaded
        /// it, may have brought the concrete back.
        package var returnDistance = 1000.0
        /// Shortest visit at a registered site that shows by itself that the truck had been loaded (priors: median 15
        /// minutes).
        package var convincingDropSeconds = 480.0
        /// A drum that turned back at registered sites for so long has poured a load (priors: 6–25 minutes) …
        package var wholePourSeconds = 480.0
        /// … and washes out what sticks in it where it turns back later for no more than this share of that.
        package var washShare = 0.85
        /// Share of the haul with usable fixes below which nothing is called clear (catalogue).
        package var minimumCoverage = 0.6
        /// Points of a hit by severity 1–4; a score ends at 100.
        package var points = [5.0, 20, 45, 70]
        /// Share with which every further hit of one group counts (catalogue).
        package var furtherShare = 0.3

        package init() {}
    }
}
