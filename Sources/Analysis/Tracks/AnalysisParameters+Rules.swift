package import Chronology

/// What the single rules compare with, a group for those that belong together. The units are in the comments, the
/// sources in brackets: "catalogue" is the project's catalogue of rules, standards by their numbers.
extension AnalysisParameters {
    /// Delivery notes and the loads they belong to: ticket-missing, ghost-ticket, ticket-truck-mismatch,
    /// ticket-time-mismatch, duplicate-ticket, name-lending, diversion.
    package struct Tickets: Codable, Hashable, Sendable {
        /// A ticket issued more seconds from the loading belongs to another load (catalogue: ± 30 min).
        package var window = 1800.0
        /// Of a visit to a plant that lasted longer than this, in seconds, only the end was the loading: another
        /// truck's notes are looked for around it, and of the truck's own those near it come first.
        package var longestLoad = 3600.0
        /// Notes of one truck, plant and site that were issued within so many seconds are of one load, if the drum can
        /// hold them all: a pumped pour begins with mortar on a note of its own …
        package var sameLoadSeconds = 900.0
        /// … of so many cubic metres at most (1–2 m³ are usual). Where the drum is not registered, only as little as
        /// this is taken for a part of another note's load.
        package var primingVolume = 3.0
        /// Seconds between ticket and loading above which the two do not fit (catalogue: 20 min).
        package var timeDifference = 1200.0
        /// Seconds after the loading before a ticket is missed (catalogue: judged 24 h later).
        package var wait = 86_400.0
        /// Metres between the ticket's site and the unloading that make a diversion (catalogue).
        package var diversion = 500.0
        /// The same number issued again within so many seconds for the same truck and site is a second transmission
        /// (catalogue: 5 min).
        package var repeatSeconds = 300.0
        /// Calendar months, counted from January, in which a plant gives out a number once; in the next so many it may
        /// give it out again (delivery notes are commonly numbered by the year; 1 for plants that begin each month).
        package var numberMonths = 12
        /// Seconds around the ticket in which a truck must have been at its plant (catalogue: ± 45 min).
        package var ghostWindow = 2700.0
        /// Share of that time that must be seen before anything is said (catalogue: 90 %).
        package var ghostCoverage = 0.9
        /// Metres from the plant's fence at which a truck has certainly not been loaded there.
        package var ghostDistance = 300.0
        /// A terminal whose loads fit their notes so many seconds beside the time has a clock in doubt (universal time
        /// sent as local) …
        package var clockShift = 8 * 3600.0
        /// … or so many, as its day is wrong …
        package var clockDay = 86_400.0
        /// … if so many do, and more than twice as many as fit at the time.
        package var clockFits = 3
        /// Of notes `clockShift` beside the time so few are enough, if they are most of the truck's and at least twice
        /// as many as fit at the time.
        package var clockNotes = 2
        /// Cost of a pair of load and ticket that name two trucks, …
        package var truckCost = 4000
        /// … two plants, …
        package var plantCost = 3000
        /// … two sites; …
        package var siteCost = 2000
        /// … where one of them is not known, …
        package var unknownCost = 500
        /// … where the volume is more than the drum holds; to which the seconds between them are added.
        package var volumeCost = 300
        /// Cost of a load that is left without a ticket: more than any pair that agrees on the truck.
        package var unmatchedCost = 9000

        /// Seconds around a load, and its truck's stay before it, in which notes and loads tell whose it is, or that
        /// the truck's clock is off.
        package var reach: Double {
            max(self.clockShift, self.clockDay) + self.longestLoad + self.window
        }

        /// Whether a plant that gave out one number at both times gave it out twice.
        package func areNumberedTogether(_ one: Instant, _ other: Instant) -> Bool {
            self.numbering(one) == self.numbering(other)
        }

        private func numbering(_ instant: Instant) -> Int {
            let date = instant.date(at: .shanghai)
            return (date.year * 12 + date.month - 1) / max(1, self.numberMonths)
        }

        package init() {}
    }

    /// Small jobs that the law leaves without ready-mix, and so without a register of sites: unregistered-destination.
    /// Off until a city sets it. It holds for the whole city; `cement-to-unregistered` goes on as it is, because the
    /// law names concrete and mortar, and cement for mixing on site has to be reported first.
    ///
    /// Set for a city of Zhejiang by 《浙江省促进散装水泥发展和应用条例》 (2009, last changed 2021) art. 21: below 200 m³ of
    /// concrete, below 100 t of mortar. Elsewhere by what the law of the province says.
    package struct Exemption: Codable, Hashable, Sendable {
        /// Cubic metres of concrete at a place from which on a job is exempt no more; 0: none is (Zhejiang: 200).
        package var concreteVolume = 0.0
        /// The same of tonnes of mortar, which is what mortar trucks carry (Zhejiang: 100).
        package var mortarTonnes = 0.0
        /// Metres around an unloading within which others were for the same job (as `cycles.spotRadius`) …
        package var radius = 100.0
        /// … if they were no more than so many days before or after it: a house takes half a year.
        package var days = 180.0
        /// Cubic metres of a load of which neither note nor register tells the volume: a large drum, so as never to
        /// count too little (priors: drums of 10–16 m³). With 0 such loads leave it unjudged.
        package var loadVolume = 16.0

        package init() {}
    }

    /// What a truck and a plant can carry and make: ticket-volume-mismatch, overload, over-capacity.
    package struct Volumes: Codable, Hashable, Sendable {
        /// Tonnes in a cubic metre of concrete (JGJ 55: 2.35–2.45) …
        package var concreteDensity = 2.35
        /// … and of wet mortar (JGJ/T 98: from 1.8; GB/T 25181).
        package var mortarDensity = 1.9
        /// Share above the gross limit that a scale may err (catalogue: 5 %).
        package var overloadTolerance = 0.05
        /// Share of the drum's volume that rounding on a ticket may add.
        package var drumTolerance = 0.0
        /// Share of a twelfth of the yearly capacity above which a month is too much (catalogue: 100 %).
        package var capacityShare = 1.0

        package init() {}
    }

    /// Age and hours of the concrete: over-age, night-pour.
    package struct Quality: Codable, Hashable, Sendable {
        /// Minutes from the end of loading to the pour (GB/T 14902: 90 min) …
        package var concreteMinutes = 90.0
        /// … with a retarder up to 25 °C, or where the temperature is not known (GB 50666 table 8.3.4-1) …
        package var retardedMinutes = 150.0
        /// … and above (the same table).
        package var retardedHotMinutes = 120.0
        /// Degrees above which it is hot (GB 50666).
        package var hotDegrees = 25.0
        /// Wet mortar (GB/T 25181: 150 min, outside 5–35 °C 120 min) …
        package var mortarMinutes = 150.0
        package var mortarHotMinutes = 120.0
        package var mortarHotDegrees = 35.0
        package var mortarColdDegrees = 5.0
        /// Hours of the clock in China between which a pour is at night (catalogue: 22:00–06:00).
        package var nightFromHour = 22
        package var nightToHour = 6

        package init() {}
    }

    /// What happens between load and drop: mid-route-stop, gap-in-haul, dark-stay, partial-diversion.
    package struct Hauls: Codable, Hashable, Sendable {
        /// Seconds of standing that make a stop on the way (catalogue: 3 min).
        package var stopSeconds = 180.0
        /// Metres off the usual roads that are off the road (catalogue).
        package var roadDistance = 60.0
        /// Metres around the fences of plant and site in which a halt is a queue (catalogue: queue zone 300 m).
        package var queueDistance = 300.0
        /// Seconds of a drum turning back that make a stop urgent (catalogue: 20 s).
        package var reversalSeconds = 20.0
        /// Seconds of a drum turning back that prove a discharge (catalogue: 60 s).
        package var dischargeSeconds = 60.0
        /// Seconds without a fix that are written down with a delivery.
        package var noteGap = 300.0
        /// Seconds in the dark that are a gap in the haul (catalogue: 10 min) …
        package var gapSeconds = 600.0
        /// … if the truck is then so many metres farther (catalogue: 2 km).
        package var gapDistance = 2000.0
        /// Seconds that a terminal has to fill a gap from its memory (catalogue: 2 h).
        package var backfill = 7200.0
        /// Who comes back so many metres at most from where he went dark is near by …
        package var darkDistance = 2000.0
        /// … and may have loaded or unloaded if so many seconds are left beside the drive (priors: a load 8 minutes).
        package var darkSeconds = 480.0
        /// Who stood when he went dark, with the ignition on, is more than so many metres away when he comes back: a
        /// terminal that slept is awake by then (a cold receiver takes a minute, 660 m at 40 km/h).
        package var wakeDistance = 700.0
        /// A terminal that seems to have slept did not where the odometer went on by more than so many metres,
        /// and faster than `standing.sleepSpeed`: the truck drove somewhere, and came back.
        package var drivenMetres = 1000.0
        /// Gaps and halts that are kept of one haul; of more the longest.
        package var noteLimit = 24

        package init() {}
    }

    /// Where trucks usually drive: mid-route-stop.
    package struct Roads: Codable, Hashable, Sendable {
        /// Metres of a cell's side; a tenth of a minute of latitude would be 185.
        package var cell = 30.0
        /// A fix shows a road from this speed in km/h on: who comes to a stand within `hauls.roadDistance` has braked
        /// below it before (60 m at 0.6 m/s² from 30 km/h), so that the way into a lot is none, however many go there.
        package var drivingSpeed = 30.0
        /// Two fixes farther apart than this, in metres, show no road between them.
        package var longestStep = 300.0
        /// Passes of different trucks or days that make a cell a road.
        package var passes = 2
        /// Metres around a place in which roads must be known …
        package var knownRadius = 1000.0
        /// … in so many cells, before it can be called off them.
        package var knownCells = 30
        /// Days, up to that of a delivery, whose tracks tell it where the roads were.
        package var days = 28
        /// Cells that are remembered; at the limit those of a single pass go.
        package var cellLimit = 2_000_000

        package init() {}
    }

    /// The ways that trucks take between a plant and a site: off-corridor.
    package struct CorridorRule: Codable, Hashable, Sendable {
        /// Trips of a pair before it has corridors (catalogue: 5).
        package var trips = 5
        /// Metres off every corridor (catalogue: 500 m) …
        package var distance = 500.0
        /// … for so many seconds (catalogue: 3 min).
        package var seconds = 180.0
        /// Metres between two points of a way that is kept.
        package var spacing = 200.0
        /// Trips kept of a pair; the oldest goes.
        package var tripLimit = 20
        /// Points kept of a trip.
        package var pointLimit = 600
        /// A load under way without a delivery note may be bound for any site of the register: looked at where those
        /// are no more than so many.
        package var destinationLimit = 12

        package init() {}
    }

    /// Bulk cement: cement-to-unregistered and on-site-mixing.
    package struct Cement: Codable, Hashable, Sendable {
        /// Shortest stay of a tanker that unloads, in seconds (priors: 30–90 min, less what sampling cuts off).
        package var unloadSeconds = 1500.0
        /// Days back in which a place's tankers are counted (catalogue: 14) …
        package var countDays = 14.0
        /// … and those of a site that mixes for itself (catalogue: 7) …
        package var mixingDays = 7.0
        /// … of which so many are needed (catalogue: 3).
        package var mixingUnloads = 3

        package init() {}
    }
}

extension AnalysisParameters {
    /// What raises an alert while a truck drives: speeding, fatigue-driving, restricted-zone, long-stop,
    /// silent-vehicle, camera-lost-moving, camera-occluded-moving, fast-right-turn, camera-silent.
    package struct Driving: Codable, Hashable, Sendable {
        /// km/h of a loaded truck (catalogue: 60) …
        package var loadedLimit = 60.0
        /// … and of one that is not known to be loaded (JTG B01: ordinary roads).
        package var emptyLimit = 80.0
        /// Share above the limit that a receiver may err (catalogue: 10 %) …
        package var speedTolerance = 0.1
        /// … and the seconds for which it has to last (catalogue: 10 s).
        package var speedingSeconds = 10.0
        /// Who is too fast again within so many seconds still is on the same drive: one alert.
        package var speedingPause = 300.0
        /// Reports farther apart than this, in seconds, say nothing of what was between them.
        package var reportGap = 90.0
        /// A truck moves from this speed in km/h on.
        package var movingSpeed = 5.0
        /// Seconds of driving (catalogue: 4 h) …
        package var fatigueSeconds = 4 * 3600.0
        /// … without a rest of so many (catalogue: 20 min).
        package var restSeconds = 1200.0
        /// Seconds that a loaded truck may stand outside the known places (catalogue: 20 min) …
        package var longStopSeconds = 1200.0
        /// … within so many metres.
        package var longStopRadius = 60.0
        /// Seconds before a truck comes to a plant in which the note of the load that it takes there may be written
        /// already. The note of its last load is older: that load was carried away, dropped, and the truck came back.
        package var noteLead = 600.0
        /// A plant that wrote a note, for whomever, no more than so many seconds before a truck left it, or since,
        /// sends its notes as they are written; then one that is missing says something.
        package var noteSourceSeconds = 7200.0
        /// Seconds without a report after which a truck is silent (catalogue: 10 min).
        package var silentSeconds = 600.0
        /// A terminal is live when its reports arrive within so many seconds (catalogue: an hour).
        package var liveSeconds = 3600.0
        /// Seconds of driving with a camera that does not work (catalogue: 120 s).
        package var cameraSeconds = 120.0
        /// A camera's word is believed for so long, in seconds.
        package var cameraHold = 600.0
        /// km/h above which a right turn is too fast (catalogue: 30; 20 and 10 by local rules).
        package var turnLimit = 30.0
        /// Seconds of driving without any word of the camera (catalogue: 24 h).
        package var cameraSilentSeconds = 24 * 3600.0

        package init() {}
    }
}
