import Chronology
import Deliveries
import Geodesy
import Registers
import Suspicions
import Testing

/// Where vehicles have to be derived again when suspects change.
@Suite struct PlaceChangeTests {
    private func suspect() throws -> SuspectedPlant { try #require(Diary.search(Diary.black()).first) }

    private func decide(_ status: SuspectStatus, kind: Place.Kind? = nil, _ suspect: inout SuspectedPlant) throws {
        try suspect.decide(
            SuspectDecision(status: status, at: Diary.asOf, by: "王", reason: "现场核查", placeKind: kind))
    }

    @Test func aNewPlaceOfLoadingIsAChangeAndALookAtItIsNone() throws {
        var suspect = try self.suspect()
        let found = PlaceChange.between([], [suspect])
        #expect(found.map(\.suspectedPlantID) == [suspect.suspectedPlantID])
        #expect(found.first?.coordinate == suspect.coordinate && found.first?.radiusMetres == suspect.radiusMetres)
        let before = suspect
        try self.decide(.checking, &suspect)
        suspect.evidence.loads += 1
        #expect(PlaceChange.between([before], [suspect]).isEmpty)
        #expect(PlaceChange.between([suspect], []).count == 1)
    }

    @Test func dismissedItIsAPlaceOfLoadingNoMore() throws {
        var suspect = try self.suspect()
        try self.decide(.checking, &suspect)
        let before = suspect
        try self.decide(.dismissed, kind: .wash, &suspect)
        #expect(PlaceChange.between([before], [suspect]).count == 1)
    }

    @Test func anUnlikelyOneChangesNothingUntilItIsAKnownOrADismissedPlace() throws {
        var suspect = try self.suspect()
        suspect.isLikely = false
        #expect(PlaceChange.between([], [suspect]).isEmpty)
        try self.decide(.checking, &suspect)
        let before = suspect
        #expect(PlaceChange.between([], [suspect]).isEmpty)
        try self.decide(.dismissed, &suspect)
        #expect(PlaceChange.between([before], [suspect]).count == 1)
        #expect(suspect.loadingPlace == nil && suspect.knownPlace == nil)
        #expect(suspect.dismissedPlace?.id == suspect.suspectedPlantID)
        try self.decide(.checking, &suspect)
        #expect(suspect.dismissedPlace == nil)
        try self.decide(.dismissed, kind: .fuel, &suspect)
        #expect(PlaceChange.between([before], [suspect]).count == 1)
        #expect(suspect.dismissedPlace == nil)
    }

    @Test func aPlaceThatMovesIsAskedForAtBothPlaces() throws {
        let suspect = try self.suspect()
        var moved = suspect
        moved.coordinate.latitudeE7 += 10_000
        moved.radiusMetres += 1
        #expect(PlaceChange.between([suspect], [moved]).count == 2)
    }
}
