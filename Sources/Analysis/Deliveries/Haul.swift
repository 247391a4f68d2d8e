package import Chronology
package import Geodesy
package import Tracks

/// What was seen of a truck between its load and a drop: halts, stretches in the dark, and what the drum said at the
/// drop. The rules about the way read it.
package struct Haul: Hashable, Sendable, Codable {
    /// The end of the load; of a load that was not seen the moment from which on it would have been seen: the last
    /// drop, a rest, or the first report.
    package var since: Instant
    package var isLoadSeen: Bool
    /// The truck was first heard of so shortly before the drop that it may have been loaded then.
    package var mayHaveComeLoaded: Bool
    /// Halts and short visits in between, by their start; not those at the load and at the drop, nor the rests over
    /// which cement and dry mortar stay on the truck: it was parked.
    package var halts: [Halt]
    /// Stretches without a usable fix that hide a part of the way, by their start, but for terminals that slept while
    /// the truck stood.
    package var gaps: [Gap]
    /// What drum and load sensor said at the drop.
    package var drop: CarryingEvidence
    /// The load at another plant, dropped nowhere, with which the truck came to the plant at which it is read to have
    /// been loaded: it stood there so shortly that it may still have carried that. A delivery note tells, unless it
    /// stood there for longer (`Delivery.isStayLong`): then a note of the earlier plant only makes it a question.
    /// Where a halt outside every register is read as the load, between two drops and shown by no sensor, the plant's
    /// load before it, of which a part may have been left: a note of that load for the next site tells.
    package var earlier: EarlierLoad?
    /// How the truck came back to a plant after a halt outside every register that was read as the drop because of
    /// that, or after one at a site that no sensor shows to be a drop, where a road site is one of the two or was
    /// passed slowly after it; `nil`: it came to none, or the drop is another.
    package var comeback: Comeback?
    /// A halt outside every register, as long as a load takes, before a stay at the plant that is read as the loading
    /// and was shorter than the fastest load; `nil`: there was none, or the stay was longer, or a sensor showed the
    /// loading there.
    package var elsewhere: Halt?

    /// Seconds for which the drum turned back at the drops of the load before this one, at sites of the registers;
    /// `nil`: it did not, or a load cell was heard there.
    package var pouredSeconds: Double?
    /// Seconds of the halt outside every register that is read as the load for which the ignition was off; `nil`: none,
    /// it was loaded at a plant, or nobody knows.
    package var engineOffSeconds: Double?

    /// The next plant at which a truck stood as long as a load takes, and what was seen of it on the way there.
    package struct Comeback: Hashable, Sendable, Codable {
        package var plantID: String
        /// Arrival at the plant: `loadStart` of the load that it may have taken there.
        package var start: Instant
        /// Halts and short visits between the drop and the plant, by their start.
        package var halts: [Halt]
        /// Nothing hides a part of the way.
        package var isSeen: Bool

        package init(plantID: String, start: Instant, halts: [Halt] = [], isSeen: Bool = true) {
            (self.plantID, self.start, self.halts, self.isSeen) = (plantID, start, halts, isSeen)
        }
    }

    /// A load before the one that is read.
    package struct EarlierLoad: Hashable, Sendable, Codable {
        package var plantID: String
        package var coordinate: Coordinate?
        package var start: Instant
        package var end: Instant

        package init(plantID: String, coordinate: Coordinate?, start: Instant, end: Instant) {
            (self.plantID, self.coordinate, self.start, self.end) = (plantID, coordinate, start, end)
        }
    }

    /// The truck stood, and where.
    package struct Halt: Hashable, Sendable, Codable {
        package var start: Instant
        package var end: Instant
        package var coordinate: Coordinate
        /// The place of the registers within whose fence or margin it was.
        package var place: PlaceReference?
        package var evidence: CarryingEvidence
        /// Seconds at its ends for which it may have stood there, too; `nil`: not known.
        package var edgeSeconds: Double?

        package init(
            start: Instant, end: Instant, coordinate: Coordinate, place: PlaceReference? = nil,
            evidence: CarryingEvidence = CarryingEvidence()
        ) {
            self.start = start
            self.end = end
            self.coordinate = coordinate
            self.place = place
            self.evidence = evidence
        }

        package var seconds: Double { self.end.seconds(since: self.start) }
    }

    /// Nothing is known of the truck from one fix to the next.
    package struct Gap: Hashable, Sendable, Codable {
        package var start: Instant
        package var end: Instant
        package var from: Coordinate
        package var to: Coordinate
        /// Metres driven meanwhile: the odometer's where it is possible, else the straight line.
        package var metres: Double
        /// The truck stood at one of its ends, so that most of it was a halt.
        package var isPartOfHalt: Bool
        /// Whether the ignition was on when it was last heard of; `nil`: nobody knows.
        package var isIgnitionOn: Bool?

        package init(
            start: Instant, end: Instant, from: Coordinate, to: Coordinate, metres: Double, isPartOfHalt: Bool = false,
            isIgnitionOn: Bool? = nil
        ) {
            self.start = start
            self.end = end
            self.from = from
            self.to = to
            self.metres = metres
            self.isPartOfHalt = isPartOfHalt
            self.isIgnitionOn = isIgnitionOn
        }

        package var seconds: Double { self.end.seconds(since: self.start) }
        package var displacement: Double { self.from.nearbyMetres(to: self.to) }
    }

    package init(
        since: Instant, isLoadSeen: Bool = true, mayHaveComeLoaded: Bool = false, halts: [Halt] = [],
        gaps: [Gap] = [], drop: CarryingEvidence = CarryingEvidence()
    ) {
        self.since = since
        self.isLoadSeen = isLoadSeen
        self.mayHaveComeLoaded = mayHaveComeLoaded
        self.halts = halts
        self.gaps = gaps
        self.drop = drop
    }
}

extension Haul.Gap {
    /// The stretch of a step that nobody saw; `nil` where it was too short to matter, or the terminal slept.
    init?(_ step: Track.Step, metres: Double, _ parameters: AnalysisParameters) {
        let driven = Self.drivenInSleep(step, parameters)
        guard let previous = step.previous, step.seconds >= parameters.hauls.noteGap, !step.isSleep || driven != nil
        else { return nil }
        self.init(
            start: previous.time, end: step.fix.time, from: previous.coordinate, to: step.fix.coordinate,
            metres: max(step.displacement, metres - step.previousMetres, driven ?? 0),
            isPartOfHalt: step.stoodUntil != nil, isIgnitionOn: previous.ignition)
    }

    /// What the odometer went on by while the terminal seemed to sleep, where that is a drive and no drift.
    private static func drivenInSleep(_ step: Track.Step, _ parameters: AnalysisParameters) -> Double? {
        guard step.isSleep, let metres = step.odometerMetres, metres > parameters.hauls.drivenMetres,
            metres > parameters.standing.sleepSpeed / 3.6 * step.seconds
        else { return nil }
        return metres
    }
}

extension Haul.Halt {
    /// A stop at a place that is known.
    init(_ stop: Stop, at coordinate: Coordinate) {
        self.init(
            start: stop.start, end: stop.end, coordinate: coordinate,
            place: stop.isUnseen == true ? nil : stop.place, evidence: stop.evidence)
        self.edgeSeconds = stop.edgeSeconds
    }
}

extension CycleReader {
    /// What was seen between the end of the load, or the moment from which on it would have been seen, and the drop.
    func haul(to drop: Stop, of load: CycleState.Load) -> Haul {
        // What hides a load in the dark is told with it.
        let isLoadSeen = load.period != nil && load.isDark != true
        let since = isLoadSeen ? load.period?.end ?? self.state.since : self.state.since
        let halts = self.halts(from: since, to: drop.start).filter { $0.seconds < self.cycles.restSeconds }
        // One that begins under the loader, or ends when the truck stands at the drop, hides a part of the way.
        let gaps = self.gaps.filter { $0.end > since && $0.start < drop.start }
        let limit = self.world.parameters.hauls.noteLimit
        var haul = Haul(
            since: since, isLoadSeen: isLoadSeen, mayHaveComeLoaded: !isLoadSeen && self.mayHaveComeLoaded(to: drop),
            halts: Self.longest(halts, limit, seconds: \.seconds, start: \.start),
            gaps: Self.longest(gaps, limit, seconds: \.seconds, start: \.start), drop: drop.evidence)
        haul.earlier = load.earlier
        haul.elsewhere = load.elsewhere
        haul.engineOffSeconds = load.engineOffSeconds
        haul.pouredSeconds = self.state.lastDrop?.pouredSeconds
        return haul
    }

    /// How the truck came from a halt that was read as its drop to the plant that closes the cycle.
    func comeback(from left: Instant, to closing: Stop) -> Haul.Comeback? {
        guard let place = closing.place, place.kind == .plant, closing.start >= left else { return nil }
        let limit = self.world.parameters.hauls.noteLimit
        let halts = self.halts(from: left, to: closing.start)
        return Haul.Comeback(
            plantID: place.id, start: closing.start,
            halts: Self.longest(halts, limit, seconds: \.seconds, start: \.start),
            isSeen: !self.gaps.contains { $0.end > left && $0.start < closing.start })
    }

    /// Where it stood in between; another drop of the load is a row of its own.
    private func halts(from since: Instant, to end: Instant) -> [Haul.Halt] {
        self.stops.compactMap { stop in
            guard stop.start >= since, stop.end <= end, stop.start != end, let coordinate = stop.coordinate,
                !self.drafts.contains(where: { $0.unloadStart <= stop.start && stop.start <= $0.unloadEnd })
            else { return nil }
            return Haul.Halt(stop, at: coordinate)
        }
    }

    /// The longest few, by their start.
    private static func longest<Stretch>(
        _ stretches: [Stretch], _ limit: Int, seconds: (Stretch) -> Double, start: (Stretch) -> Instant
    ) -> [Stretch] {
        guard stretches.count > limit else { return stretches }
        return stretches.sorted { seconds($0) > seconds($1) }.prefix(limit).sorted { start($0) < start($1) }
    }
}
