package import Geodesy

/// A row of the registers whose fence fits the halts of trucks far better in another coordinate system than it was
/// declared in, and nobody has said yet which is right.
package struct QuestionedPlace: Hashable, Sendable {
    package var place: PlaceReference
    /// As the numbers are to be read for the halts to fit.
    package var fence: Fence
    package var declared: CoordinateSystem
    package var likely: CoordinateSystem
    /// Halts in the fence as it stands, and in the one that would fit.
    package var haltsDeclared: Int
    package var haltsLikely: Int

    package init(
        place: PlaceReference, fence: Fence, declared: CoordinateSystem, likely: CoordinateSystem, haltsDeclared: Int,
        haltsLikely: Int
    ) {
        self.place = place
        self.fence = fence
        self.declared = declared
        self.likely = likely
        self.haltsDeclared = haltsDeclared
        self.haltsLikely = haltsLikely
    }
}
