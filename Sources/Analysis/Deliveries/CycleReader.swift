import Chronology
import Geodesy
import Registers
import Telemetry
import Tracks

/// Reads a truck's stops, one after the other, as loads and drops.
///
/// A visit at a plant is a load and ends what went before. The visits at sites after it are drops. A load that was
/// dropped at no place of the registers was dropped at the longest halt elsewhere; a drop by a truck that was not
/// loaded has its load at a halt elsewhere before it (`CycleReader+Unknown.swift`).
struct CycleReader {
    let world: World
    let terminal: TerminalID
    let asOf: Instant
    /// The trucks that carried the terminal.
    let trucks: TerminalHistory
    /// Stretches in which nothing was seen of the truck, by their start.
    let gaps: [Haul.Gap]
    private(set) var state: CycleState
    /// All that is read.
    private(set) var stops: [Stop] = []
    /// Halts outside the registers, and visits too short for a drop or no more than traffic, since the last load or
    /// drop.
    var waiting: [Stop] = []
    var short: [StopReading] = []
    /// Drops in order; the first `finalCount` of them are final.
    var drafts: [Delivery] = []
    private var finalCount = 0
    private var resume: Reading.Resume?
    private var resumeAfterDrop: Reading.Resume?

    /// What came of the stops.
    struct Reading {
        var finished: [Delivery]
        var open: [Delivery]
        /// Where the next reading begins; `nil`: where this one began.
        var resume: Resume?
        /// What the truck carries at the end of what was read.
        var load: CycleState.Load?

        /// Where the next reading of the cycle begins.
        struct Resume {
            var cycle: CycleState
            /// Stops before this time are done with …
            var time: Instant
            /// … and, if not inclusive, the one at this time as well.
            var isInclusive: Bool
        }
    }

    var cycles: AnalysisParameters.Cycles { self.world.parameters.cycles }
    var evidence: AnalysisParameters.Evidence { self.world.parameters.evidence }

    init(world: World, terminal: TerminalID, asOf: Instant, gaps: [Haul.Gap]) {
        self.gaps = gaps
        self.world = world
        self.terminal = terminal
        self.asOf = asOf
        self.trucks = world.history(of: terminal)
        self.state = CycleState(since: asOf)
    }

    consuming func read(_ stops: [Stop], from state: CycleState) -> Reading {
        self.state = state
        self.stops = stops
        let reader = StopReader(world: self.world, trucks: self.trucks, asOf: self.asOf)
        var changes = self.trucks.changes(after: self.state.truckSince, through: self.asOf)
        var index = 0
        while index < stops.count {
            if let change = changes.last(where: { $0 <= stops[index].start }) {
                // What began on the truck before has to be over first.
                guard !self.isAtStop(before: change) else { break }
                self.changeTruck(&changes, at: change, before: stops[index])
            }
            self.expire(before: stops[index])
            guard let reading = reader.next(stops, &index, carrying: self.carrying) else { continue }
            // A load is of the truck that leaves with it.
            if reading.role == .load, let change = changes.last(where: { $0 <= reading.stop.end }),
                !self.isPassing(reading.stop)
            {
                self.changeTruck(&changes, at: change, before: reading.stop)
            }
            self.take(reading)
        }
        self.showLikelyDrop(until: changes.first ?? self.asOf)
        let isOnTruck = (changes.first.map(self.isAtStop(before:)) ?? true) && !self.isExpired(at: self.asOf)
        return Reading(
            finished: Array(self.drafts.prefix(self.finalCount)), open: Array(self.drafts.dropFirst(self.finalCount)),
            resume: self.resume, load: self.state.isLoaded && isOnTruck ? self.state.load : nil)
    }

    private mutating func take(_ reading: StopReading) {
        let stop = reading.stop
        switch reading.role {
        case .load:
            if !self.isPassing(stop) { self.load(reading) }
        case .drop: self.drop(reading)
        case .dark: self.rest(stop, isCertain: false)
        case .unseen: break  // It explains a load or a drop that is read later.
        case .idle, .unknown:
            if stop.seconds >= self.cycles.restSeconds {
                self.takeRest(stop)
            } else if reading.role == .unknown {
                self.takeUnknown(stop)
            } else if self.takeSensed(stop) {
                break
            } else if self.state.load == nil, !self.state.wasEmpty, stop.seconds >= self.cycles.idleSeconds,
                self.isParking(stop)
            {
                self.state.empty(at: stop.end, covered: stop.coveredAtEnd, isCertain: true)
                self.waiting = []
            }
        }
    }

    /// The load at another plant with which a truck comes to this one, if nothing shows where it went meanwhile.
    private func loadCarried(to stop: Stop) -> (plant: String, load: CycleState.Load, period: CycleState.Load.Period)? {
        guard self.state.isLoaded, let load = self.state.load, let period = load.period, load.end.kind == .plant,
            let loaded = load.end.id, let here = stop.place?.id, loaded != here,
            stop.start.seconds(since: period.end) < self.cycles.freshSeconds, self.likelyDrop(before: stop) == nil
        else { return nil }
        return (loaded, load, period)
    }

    /// The load that a truck may still have carried when it left this plant, where it stood so shortly that only its
    /// delivery note tells, or that even the note leaves it open.
    private func earlierLoad(at stop: Stop) -> Haul.EarlierLoad? {
        guard stop.seconds < self.cycles.possibleReloadSeconds, !self.takesLoad(stop) else { return nil }
        return self.arrival(at: stop)?.load
    }

    /// The load with which the truck came here: read now, or remembered where reading begins anew with this stop.
    private func arrival(at stop: Stop) -> CycleState.Arrival? {
        if let known = self.state.arrival, known.start == stop.start { return known }
        guard let (plant, load, period) = self.loadCarried(to: stop), load.isDark != true,
            self.darkDrop(before: stop) == nil
        else { return nil }
        return CycleState.Arrival(
            start: stop.start,
            load: Haul.EarlierLoad(
                plantID: plant, coordinate: load.end.coordinate, start: period.start, end: period.end))
    }

    /// Whether a loaded truck only passes by another plant: it is too short a halt, or a plant of another trade, or the
    /// sensors that showed the load show none here.
    private func isPassing(_ stop: Stop) -> Bool {
        if self.passesSensed(stop) { return true }
        guard let (loaded, load, _) = self.loadCarried(to: stop), let here = stop.place?.id else { return false }
        let own = self.kind(of: load).ownLicence
        let isForeign =
            self.world.licenceKind(ofPlant: loaded, at: stop.start) == own
            && self.world.licenceKind(ofPlant: here, at: stop.start) != own
        let isIdle = load.isSensed == true && self.isHeard(stop) && !self.takesLoad(stop)
        return isForeign || isIdle || stop.seconds < self.cycles.reloadSeconds
    }

    private func isParking(_ stop: Stop) -> Bool {
        stop.place.map(self.world.isParking) ?? false
    }
}

extension CycleReader {
    /// A visit at a plant: what went before is over.
    private mutating func load(_ reading: StopReading) {
        let stop = reading.stop
        guard !self.isReturn(stop) else { return self.extendLoad(reading) }
        let earlier = self.earlierLoad(at: stop)
        let elsewhere = self.loadElsewhere(before: stop)
        self.state.arrival = self.arrival(at: stop)
        self.state.elsewhere = elsewhere
        self.dropUnseen(before: stop)
        if self.drafts.count > self.finalCount { self.noteComeback(to: stop) }
        self.finish(resumingAt: stop.start)
        if stop.evidence.loadingSeconds >= self.evidence.loadingSeconds { self.state.hasShownLoad = true }
        self.state.load = CycleState.Load(
            end: DeliveryEnd(kind: .plant, id: stop.place?.id, coordinate: stop.coordinate),
            period: .init(
                start: stop.start, end: stop.end, metresAtEnd: stop.metresAtEnd, coveredAtEnd: stop.coveredAtEnd),
            key: stop.start, confidence: reading.confidence, isSensed: self.isSensed(stop),
            earlier: earlier, elsewhere: self.isTooShortToLoad(stop) ? elsewhere?.halt : nil)
        self.state.lastDrop = nil
        self.state.since = stop.end
        self.state.coveredSince = stop.coveredAtEnd
        self.state.wasEmpty = true
    }

    /// The truck is back where it was loaded, with its load: as if it had never left.
    private mutating func extendLoad(_ reading: StopReading) {
        let stop = reading.stop
        if self.likelyDrop(before: stop) != nil { self.state.load?.hasWaitedAway = true }
        self.state.load?.elsewhere = nil
        self.state.load?.period?.end = stop.end
        self.state.load?.period?.metresAtEnd = stop.metresAtEnd
        self.state.load?.period?.coveredAtEnd = stop.coveredAtEnd
        self.state.since = stop.end
        self.state.coveredSince = stop.coveredAtEnd
        self.waiting = []
        self.short = []
    }

    /// What was on the truck for longer than anything stays there is gone.
    private mutating func expire(before stop: Stop) {
        guard self.isExpired(at: stop.start) else { return }
        self.dropUnseen(before: stop.place?.kind == .plant ? stop : nil)
        self.finish(resumingAt: stop.start)
        self.state.empty(at: stop.start, covered: stop.coveredAtStart, isCertain: true)
        self.resume?.cycle = self.state
    }

    /// Long parked, or long unseen: what went before is over, and nothing is carried on.
    mutating func rest(_ stop: Stop, isCertain: Bool) {
        self.dropUnseen(before: nil)
        self.finish(resumingAt: stop.start)
        self.state.empty(at: stop.end, covered: stop.coveredAtEnd, isCertain: isCertain)
    }

    /// Makes the drafts final. The next reading begins with the stop at `start`, before which the truck is empty.
    private mutating func finish(resumingAt start: Instant) {
        self.finalCount = self.drafts.count
        self.waiting = []
        self.short = []
        var cycle = self.state
        cycle.empty(at: start, covered: cycle.coveredSince, isCertain: cycle.wasEmpty)
        self.resume = Reading.Resume(cycle: cycle, time: start, isInclusive: true)
        self.resumeAfterDrop = nil
    }

    /// The terminal has come to another truck, of another kind: nothing that was on the one can be on the other.
    private mutating func changeTruck(_ changes: inout [Instant], at change: Instant, before stop: Stop) {
        self.showLikelyDrop(until: changes.first ?? change)
        let state = self.another(since: change, at: stop)
        self.finish(resumingAt: stop.start)
        self.state = state
        self.resume?.cycle = state
        changes.removeAll { $0 <= change }
    }

    /// A visit where this truck can unload.
    private mutating func drop(_ reading: StopReading) {
        let stop = reading.stop
        guard !stop.isOpen else { return }
        if !self.state.isLoaded, self.takesLoad(stop), self.isAway(stop, from: self.state.lastDrop),
            !self.mixesUpRest(stop)
        {
            // Who is loaded at a site did not unload there in those minutes.
            if self.showsLoad(stop) { self.waiting.append(stop) }
            return
        }
        guard self.isLongEnough(stop), !self.isRefuted(stop), !self.mayBeTraffic(stop) else {
            self.short.append(reading)
            return
        }
        if self.state.isLoaded {
            self.append(reading, confidence: self.dropConfidence(reading))
        } else if let last = self.state.lastDrop {
            self.dropAgain(reading, after: last)
        } else if !self.isTooLong(stop) {
            if let dark = self.darkLoad(before: stop) {
                self.begin(dark)
                self.append(reading, confidence: self.dropConfidence(reading))
            } else if let unknown = self.unknownLoad(for: stop) {
                self.beginLoad(unknown)
                self.append(reading, confidence: self.dropConfidence(reading))
            } else if self.mayHaveLoadedUnseen(before: stop) {
                self.beginUnseenLoad(stop)
                self.append(reading, confidence: self.dropConfidence(reading))
            }
        }
        // Else an empty truck is at a site, and that is no drop.
    }

    /// A drop after a drop: another load in between, a second drop of the same load, or the same drop going on.
    mutating func dropAgain(_ reading: StopReading, after last: CycleState.Drop) {
        let stop = reading.stop
        // Who has just been emptied and halts outside a site's fence is on the way, or having lunch.
        guard stop.isVisit || self.discharges(stop, isAfterDrop: true) else { return }
        // Nobody saw a load for it; a second drop of the last one is no longer than any.
        guard !self.isTooLong(stop) else { return }
        let away = stop.start.seconds(since: last.end)
        let isSamePlace = stop.place != nil && stop.place == last.place
        if let dark = self.darkLoad(before: stop) {
            self.finishBeforeNewLoad()
            self.begin(dark)
            self.append(reading, confidence: self.dropConfidence(reading))
        } else if let unknown = self.unknownLoad(for: stop) {
            self.finishBeforeNewLoad()
            self.beginLoad(unknown)
            self.append(reading, confidence: self.dropConfidence(reading))
        } else if isSamePlace {
            if away > self.cycles.sameDropSeconds, self.mayHaveLoadedUnseen(before: stop) {
                self.finishBeforeNewLoad()
                self.beginUnseenLoad(stop)
                self.append(reading, confidence: self.dropConfidence(reading))
            } else if away <= self.cycles.sameDropSeconds {
                self.extendDrop(to: stop)
            }
        } else if away <= self.cycles.secondDropSeconds, !self.isStale(at: stop) {
            self.append(reading, confidence: 0.8 * self.dropConfidence(reading))
        } else if away <= self.cycles.secondDropSeconds || self.mayHaveLoadedUnseen(before: stop) {
            // However short the way from the drop before: of a load so old nothing is left, so another went unseen.
            self.finishBeforeNewLoad()
            self.beginUnseenLoad(stop)
            self.append(reading, confidence: self.dropConfidence(reading))
        }
    }

    /// What was dropped before is final, as another load began.
    mutating func finishBeforeNewLoad() {
        guard self.state.lastDrop != nil else { return }
        self.finalCount = self.drafts.count
        self.resume = self.resumeAfterDrop ?? self.resume
    }

    /// The same drop goes on after a short absence.
    private mutating func extendDrop(to stop: Stop) {
        guard !self.drafts.isEmpty, self.drafts.count > self.finalCount else { return }
        self.drafts[self.drafts.count - 1].unloadEnd = stop.end
        self.drafts[self.drafts.count - 1].haul?.drop.merge(stop.evidence)
        let poured = self.poured(at: stop)
        self.state.lastDrop?.pouredSeconds = poured
        self.state.lastDrop?.end = stop.end
        self.state.lastDrop?.coveredAtEnd = stop.coveredAtEnd
        self.state.since = stop.end
        self.state.coveredSince = stop.coveredAtEnd
        self.waiting = []
        self.resumeAfterDrop = Reading.Resume(cycle: self.state, time: stop.start, isInclusive: false)
    }

    /// Loaded at no plant of the registers.
    mutating func beginLoad(_ stop: Stop) {
        let earlier = self.loadBefore(halt: stop)
        self.state.load = CycleState.Load(
            end: self.loadingEnd(of: stop),
            period: .init(
                start: stop.start, end: stop.end, metresAtEnd: stop.metresAtEnd, coveredAtEnd: stop.coveredAtEnd),
            key: stop.start, confidence: self.loadConfidence(stop), isSensed: self.isSensed(stop), earlier: earlier,
            engineOffSeconds: stop.evidence.engineOffSeconds)
        self.state.lastDrop = nil
    }

    /// Loaded in the dark.
    private mutating func begin(_ dark: DarkLoad) {
        self.state.load = CycleState.Load(
            end: dark.end, period: dark.period, key: dark.period.start, confidence: dark.confidence, isDark: true)
        self.state.lastDrop = nil
    }

    /// Loaded somewhere, unseen.
    private mutating func beginUnseenLoad(_ stop: Stop) {
        self.state.load = CycleState.Load(
            end: DeliveryEnd(kind: .unknown), period: nil, key: stop.start, confidence: 0.5)
        self.state.lastDrop = nil
    }

    /// Writes down a drop.
    mutating func append(_ reading: StopReading, confidence: Double) {
        guard let load = self.state.load else { return }
        let stop = reading.stop
        let isProven = self.discharges(stop, isAfterDrop: false)
        if isProven { self.state.provenDrops = min(self.state.provenDrops + 1, 1000) }
        let since = load.period?.end ?? self.state.since
        let coveredSince = load.period?.coveredAtEnd ?? self.state.coveredSince
        let haul = stop.start.seconds(since: since)
        let seen = haul > 0 ? (stop.coveredAtStart - coveredSince) / haul : 1
        let coverage = min(max(seen, 0), 1)
        let place = stop.place
        let isUnregistered = load.end.kind == .unknown || load.end.kind == .suspectedPlant
        if isUnregistered, let spot = load.end.coordinate, let period = load.period, place != nil {
            self.state.learn(spot, at: period.end, self.cycles)
        }
        self.drafts.append(
            Delivery(
                deliveryID: DeliveryNames.delivery(self.terminal, stop.start),
                loadID: DeliveryNames.load(self.terminal, load.key), terminal: self.terminal,
                plate: self.world.vehicle(self.terminal, at: stop.start)?.plate, origin: load.end,
                loadStart: load.period?.start, loadEnd: load.period?.end,
                destination: place.map {
                    DeliveryEnd(kind: $0.kind.endKind, id: $0.id, coordinate: stop.coordinate)
                } ?? self.unregisteredEnd(at: stop.coordinate),
                unloadStart: stop.start, unloadEnd: stop.end,
                distanceKilometres: load.period.map { max(0, stop.metresAtStart - $0.metresAtEnd) / 1000 },
                coverage: coverage,
                confidence: self.confidence(of: load, coverage: coverage, drop: confidence, at: stop),
                isFinal: false, settledAt: self.asOf, haul: self.haul(to: stop, of: load)))
        self.noteDrop(reading, at: place)
    }

    /// Named factors, whose product is how sure it all is.
    private func confidence(
        of load: CycleState.Load, coverage: Double, drop: Double, at stop: Stop
    ) -> [String: Double] {
        let isProven = self.discharges(stop, isAfterDrop: false)
        var factors = [
            "fixes": 0.5 + coverage / 2, "origin": load.confidence, "destination": drop,
            "discharge": isProven ? 1 : 0.9,
        ]
        if load.isDark == true { factors[Delivery.unseenLoad] = self.cycles.unseenConfidence }
        if stop.isUnseen == true {
            factors[Delivery.unseenDrop] = self.cycles.unseenConfidence
        } else if stop.isUnheard == true {
            factors[Delivery.unheardDrop] = self.cycles.unheardConfidence
        }
        return factors
    }

    /// What the drum poured of the load at registered sites, with this stop.
    private func poured(at stop: Stop) -> Double? {
        let before = self.state.lastDrop?.pouredSeconds
        guard stop.place?.kind == .site, stop.evidence.loadChange == nil, stop.evidence.dischargeSeconds > 0 else {
            return before
        }
        return (before ?? 0) + stop.evidence.dischargeSeconds
    }

    private mutating func noteDrop(_ reading: StopReading, at place: PlaceReference?) {
        let stop = reading.stop
        self.state.lastDrop = CycleState.Drop(
            place: place, coordinate: stop.coordinate, start: stop.start, end: stop.end,
            coveredAtEnd: stop.coveredAtEnd, evidence: stop.evidence, pouredSeconds: self.poured(at: stop))
        self.state.since = stop.end
        self.state.coveredSince = stop.coveredAtEnd
        self.state.wasEmpty = true
        self.waiting = []
        self.short = []
        self.resumeAfterDrop = Reading.Resume(cycle: self.state, time: reading.latestStart, isInclusive: false)
    }
}
