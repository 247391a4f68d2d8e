package import Chronology
package import Deliveries
import Tracks

/// The load with which a truck left the plant to which it came back after a halt that was read as its drop. Who takes
/// one with a note of its own at once was empty when it came; what stood there for long may have been emptied there.
package struct NextLoad: Hashable, Sendable {
    package var start: Instant
    package var end: Instant
    /// A note of this truck belongs to it.
    package var isNoted: Bool

    package init(start: Instant, end: Instant, isNoted: Bool) {
        (self.start, self.end, self.isNoted) = (start, end, isNoted)
    }

    /// `nil` where the truck came to no plant, or nothing that it took there was dropped anywhere.
    /// - Parameter deliveries: those of the truck around it, others among them or not.
    package init?(after delivery: Delivery, among deliveries: [Delivery], _ matching: TicketMatching) {
        guard let comeback = delivery.haul?.comeback,
            let next = deliveries.first(where: { other in
                other.terminal == delivery.terminal && other.loadID != delivery.loadID
                    && other.loadStart == comeback.start && other.origin.kind == .plant && !other.isLoadUnseen
            }), let end = next.loadEnd
        else { return nil }
        self.init(start: comeback.start, end: end, isNoted: matching.match(of: next)?.isOwn ?? false)
    }

    /// Whether the truck was empty when it came to the plant.
    func showsEmpty(_ rules: AnalysisParameters.Rules) -> Bool {
        self.isNoted && self.end.seconds(since: self.start) < rules.emptiedSeconds
    }
}

extension TicketMatch {
    /// Another truck's note shows no load of this one.
    var isOwn: Bool { self.agreement.truck != .different }
}
