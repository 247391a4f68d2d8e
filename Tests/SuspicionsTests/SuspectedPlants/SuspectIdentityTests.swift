import Chronology
import Deliveries
import Geodesy
import Registers
import Suspicions
import Testing

/// A suspect keeps its name and what people decided about it.
@Suite struct SuspectIdentityTests {
    private func decision(_ status: SuspectStatus, reason: String = "现场核查", kind: Place.Kind? = nil) -> SuspectDecision
    {
        SuspectDecision(status: status, at: Diary.asOf, by: "王", reason: reason, placeKind: kind)
    }

    @Test func theSameHaltsGiveTheSameName() throws {
        let first = try #require(Diary.search(Diary.black()).first)
        #expect(first.suspectedPlantID == "X-307770-1207919")
        #expect(Diary.search(Diary.black()).first == first)
        #expect(Diary.search(Diary.black(), known: [first]) == [first])
    }

    @Test func theNameStaysWhenThePlaceGrowsAndMoves() throws {
        let first = try #require(Diary.search(Diary.black(2, days: 3)).first)
        let moved = Diary.Spot(Diary.hidden.east + 0.12, Diary.hidden.north)
        let more =
            Diary.black(2, days: 3)
            + Diary.trucks(9, days: 4) { diary, truck, turn in
                guard truck > 3 else { return }
                diary.halt(moved, 8)
                diary.halt(Diary.sites[(truck + turn) % 4], 20)
            }
        let alone = try #require(Diary.search(more).first)
        #expect(alone.suspectedPlantID != first.suspectedPlantID)
        let found = Diary.search(more, known: [first])
        #expect(found.map(\.suspectedPlantID) == [first.suspectedPlantID])
        #expect(found[0].evidence.loads > first.evidence.loads)
        #expect(found[0].evidence.firstSeen == first.evidence.firstSeen)
    }

    /// A place that was found before the registers came may have held loads of a licensed plant.
    @Test(arguments: [(-1, false), (-400 * 86_400, true)] as [(Double, Bool)])
    func whenItWasFirstSeenFollowsFromTheHaltsLookedAt(seconds: Double, isKept: Bool) throws {
        let halts = Diary.black(2, days: 3)
        let first = try #require(Diary.search(halts).first)
        var known = first
        known.evidence.firstSeen = first.evidence.firstSeen.advanced(bySeconds: seconds)
        let found = try #require(Diary.search(halts, known: [known]).first)
        #expect(found.evidence.firstSeen == (isKept ? known : first).evidence.firstSeen)
    }

    /// Named elsewhere, so many metres off: its ground reaches a hundred metres. What a person decided about keeps its
    /// name; the lead is another place, and withdrawn.
    @Test(arguments: [(90, false, true), (130, false, false), (130, true, true), (222, false, false)])
    func aLeadKeepsItsNameWithinItsGround(metres: Double, isDecided: Bool, isKept: Bool) throws {
        let halts = Diary.black(2, days: 3)
        let first = try #require(Diary.search(halts).first)
        #expect(first.radiusMetres == 100)
        var known = first
        known.suspectedPlantID = "X-1"
        known.coordinate = first.coordinate.moved(metres: metres, bearingDegrees: 0)
        if isDecided { try known.decide(self.decision(.checking)) }
        let found = Diary.search(halts, known: [known])
        #expect(found.map(\.suspectedPlantID) == [isKept ? "X-1" : first.suspectedPlantID])
        #expect(found[0].coordinate == first.coordinate)
        if !isKept { #expect(found == [first], "as if it were searched for the first time") }
        let changes = PlaceChange.between([known], found).map(\.suspectedPlantID)
        #expect(Set(changes) == (isKept ? ["X-1"] : ["X-1", first.suspectedPlantID]), "who halted there")
    }

    /// The register of a licensed plant that comes after the traffic leaves the same as one that came before it.
    @Test func aRegisterThatComesLateLeavesTheSameName() throws {
        let beside = Diary.Spot(Diary.hidden.east, Diary.hidden.north + 0.22)
        // The first and the most loads are the licensed plant's, in one ground with the others.
        let halts =
            Diary.trucks(5, days: 4, prefix: "T") { diary, truck, turn in
                diary.halt(truck < 4 ? beside : Diary.hidden, 8)
                diary.halt(Diary.sites[(truck + turn) % 4], 20)
            }
        let late = Diary.world {
            $0.revision += 1
            $0.plants.append(
                Plant(
                    plantID: "P2", name: "二号站", licenceKind: .concrete, status: .valid, period: .always,
                    fence: .circle(center: beside.coordinate, radiusMetres: 80)))
        }
        let before = Diary.search(halts)
        let alone = Diary.search(halts, in: late)
        #expect(before.count == 1 && alone.count == 1)
        #expect(before.map(\.suspectedPlantID) != alone.map(\.suspectedPlantID))
        let after = Diary.search(halts, known: before, in: late)
        #expect(after == alone)
    }

    /// Deliveries are derived again only where the place really changes.
    @Test func aFewMoreLoadsDoNotMoveThePlace() throws {
        let first = try #require(Diary.search(Diary.black(2, days: 3)).first)
        let spot = Diary.Spot(Diary.hidden.east + 0.02, Diary.hidden.north)
        let more =
            Diary.black(2, days: 3)
            + Diary.trucks(9, days: 3) { diary, truck, turn in
                guard truck > 3 else { return }
                diary.halt(spot, 8)
                diary.halt(Diary.sites[(truck + turn) % 4], 20)
            }
        #expect(try #require(Diary.search(more).first).coordinate != first.coordinate)
        #expect(Diary.search(more, known: [first]).first?.loadingPlace == first.loadingPlace)
        var unlikely = first
        unlikely.isLikely = false
        #expect(unlikely.loadingPlace == nil)
        unlikely.status = .confirmed
        #expect(unlikely.loadingPlace != nil)
    }

    @Test func aDismissedPlaceStaysQuiet() throws {
        var suspect = try #require(Diary.search(Diary.black()).first)
        #expect(suspect.loadingPlace?.id == suspect.suspectedPlantID)
        try suspect.decide(self.decision(.checking, reason: ""))
        try suspect.decide(self.decision(.dismissed, kind: .wash))
        let found = Diary.search(Diary.black(4, days: 6), known: [suspect])
        #expect(found.map(\.status) == [.dismissed])
        #expect(found[0].decisions.count == 2 && found[0].evidence.loads > suspect.evidence.loads)
        #expect(found[0].loadingPlace == nil)
        // As a row of the register of places it explains the halts, and is still remembered.
        let place = try #require(suspect.knownPlace)
        #expect(place.kind == .wash)
        let world = Diary.world { $0.places = [place] }
        #expect(Diary.search(Diary.black(), known: [suspect], in: world) == [suspect])
        #expect(Diary.search(Diary.black(), in: world).isEmpty)
    }

    @Test func aLeadThatIsNotFoundAgainIsWithdrawn() throws {
        let suspect = try #require(Diary.search(Diary.black()).first)
        #expect(Diary.search([], known: [suspect]).isEmpty)
        var checked = suspect
        try checked.decide(self.decision(.checking))
        #expect(Diary.search([], known: [checked]) == [checked])
        // What it was made from is too long ago to be looked at: it stays as it was.
        let later = Diary.asOf.advanced(bySeconds: 90 * 86_400)
        #expect(Diary.search([], known: [suspect], asOf: later) == [suspect])
        // Unless the registers name a plant there by now; what people looked at stays theirs, and raises no alert.
        let named = Diary.world {
            $0.revision += 1
            $0.plants.append(
                Plant(
                    plantID: "P2", name: "二号站", licenceKind: .concrete, status: .valid, period: .always,
                    fence: .circle(center: Diary.hidden.coordinate, radiusMetres: 100)))
        }
        #expect(Diary.search([], known: [suspect], in: named, asOf: later).isEmpty)
        #expect(Diary.search([], known: [checked], in: named, asOf: later) == [checked])
        #expect(suspect.isRegistered(in: named) && checked.isRegistered(in: named))
        #expect(!suspect.isRegistered(in: Diary.world()))
        let moved = Diary.world { $0.revision += 1 }
        #expect(!suspect.isRegistered(in: moved), "other rows changed")
    }

    /// A row in question may stand where its fence would lie if it were read otherwise, whatever it is of.
    @Test(arguments: [
        (PlaceReference.Kind.plant, 0.0, true), (.site, 0, true), (.place, 0, true), (.site, 170, true),
        (.site, 190, false),
    ])
    func whereARowInQuestionMayStandNothingIsSuspected(
        kind: PlaceReference.Kind, metres: Double, isQuestioned: Bool
    ) throws {
        let suspect = try #require(Diary.search(Diary.black()).first)
        let question = QuestionedPlace(
            place: PlaceReference(kind, "Q1"),
            fence: .circle(center: suspect.coordinate.moved(metres: metres, bearingDegrees: 90), radiusMetres: 100),
            declared: .gcj02, likely: .wgs84, haltsDeclared: 0, haltsLikely: 40)
        let world = World(registers: Diary.world().registers, questionedPlaces: [question])
        #expect(suspect.isQuestioned(in: world) == isQuestioned)
        #expect(!suspect.isQuestioned(in: Diary.world()))
    }

    /// From, to, and whether that is allowed with and without a reason.
    @Test(arguments: [
        (SuspectStatus.lead, SuspectStatus.checking, true, true), (.lead, .confirmed, false, false),
        (.lead, .dismissed, false, false), (.lead, .lead, false, false), (.checking, .confirmed, true, false),
        (.checking, .dismissed, true, false), (.checking, .lead, true, false), (.confirmed, .checking, true, false),
        (.confirmed, .dismissed, false, false), (.dismissed, .checking, true, false),
        (.dismissed, .confirmed, false, false),
    ])
    func statesFollowEachOther(from: SuspectStatus, to: SuspectStatus, withReason: Bool, without: Bool) throws {
        var start = try #require(Diary.search(Diary.black()).first)
        start.status = from
        for (reason, isAllowed) in [("核查", withReason), (" ", without)] {
            var suspect = start
            do {
                try suspect.decide(self.decision(to, reason: reason))
                #expect(isAllowed)
            } catch {
                #expect(!isAllowed && error.statement.en.contains(suspect.suspectedPlantID))
            }
            #expect(suspect.status == (isAllowed ? to : from) && suspect.decisions.count == (isAllowed ? 1 : 0))
        }
    }
}
