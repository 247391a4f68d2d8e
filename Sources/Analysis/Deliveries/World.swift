package import Chronology
package import Geodesy
package import Registers
package import Telemetry
package import Tracks

/// What the analysis looks at besides the reports: the registers of one revision, their fences, and the parameters.
///
/// A row's fence counts at a time for which the row is valid, and at any other time too unless another row of the same
/// id is valid then: a plant whose licence has run out still stands where it stood, one that has moved does not.
package struct World: Sendable {
    package let registers: RegisterSnapshot
    package let parameters: AnalysisParameters
    package let index: RegisterIndex
    /// Where trucks are loaded though no register knows a plant there (the second pass over deliveries).
    package let suspectedPlaces: [SuspectedPlace]
    /// Suspects that people checked and dismissed without saying what is there: no plant, and no other known place.
    package let dismissedPlaces: [SuspectedPlace]
    /// Rows of the registers whose coordinates are in question.
    package let questionedPlaces: [QuestionedPlace]
    /// Rows of the registers of which a person said that their coordinates are right as they stand.
    package let confirmedPlaces: Set<PlaceReference>
    private let suspected: FenceIndex
    private let fences: FenceIndex
    private let rows: [Row]

    /// What stands behind a fence.
    private struct Row: Sendable {
        var place: PlaceReference
        var period: ValidPeriod
        /// Periods of the other rows of this id whose fence is another one.
        var others: [ValidPeriod]

        func counts(at instant: Instant) -> Bool {
            self.others.isEmpty || self.period.contains(instant) || !self.others.contains { $0.contains(instant) }
        }
    }

    /// - Parameter suspectedPlaces: what `SuspectedPlant.loadingPlace` gives of the suspects known now; a halt there
    ///   is read as a load where it can be one (`origin_kind: suspected_plant`). A world with other suspects is another
    ///   world: what was derived in the old one is derived again.
    package init(
        registers: RegisterSnapshot, parameters: AnalysisParameters = .standard,
        suspectedPlaces: [SuspectedPlace] = [], dismissedPlaces: [SuspectedPlace] = [],
        questionedPlaces: [QuestionedPlace] = [], confirmedPlaces: Set<PlaceReference> = []
    ) {
        self.registers = registers
        self.suspectedPlaces = suspectedPlaces.sorted { $0.id < $1.id }
        self.dismissedPlaces = dismissedPlaces.sorted { $0.id < $1.id }
        self.questionedPlaces = questionedPlaces.sorted { $0.place < $1.place }
        self.confirmedPlaces = confirmedPlaces
        self.suspected = FenceIndex(
            self.suspectedPlaces.map { .circle(center: $0.coordinate, radiusMetres: $0.radiusMetres) })
        self.parameters = parameters
        self.index = RegisterIndex(registers)
        var entries: [(place: PlaceReference, period: ValidPeriod, fence: Fence)] = []
        entries += registers.plants.map { (PlaceReference(.plant, $0.plantID), $0.period, $0.fence) }
        entries += registers.sites.map { (PlaceReference(.site, $0.siteID), $0.period, $0.fence) }
        entries += registers.places.map { (PlaceReference(.place, $0.placeID), .always, $0.fence) }
        let byPlace = Dictionary(grouping: entries, by: \.place)
        self.rows = entries.map { entry in
            let others = (byPlace[entry.place] ?? []).filter { $0.fence != entry.fence }
            return Row(place: entry.place, period: entry.period, others: others.map(\.period))
        }
        let widest = max(parameters.visits.margin, parameters.rules.margin, parameters.hauls.queueDistance)
        self.fences = FenceIndex(entries.map(\.fence), marginMetres: widest)
    }

    /// Whether the register of vehicles knows the terminal, at whatever time.
    package func isKnown(_ terminal: TerminalID) -> Bool { self.index.knows(terminal: terminal.text) }

    /// The vehicle that carried the terminal at `instant`.
    package func vehicle(_ terminal: TerminalID, at instant: Instant) -> Vehicle? {
        self.index.vehicle(terminal: terminal.text, at: instant)
    }

    /// The plates that carried the terminal at some time from `from` to `to`, in their order: a truck may get another
    /// one between the load and the drop.
    package func plates(_ terminal: TerminalID, from: Instant, to: Instant) -> [String] {
        self.index.plates(terminal: terminal.text, from: from, to: to)
    }

    /// Whether both plates were one truck's, by the terminal that carried them, within a day of `instant`.
    package func isOneTruck(_ plate: String, _ other: String, at instant: Instant) -> Bool {
        if plate == other { return true }
        let (from, to) = (instant.advanced(bySeconds: -86_400), instant.advanced(bySeconds: 86_400))
        return self.index.vehicles(plate: plate).contains { vehicle in
            let plates = self.index.plates(terminal: vehicle.terminal, from: from, to: to)
            return plates.contains(plate) && plates.contains(other)
        }
    }

    /// The places whose fence contains the point, each once, in their order.
    package func places(containing point: Coordinate, at instant: Instant) -> [PlaceReference] {
        var found: [PlaceReference] = []
        self.fences.forEachContaining(point) { index in
            let row = self.rows[index]
            guard row.counts(at: instant), !found.contains(row.place) else { return }
            found.append(row.place)
        }
        if found.count > 1 { found.sort() }
        return found
    }

    /// The place whose fence is nearest to the point, if no farther than `margin` metres (at most the widest margin of
    /// the parameters), among those that `isMeant` says.
    package func nearestPlace(
        to point: Coordinate, within margin: Double, at instant: Instant,
        where isMeant: (PlaceReference) -> Bool = { _ in true }
    ) -> (place: PlaceReference, metres: Double)? {
        var best: (place: PlaceReference, metres: Double)?
        self.fences.forEachCandidate(at: point) { index in
            let row = self.rows[index]
            guard row.counts(at: instant), isMeant(row.place) else { return }
            let metres = self.fences.fences[index].distanceMetres(to: point)
            guard metres <= margin else { return }
            guard let known = best, (known.metres, known.place) <= (metres, row.place) else {
                best = (row.place, metres)
                return
            }
        }
        return best
    }

    /// The plants whose fence is no farther than `margin` metres (at most the widest margin of the parameters) from
    /// the point, in their order.
    package func plants(within margin: Double, of point: Coordinate, at instant: Instant) -> [String] {
        self.ids(.plant, within: margin, of: point, at: instant)
    }

    /// The same of sites.
    func sites(within margin: Double, of point: Coordinate, at instant: Instant) -> [String] {
        self.ids(.site, within: margin, of: point, at: instant)
    }

    private func ids(
        _ kind: PlaceReference.Kind, within margin: Double, of point: Coordinate, at instant: Instant
    ) -> [String] {
        var found = Set<String>()
        self.fences.forEachCandidate(at: point) { index in
            let row = self.rows[index]
            guard row.place.kind == kind, row.counts(at: instant),
                self.fences.fences[index].distanceMetres(to: point) <= margin
            else { return }
            found.insert(row.place.id)
        }
        return found.sorted()
    }

    /// The suspected plant at the point: of several the one whose middle is nearest.
    package func suspectedPlace(at point: Coordinate) -> SuspectedPlace? {
        guard !self.suspectedPlaces.isEmpty else { return nil }
        var best: (metres: Double, place: SuspectedPlace)?
        for index in self.suspected.containing(point) {
            let place = self.suspectedPlaces[index]
            let metres = place.coordinate.nearbyMetres(to: point)
            if best.map({ metres < $0.metres }) ?? true { best = (metres, place) }
        }
        return best?.place
    }

    /// The dismissed suspect at the point, or no farther than `margin` metres outside it.
    package func dismissedPlace(at point: Coordinate, margin: Double) -> SuspectedPlace? {
        self.dismissedPlaces.first { $0.coordinate.nearbyMetres(to: point) <= $0.radiusMetres + margin }
    }

    /// Whether the plant stood, at `instant`, where this row of it has it: one that moved has another row then.
    package func stands(_ plant: Plant, at instant: Instant) -> Bool {
        plant.period.contains(instant)
            || !self.index.plants(plant.plantID).contains {
                $0.fence != plant.fence && $0.period.contains(instant)
            }
    }

    /// The fences that count for a place at `instant`.
    package func fences(of place: PlaceReference, at instant: Instant) -> [Fence] {
        let rows: [(period: ValidPeriod, fence: Fence)] =
            switch place.kind {
            case .plant: self.index.plants(place.id).map { ($0.period, $0.fence) }
            case .site: self.index.sites(place.id).map { ($0.period, $0.fence) }
            case .place: self.index.place(place.id).map { [(.always, $0.fence)] } ?? []
            }
        let valid = rows.filter { $0.period.contains(instant) }
        return (valid.isEmpty ? rows : valid).map(\.fence)
    }

    /// Whether one of the outer place's fences holds a fence of the inner one wholly.
    func isEnclosed(_ inner: PlaceReference, by outer: PlaceReference, at instant: Instant) -> Bool {
        let outlines = self.fences(of: inner, at: instant)
        return self.fences(of: outer, at: instant).contains { fence in outlines.contains(where: fence.encloses) }
    }

    /// Metres from the point to the place's fence, 0 inside; `nil` when no row has the place.
    package func metres(from point: Coordinate, to place: PlaceReference, at instant: Instant) -> Double? {
        self.fences(of: place, at: instant).map { $0.distanceMetres(to: point) }.min()
    }

    /// Whether a plant lies in the fence of a site, so that what it loads begins every trip there.
    package func isSite(_ site: String, around plant: String, at instant: Instant) -> Bool {
        self.isEnclosed(PlaceReference(.plant, plant), by: PlaceReference(.site, site), at: instant)
    }

    /// Whether a site is a stretch of road, which others pass (`AnalysisParameters.Visits.roadSiteLength`).
    package func isRoadSite(_ id: String, at instant: Instant) -> Bool {
        let visits = self.parameters.visits
        return self.fences(of: PlaceReference(.site, id), at: instant).contains {
            $0.isStrip(ofMetres: visits.roadSiteLength, timesWidth: visits.roadSiteRatio)
        }
    }

    /// About how large a place is, in square metres of its bounding box: of several fences the smallest is meant.
    package func extent(of place: PlaceReference, at instant: Instant) -> Double {
        self.fences(of: place, at: instant).map { fence in
            let box = fence.boundingBox
            let corner = Coordinate(latitudeE7: box.south, longitudeE7: box.west)
            let north = corner.nearbyMetres(to: Coordinate(latitudeE7: box.north, longitudeE7: box.west))
            let east = corner.nearbyMetres(to: Coordinate(latitudeE7: box.south, longitudeE7: box.east))
            return north * east
        }.min() ?? .infinity
    }

    /// Whether the place is a depot or a car park, where no truck stands with a load.
    package func isParking(_ place: PlaceReference) -> Bool {
        guard place.kind == .place, let kind = self.index.place(place.id)?.kind else { return false }
        return kind == .depot || kind == .parking
    }

    /// Whether the point is in a depot or a car park, or at its gate.
    func isParkingPlace(_ point: Coordinate, at instant: Instant) -> Bool {
        if self.places(containing: point, at: instant).contains(where: self.isParking) { return true }
        let near = self.nearestPlace(to: point, within: self.parameters.visits.margin, at: instant)
        return near.map { self.isParking($0.place) } ?? false
    }

    /// What a plant is licensed to make, by its row of that time or else its latest.
    package func licenceKind(ofPlant id: String, at instant: Instant) -> Plant.LicenceKind? {
        (self.index.plant(id, at: instant) ?? self.index.plants(id).last)?.licenceKind
    }
}
