package import Chronology
import Registers
package import Telemetry
package import Tracks

/// One vehicle's reports, in the order of their time, to its deliveries.
///
/// The state is small and has limits by name, so that it can be written down at any report; restored from what was
/// written it goes on in the same way. From reports to halts and visits (`Track`, `Presence`), from these to stops,
/// and from the stops since the last load to deliveries (`CycleReader`).
package struct VehicleFold: Codable, Hashable, Sendable {
    package let terminal: TerminalID
    /// Event time of the last report that was taken.
    package private(set) var time: Instant?
    private var cleaner = TrackCleaner()
    private(set) var track = Track()
    var presences: [Presence] = []
    /// The stops that are over, by their start, since the last one that no later report can change.
    var stops: [Stop] = []
    /// Stretches without a usable fix since then, by their start.
    private var gaps: [Haul.Gap] = []
    /// What the truck was like before the first of them.
    var cycle: CycleState?
    /// The last stretch that nobody saw and that left the truck near where it went dark, rolling.
    private var rolledIntoDark: Dark?
    /// What the drum's direction is worth; `nil`: it was never heard.
    private var drumSense: DrumSense?
    /// Whether the halt that goes on has been told to the cycle as a rest.
    private var isResting = false
    /// Time of the last report by a clock that is eras of 1024 weeks behind.
    private var rolledOverUntil: Instant?

    /// Nothing is known of the truck in between.
    private struct Dark: Codable, Hashable, Sendable {
        var start: Instant
        var end: Instant
    }

    package init(terminal: TerminalID) {
        self.terminal = terminal
    }

    /// Takes the next report; one that is not later than the last changes nothing. Gives the deliveries that no
    /// in-order report can change any more.
    ///
    /// When a report arrived changes nothing but one thing: where it shows that the clock is eras of 1024 weeks behind,
    /// the deliveries say that their date is in doubt.
    package mutating func take(_ report: PositionReport, receivedAt: Instant, in world: World) -> [Delivery] {
        var stays: [StayRecord] = []
        return self.take(report, receivedAt: receivedAt, in: world, stays: &stays)
    }

    /// The same, and adds to `stays` the halts that ended with this report, each once and in the order of time. One
    /// that goes on is `openStay`.
    package mutating func take(
        _ report: PositionReport, receivedAt: Instant, in world: World, stays: inout [StayRecord]
    ) -> [Delivery] {
        var dark: [DarkStretch] = []
        return self.take(report, receivedAt: receivedAt, in: world, stays: &stays, dark: &dark)
    }

    /// The same, and adds to `dark` the stretch in which a load or a drop may lie unseen and that ended with this
    /// report.
    package mutating func take(
        _ report: PositionReport, receivedAt: Instant, in world: World, stays: inout [StayRecord],
        dark: inout [DarkStretch]
    ) -> [Delivery] {
        if let time = self.time, report.recordedAt <= time { return [] }
        self.time = report.recordedAt
        let faults = world.parameters.faults
        if ClockWatch.isRolledOver(recordedAt: report.recordedAt, receivedAt: receivedAt, faults) {
            self.rolledOverUntil = report.recordedAt
        }
        let (fix, isRestart): (Fix, Bool)
        switch self.cleaner.take(report, world.parameters.cleaning) {
        case .accepted(let accepted): (fix, isRestart) = (accepted, false)
        case .restarted(let restarted): (fix, isRestart) = (restarted, true)
        case .withoutFix, .frozen, .spike, .notLater: return []
        }
        if self.cycle == nil {
            var cycle = CycleState(since: fix.time)
            cycle.wasEmpty = world.isParkingPlace(fix.coordinate, at: fix.time)
            self.cycle = cycle
        }
        let wasStanding = self.track.stay != nil
        let step = self.track.take(fix, isRestart: isRestart, world.parameters)
        if step.isSleep, !wasStanding, let previous = step.previous {
            self.rolledIntoDark = Dark(start: previous.time, end: fix.time)
        }
        for stay in step.ended { stays.append(StayRecord(stay, of: self.terminal)) }
        if let stretch = self.darkStretch(step, world.parameters) { dark.append(stretch) }
        let isChanged = self.follow(step, in: world)
        return isChanged ? self.settle(in: world) : []
    }

    /// The drops that can be seen but may still change: what the data say if they end now.
    package func openDeliveries(in world: World) -> [Delivery] {
        self.outlook(in: world).deliveries
    }

    /// The cycle as it reads if nothing more comes, and the stops that it was read from.
    func readingSoFar(in world: World) -> (CycleReader.Reading, [Stop])? {
        guard let time = self.time, let cycle = self.cycle else { return nil }
        let reader = CycleReader(world: world, terminal: self.terminal, asOf: time, gaps: self.gaps)
        let stops = self.stopsSoFar(world.parameters)
        var reading = reader.read(stops, from: cycle)
        reading.finished = reading.finished.map { self.dated($0, world.parameters) }
        reading.open = reading.open.map { self.dated($0, world.parameters) }
        return (reading, stops)
    }

    /// What the truck carries under way, as far as can be seen at the last report; `nil`: nothing, or it rests, and
    /// what it does is no trip.
    package func cargo(in world: World) -> Cargo? {
        guard let (reading, stops) = self.readingSoFar(in: world), let load = reading.load,
            !stops.contains(where: { Self.isRest($0, in: world) })
        else { return nil }
        let plant = load.end.kind == .plant ? load.end.id : nil
        let isShort = load.period.map { $0.end.seconds(since: $0.start) <= world.parameters.tickets.longestLoad }
        let kind = world.vehicle(self.terminal, at: load.key)?.kind
        return Cargo(
            key: load.key, plantID: plant, loadedAt: load.period?.end,
            isCertain: Self.isCertain(load, stops, world.parameters.cycles), isSensed: load.isSensed,
            isTankers: kind == .bulkCement && plant != nil && isShort == true)
    }

    /// Whether the truck stands where nothing is loaded or unloaded, for so long that it is parked.
    private static func isRest(_ stop: Stop, in world: World) -> Bool {
        guard stop.isOpen, stop.seconds >= world.parameters.cycles.restSeconds else { return false }
        guard let place = stop.place else { return true }
        return place.kind == .place && world.index.place(place.id)?.kind != .silo
    }

    /// Whether a load was seen at a plant, and nothing since could have been its drop.
    private static func isCertain(
        _ load: CycleState.Load, _ stops: [Stop], _ cycles: AnalysisParameters.Cycles
    ) -> Bool {
        guard load.end.kind == .plant, load.isDark != true, let period = load.period else { return false }
        return !stops.contains { stop in
            guard stop.start >= period.end, stop.seconds >= cycles.dropSeconds else { return false }
            return stop.place.map { $0.kind == .site } ?? true
        }
    }

    /// The halt that goes on, as it is so far.
    package var openStay: StayRecord? {
        self.track.stay.map { StayRecord($0.soFar, of: self.terminal) }
    }

    /// Reads the cycle again, gives out what is final and forgets the stops behind it.
    private mutating func settle(in world: World) -> [Delivery] {
        guard let time = self.time, let cycle = self.cycle else { return [] }
        let reader = CycleReader(world: world, terminal: self.terminal, asOf: time, gaps: self.gaps)
        let reading = reader.read(self.stopsSoFar(world.parameters), from: cycle)
        if let resume = reading.resume {
            self.cycle = resume.cycle
            self.stops.removeAll { $0.start < resume.time || ($0.start == resume.time && !resume.isInclusive) }
            let since = min(resume.cycle.since, resume.time)
            self.gaps.removeAll { $0.end <= since }
        }
        return reading.finished.map { delivery in
            var delivery = self.dated(delivery, world.parameters)
            delivery.isFinal = true
            return delivery
        }
    }

    /// The delivery with what is to be thought of its date.
    private func dated(_ delivery: Delivery, _ parameters: AnalysisParameters) -> Delivery {
        guard let until = self.rolledOverUntil, delivery.unloadStart <= until else { return delivery }
        var delivery = delivery
        delivery.confidence[Delivery.clock] = parameters.cycles.clockConfidence
        return delivery
    }

    /// The stops that are over, and those that go on as they are now, by their start.
    private func stopsSoFar(_ parameters: AnalysisParameters) -> [Stop] {
        var stops = self.stops
        for presence in self.presences where presence.isVisit(parameters.visits) {
            stops.append(self.sensed(presence.stop(isOpen: true)))
        }
        if self.isResting, let stay = self.track.stay?.soFar {
            var stop = Stop(stay, locus: .open)
            stop.isOpen = true
            stops.append(self.sensed(stop))
        }
        stops.sort { ($0.start, $0.end) < ($1.start, $1.end) }
        return stops
    }
}

extension VehicleFold {
    /// Takes one step into the presences and the stops. True when the cycle has to be read again.
    private mutating func follow(_ step: Track.Step, in world: World) -> Bool {
        let parameters = world.parameters
        let inside = world.places(containing: step.fix.coordinate, at: step.fix.time)
        var isChanged = false
        if !inside.isEmpty || !self.presences.isEmpty {
            self.extendPresences(step, inside, world)
        }
        for stay in step.ended {
            self.isResting = false
            isChanged = self.end(stay, in: world) || isChanged
        }
        if !self.presences.isEmpty {
            self.splitOuterVisits(step, inside, world)
            isChanged = self.closePresences(step, parameters) || isChanged
            isChanged = self.passMilestones(parameters) || isChanged
        }
        if let gap = Haul.Gap(step, metres: self.track.metres, parameters) { self.add(gap, parameters.hauls) }
        isChanged = self.noteDarkness(step, parameters) || isChanged
        return self.noteRest(parameters) || isChanged
    }

    private mutating func extendPresences(_ step: Track.Step, _ inside: [PlaceReference], _ world: World) {
        let parameters = world.parameters
        let (metres, covered) = (self.track.metres, self.track.coveredSeconds)
        for place in inside where !self.presences.contains(where: { $0.place == place }) {
            guard self.presences.count < parameters.visits.presenceLimit else { break }
            var presence = Presence(place, step, metres: metres, covered: covered)
            presence.outerBefore = self.outerVisits(around: place, at: step.fix.time, in: world)
            self.presences.append(presence)
        }
        if let stood = step.stoodUntil, let previous = step.previous {
            let covered = step.previousCovered + stood.seconds(since: previous.time)
            for index in self.presences.indices where self.presences[index].end == previous.time {
                self.presences[index].extend(to: stood, covered: covered)
            }
        }
        for index in self.presences.indices {
            let isInside = inside.contains(self.presences[index].place)
            let sleptInside = step.isSleep && step.previous.map { $0.time == self.presences[index].end } ?? false
            guard isInside || sleptInside else {
                self.presences[index].leave(step, parameters.evidence)
                continue
            }
            self.presences[index].extend(
                step, metres: metres, covered: covered, isInside: isInside, isStanding: self.track.stay != nil,
                parameters)
            guard let stay = self.track.stay, stay.end == step.fix.time else { continue }
            self.presences[index].credit(standingFrom: stay.start, to: stay.end)
        }
    }

    /// A halt is over: it belongs to the fences that saw half of it, or else is a stop of its own.
    private mutating func end(_ stay: Stay, in world: World) -> Bool {
        let parameters = world.parameters
        var isInside = false
        for index in self.presences.indices {
            self.presences[index].credit(standingFrom: stay.start, to: stay.end)
            self.presences[index].note(stay)
            let share = self.presences[index].overlap(stay) / max(1, stay.seconds)
            if share >= parameters.visits.overlapShare { isInside = true }
        }
        guard !isInside else { return false }
        // A terminal may have slept through the visit, with no fix inside.
        if let place = world.places(containing: stay.coordinate, at: stay.start).first {
            self.add(Stop(stay, locus: .visit(place)), parameters)
        } else if let near = world.nearestPlace(
            to: stay.coordinate, within: parameters.visits.margin, at: stay.start)
        {
            self.add(Stop(stay, locus: .near(near.place)), parameters)
        } else {
            self.add(self.stop(outsideAllFences: stay, in: world), parameters)
        }
        return true
    }

    /// A halt away from every place. Of one that nobody saw, as the truck rolled into the dark and came back there, the
    /// likeliest place is inside the plant, or the site, before whose gate it was.
    private func stop(outsideAllFences stay: Stay, in world: World) -> Stop {
        var stop = Stop(stay, locus: .open)
        guard self.isUnheard(stay, world.parameters.visits) else { return stop }
        stop.isUnheard = true
        let near = world.nearestPlace(
            to: stay.coordinate, within: world.parameters.hauls.queueDistance, at: stay.start,
            where: { $0.kind != .place })
        if let near {
            stop.locus = .near(near.place)
            stop.isUnseen = near.place.kind == .site ? true : nil
        }
        return stop
    }

    /// Whether a rolling truck went dark and came back about where it halted: that it stood there nobody saw.
    private func isUnheard(_ stay: Stay, _ visits: AnalysisParameters.Visits) -> Bool {
        guard let dark = self.rolledIntoDark else { return false }
        let unseen = min(stay.end, dark.end).seconds(since: max(stay.start, dark.start))
        return unseen >= visits.overlapShare * stay.seconds
    }

    private mutating func closePresences(_ step: Track.Step, _ parameters: AnalysisParameters) -> Bool {
        var isChanged = false
        var index = 0
        while index < self.presences.count {
            guard self.presences[index].end < step.fix.time,
                self.isGone(self.presences[index], step, parameters.visits)
            else {
                index += 1
                continue
            }
            let presence = self.presences.remove(at: index)
            guard presence.isVisit(parameters.visits) else { continue }
            self.add(presence.stop(isOpen: false), parameters)
            isChanged = true
        }
        return isChanged
    }

    func isGone(_ presence: Presence, _ step: Track.Step, _ visits: AnalysisParameters.Visits) -> Bool {
        if step.isRestart { return presence.end < step.fix.time }
        let away = step.fix.time.seconds(since: presence.end)
        guard away > 0 else { return false }
        // A halt on the fence's edge belongs to the presence until the truck is off.
        if let stay = self.track.stay, stay.start <= presence.end { return false }
        return away >= visits.rejoinSeconds
            || presence.lastInside.nearbyMetres(to: step.fix.coordinate) >= visits.rejoinDistance
    }

    /// A visit that has just become long enough for a load or a rest may end a cycle.
    private mutating func passMilestones(_ parameters: AnalysisParameters) -> Bool {
        let cycles = parameters.cycles
        var isChanged = false
        for index in self.presences.indices where self.presences[index].isVisit(parameters.visits) {
            let (seconds, stayed) = (self.presences[index].seconds, self.presences[index].stayedSeconds)
            let passed =
                (stayed >= cycles.loadSeconds ? 1 : 0) + (stayed >= cycles.tankerLoadSeconds ? 1 : 0)
                + (seconds >= cycles.restSeconds ? 1 : 0)
            guard passed > self.presences[index].milestone else { continue }
            self.presences[index].milestone = passed
            isChanged = true
        }
        return isChanged
    }

    private mutating func noteRest(_ parameters: AnalysisParameters) -> Bool {
        guard !self.isResting, self.presences.isEmpty, let stay = self.track.stay,
            stay.end.seconds(since: stay.start) >= parameters.cycles.restSeconds
        else { return false }
        self.isResting = true
        return true
    }

    /// Long unseen and then elsewhere: whatever was going on is over. For less long, something may have gone on.
    private mutating func noteDarkness(_ step: Track.Step, _ parameters: AnalysisParameters) -> Bool {
        guard let locus = Self.darkness(of: step, parameters.cycles), let previous = step.previous else { return false }
        self.add(
            Stop(
                locus: locus, start: previous.time, end: step.fix.time, coordinate: nil, standing: 0,
                metresAtStart: step.previousMetres, metresAtEnd: self.track.metres,
                coveredAtStart: step.previousCovered, coveredAtEnd: self.track.coveredSeconds,
                evidence: CarryingEvidence()),
            parameters)
        return locus == .dark
    }

    /// What the time since the last fix is to the cycle: `.dark`, `.unseen`, or `nil`: nothing.
    private static func darkness(of step: Track.Step, _ cycles: AnalysisParameters.Cycles) -> Stop.Locus? {
        guard !step.isSleep, !step.isRestart, step.seconds >= cycles.darkLoadSeconds else { return nil }
        return step.seconds >= cycles.restSeconds ? .dark : .unseen
    }

    private func darkStretch(_ step: Track.Step, _ parameters: AnalysisParameters) -> DarkStretch? {
        guard Self.darkness(of: step, parameters.cycles) == .unseen else { return nil }
        return Haul.Gap(step, metres: self.track.metres, parameters)
            .flatMap { DarkStretch($0, of: self.terminal, parameters) }
    }

    /// Notes a stretch in the dark; of too many the shortest is forgotten.
    private mutating func add(_ gap: Haul.Gap, _ hauls: AnalysisParameters.Hauls) {
        self.gaps.append(gap)
        guard self.gaps.count > hauls.noteLimit,
            let shortest = self.gaps.indices.min(by: { one, other in
                self.gaps[one].seconds < self.gaps[other].seconds
            })
        else { return }
        self.gaps.remove(at: shortest)
    }

    private func sensed(_ stop: Stop) -> Stop { self.drumSense?.reading(stop) ?? stop }

    /// Files a stop by its start; one that goes on where another left off is joined to it.
    mutating func add(_ stop: Stop, _ parameters: AnalysisParameters) {
        if let turns = self.track.drumTurns {
            var sense = self.drumSense ?? DrumSense()
            sense.take(stop, turns: turns, parameters.evidence)
            self.drumSense = sense
        }
        let stop = self.sensed(stop)
        let index = self.stops.lastIndex { ($0.start, $0.end) <= (stop.start, stop.end) }.map { $0 + 1 } ?? 0
        if index > 0, Self.belongs(stop, to: self.stops[index - 1], parameters) {
            self.stops[index - 1].merge(stop)
            return
        }
        self.stops.insert(stop, at: index)
        guard self.stops.count > parameters.cycles.stopLimit else { return }
        let shortest = self.stops.indices
            .filter { self.stops[$0].locus == .open || self.stops[$0].locus == .unseen }
            .min { self.stops[$0].seconds < self.stops[$1].seconds }
        self.stops.remove(at: shortest ?? 0)
    }

    private static func belongs(_ stop: Stop, to earlier: Stop, _ parameters: AnalysisParameters) -> Bool {
        let gap = stop.start.seconds(since: earlier.end)
        guard stop.locus == earlier.locus else { return false }
        switch stop.locus {
        case .visit: return gap < parameters.visits.rejoinSeconds
        case .dark, .unseen: return false
        case .open, .near:
            guard let here = stop.coordinate, let there = earlier.coordinate else { return false }
            return gap < parameters.standing.mergeGap
                && there.nearbyMetres(to: here) < parameters.standing.mergeDistance
        }
    }
}
