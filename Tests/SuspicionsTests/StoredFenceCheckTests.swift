import Deliveries
import Geodesy
import Registers
import Suspicions
import Testing
import Tracks

/// Which rows of the stored registers are asked about, and what is held back meanwhile.
@Suite struct StoredFenceCheckTests {
    private static func point(_ east: Double) -> Coordinate {
        Coordinate(latitudeE7: 307_500_000, longitudeE7: 1_207_500_000).moved(metres: east, bearingDegrees: 90)
    }

    /// Rows seven kilometres apart, really in `really` and declared as `declared`.
    private static func rows(
        _ count: Int, kind: PlaceReference.Kind = .plant, importID: Int64 = 1, really: CoordinateSystem,
        declared: CoordinateSystem
    ) -> [StoredFenceCheck.Row] {
        (0..<count).map { index in
            let fence = Fence.circle(center: Self.point(Double(index) * 7000), radiusMetres: 120)
            return StoredFenceCheck.Row(
                place: PlaceReference(kind, "R\(index)"), importID: importID,
                fence: fence.reread(declared: really, as: declared))
        }
    }

    private static func halts(_ count: Int, at places: Range<Int>) -> [Coordinate] {
        places.flatMap { place in (0..<count).map { Self.point(Double(place) * 7000 + Double($0)) } }
    }

    /// The stored row does not say what it was declared in: each of the six mistakes is told from the others.
    @Test(arguments: CoordinateSystem.allCases, CoordinateSystem.allCases)
    func anImportIsAskedAboutTogether(declared: CoordinateSystem, really: CoordinateSystem) {
        let rows = Self.rows(4, really: really, declared: declared)
        // Nobody has halted at the last one yet; it came with the others.
        let asked = StoredFenceCheck().run(rows, halts: Self.halts(10, at: 0..<3))
        guard declared != really else {
            #expect(asked.isEmpty)
            return
        }
        #expect(asked.keys.sorted() == [0, 1, 2, 3])
        for (index, question) in asked {
            #expect(question.declared == declared && question.likely == really)
            #expect(question.fence.distanceMetres(to: Self.point(Double(index) * 7000)) == 0)
            #expect(question.haltsLikely == (index < 3 ? 10 : 0) && question.haltsDeclared == 0)
        }
    }

    /// Rows that were right before are not asked about because of an import that is not.
    @Test func eachImportIsAskedAboutByItself() {
        let right = Self.rows(4, importID: 1, really: .wgs84, declared: .wgs84)
        var wrong = Self.rows(8, importID: 2, really: .gcj02, declared: .wgs84)
        wrong.removeFirst(4)
        let asked = StoredFenceCheck().run(right + wrong, halts: Self.halts(30, at: 0..<8))
        #expect(asked.keys.sorted() == [4, 5, 6, 7])
    }

    @Test(arguments: [PlaceReference.Kind.plant, .site, .place])
    func aSingleOneIsAskedAboutOnceThereAreEnoughHalts(kind: PlaceReference.Kind) {
        let row = Self.rows(1, kind: kind, really: .gcj02, declared: .wgs84)
        #expect(StoredFenceCheck().run(row, halts: Self.halts(19, at: 0..<1)).isEmpty)
        let asked = StoredFenceCheck().run(row, halts: Self.halts(20, at: 0..<1))
        // A place that nobody halts at is nothing to be asked about.
        #expect(asked.mapValues(\.likely) == (kind == .place ? [:] : [0: .gcj02]))
    }

    /// Notes say where the few loads went: three are enough for a site, and none for one where trucks do halt.
    @Test func aSmallSiteIsAskedAboutWhereItsNotesAgree() {
        let row = Self.rows(1, kind: .site, really: .gcj02, declared: .wgs84)
        let halts = Self.halts(13, at: 0..<1)
        func asked(_ drops: [Coordinate], of site: String = "R0", _ halts: [Coordinate]) -> CoordinateSystem? {
            StoredFenceCheck().run(row, halts: halts, noted: [site: drops])[0]?.likely
        }
        #expect(asked([], halts) == nil && asked(Self.halts(2, at: 0..<1), halts) == nil)
        #expect(asked(Self.halts(3, at: 0..<1), halts) == .gcj02)
        #expect(asked(Self.halts(6, at: 0..<1), of: "R9", halts) == nil, "notes of another site")
        #expect(asked(Self.halts(6, at: 1..<2), halts) == nil, "dropped elsewhere")
        let spot = Self.point(0).reread(declared: .gcj02, as: .wgs84)
        #expect(asked(Self.halts(6, at: 0..<1), halts + [spot, spot, spot]) == nil, "where it stands trucks halt, too")
    }

    /// Halts at another registered place are no reason to ask about one that nobody halts at.
    @Test func haltsThatAreExplainedAskNothing() {
        let idle = Self.rows(1, really: .gcj02, declared: .wgs84)
        let busy = Self.rows(1, kind: .site, importID: 2, really: .wgs84, declared: .wgs84)
        #expect(StoredFenceCheck().run(idle + busy, halts: Self.halts(60, at: 0..<1)).isEmpty)
    }

    /// Of four rows of an import one or two are in another system than they say, which is known here.
    @Test(arguments: CoordinateSystem.allCases, CoordinateSystem.allCases)
    func singleRowsOfAnImportAreAskedAbout(declared: CoordinateSystem, really: CoordinateSystem) {
        let right = Self.rows(4, really: .wgs84, declared: .wgs84)
        let wrong = Self.rows(4, really: really, declared: declared)
        for count in [1, 2] {
            let rows = Array(wrong.prefix(count) + right.dropFirst(count))
            let halts = Self.halts(20, at: 0..<4)
            let asked = StoredFenceCheck().runEach(rows, declared: declared, beside: [], halts: halts)
            guard declared != really else {
                #expect(asked.isEmpty)
                continue
            }
            #expect(asked.keys.sorted() == Array(0..<count))
            for (index, question) in asked {
                #expect(question.declared == declared && question.likely == really)
                #expect(question.fence.distanceMetres(to: Self.point(Double(index) * 7000)) == 0)
                #expect(question.haltsLikely == 20 && question.haltsDeclared == 0)
            }
            // The import as a whole fits as it is declared, so nobody asked: half of it is used.
            let whole = CoordinateCheck().run(rows.map(\.fence), declared: declared, halts: halts)
            #expect(whole.likely == nil)
        }
    }

    /// Too few halts, halts that another fence explains, a place, or a fence where trucks halt: nothing to ask.
    @Test func aSingleRowIsAskedAboutForAReason() throws {
        func asked(
            _ halts: [Coordinate], of kind: PlaceReference.Kind = .plant, beside others: [Fence] = [],
            noted: [String: [Coordinate]] = [:]
        ) -> [QuestionedPlace] {
            let rows = Self.rows(1, kind: kind, really: .gcj02, declared: .wgs84)
            return Array(
                StoredFenceCheck().runEach(rows, declared: .wgs84, beside: others, halts: halts, noted: noted).values)
        }
        let (few, enough) = (Self.halts(19, at: 0..<1), Self.halts(20, at: 0..<1))
        #expect(asked(few).isEmpty && asked(enough).count == 1)
        #expect(asked(enough, of: .place).isEmpty)
        #expect(asked(enough, beside: [.circle(center: Self.point(0), radiusMetres: 200)]).isEmpty)
        let spot = Self.point(0).reread(declared: .gcj02, as: .wgs84)
        #expect(asked(enough + [spot, spot, spot]).isEmpty)
        // A site by the notes of its loads.
        let drops = ["R0": Self.halts(3, at: 0..<1)]
        #expect(asked(few, of: .site).isEmpty && asked(few, of: .site, noted: drops).count == 1)
        #expect(asked(few, noted: drops).isEmpty, "a plant has none")

        #expect(QuestionedPlace.question(about: []) == nil)
        let question = try #require(QuestionedPlace.question(about: asked(enough)))
        for text in [question.zh, question.en] {
            for part in ["R0", "gcj02", "wgs84", "20", "coordinates"] { #expect(text.contains(part)) }
        }
    }

    // MARK: - What is held

    private static func questioned(_ kind: PlaceReference.Kind, _ id: String, at east: Double) -> QuestionedPlace {
        QuestionedPlace(
            place: PlaceReference(kind, id), fence: .circle(center: Case.point(east), radiusMetres: 100),
            declared: .wgs84, likely: .gcj02, haltsDeclared: 0, haltsLikely: 40)
    }

    /// The plant's fence stands 5 km from where trucks load, and would stand there if it were read otherwise.
    @Test func aLoadWhereTheFenceMayBeAccusesNobody() throws {
        var one = Case { RuleTests.loadAt(5000)(&$0) }
        #expect(one.judgement("unlicensed-origin")?.outcome == .hit && one.judged.verdict == .suspicious)
        one.questioned = [Self.questioned(.plant, "P9", at: 5000)]
        let held = try #require(one.judgement("unlicensed-origin"))
        #expect(held.outcome == .insufficient && one.judged.verdict == .insufficientData)
        for text in [held.facts[0].zh, held.facts[0].en] {
            for part in ["P9", "gcj02", "wgs84", "40"] { #expect(text.contains(part)) }
        }
        // Elsewhere nothing is held.
        one.questioned = [Self.questioned(.plant, "P9", at: 6000)]
        #expect(one.judgement("unlicensed-origin")?.outcome == .hit)
    }

    @Test func aDropWhereTheFenceMayBeAccusesNobody() {
        var one = Case { RuleTests.unloadAt(5000)(&$0) }
        one.tickets = [Case.ticket()]
        #expect(Set(one.judged.suspicions).isSuperset(of: ["unregistered-destination", "diversion"]))
        one.questioned = [Self.questioned(.site, "S1", at: 5000)]
        #expect(one.judgement("unregistered-destination")?.outcome == .insufficient)
        #expect(one.judgement("diversion")?.outcome == .insufficient)
        #expect(one.judged.verdict == .insufficientData)
    }

    /// The site's numbers were GCJ-02 and were taken for WGS-84, or really lie there: one note, and no question yet.
    @Test(
        arguments: [
            (CoordinateSystem.gcj02, 0.0, false, Judgement.Outcome.insufficient), (.bd09, 0, false, .insufficient),
            // Beside its fence by less than the margin, and by more.
            (.gcj02, 130, false, .insufficient), (.gcj02, 160, false, .hit), (.wgs84, 900, false, .hit),
            // A person has said that it stands where it stands.
            (.gcj02, 0, true, .hit),
        ])
    func aDropWhereItsNotesSiteMayLieAccusesNobody(
        really: CoordinateSystem, east: Double, isConfirmed: Bool, outcome: Judgement.Outcome
    ) throws {
        var one = Case { RuleTests.unloadAt(9000 + east)(&$0) }
        one.registers.sites[0].fence = one.registers.sites[0].fence.reread(declared: really, as: .wgs84)
        if isConfirmed { one.confirmed = [PlaceReference(.site, "S1")] }
        // Without its own note it is accused as before.
        #expect(one.judgement("unregistered-destination")?.outcome == .hit)
        one.tickets = [Case.ticket()]
        let said = try #require(one.judgement("unregistered-destination"))
        #expect(said.outcome == outcome)
        #expect(one.judged.verdict == (outcome == .hit ? .suspicious : .insufficientData))
        guard outcome == .insufficient else { return }
        for text in [said.facts[0].zh, said.facts[0].en] {
            for part in ["S1", really.rawValue, "wgs84", "--keep-coordinates"] { #expect(text.contains(part)) }
        }
    }

    /// What rests on the note's own plant waits; a number that was used twice does not.
    @Test func aNoteOfAPlantInQuestionWaits() {
        var one = Case { RuleTests.loadAt(5000)(&$0) }
        one.tickets = [Case.ticket(), Case.ticket(site: "S2")]
        #expect(one.judgement("name-lending")?.outcome == .hit)
        one.questioned = [Self.questioned(.plant, "P1", at: 7000)]
        #expect(one.judgement("name-lending")?.outcome == .insufficient)
        #expect(one.judgement("duplicate-ticket")?.outcome == .hit)
    }

    @Test func aGhostTicketOfAPlantInQuestionWaits() {
        var note = TicketContext(Case.ticket(), asOf: Case.minutes(3000))
        note.whereabouts = TruckWhereabouts(coverage: 1, nearestMetres: 9000, fixes: 300)
        var one = Case()
        #expect(TicketJudge(world: one.world).judge(note).first?.outcome == .hit)
        one.questioned = [Self.questioned(.plant, "P1", at: 7000)]
        #expect(TicketJudge(world: one.world).judge(note).first?.outcome == .insufficient)
    }
}
