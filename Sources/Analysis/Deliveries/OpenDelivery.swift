import Chronology
package import Tracks

/// What may still become of a delivery that is not final.
extension Delivery {
    /// Names the factor of a drop that is shown because the load must be gone by now, while nothing shows that it is:
    /// the truck may stand there loaded and drive on to its site.
    package static let likelyDrop = "likely-drop"
    package var isDropLikely: Bool { self.confidence[Self.likelyDrop] != nil }

    /// Whether another drop of the same load may still follow, as far as its reports have come. Once it is final, or
    /// they go beyond the time in which a second drop begins, none can.
    package func mayDropAgain(_ cycles: AnalysisParameters.Cycles) -> Bool {
        !self.isFinal && self.settledAt.seconds(since: self.unloadEnd) <= cycles.secondDropSeconds
    }

    /// Whether both were derived with the same facts. What was found of their notes, and by which report that was known
    /// to hold, is not one of them.
    package func isSameDrop(as other: Delivery) -> Bool {
        var copy = self
        (copy.ticketID, copy.otherTicketIDs) = (other.ticketID, other.otherTicketIDs)
        (copy.isFinal, copy.settledAt) = (other.isFinal, other.settledAt)
        return copy == other
    }
}
