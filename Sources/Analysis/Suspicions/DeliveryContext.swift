package import Chronology
package import Deliveries
package import Registers
package import Tracks

/// What other stored facts say of one delivery. All but the as-of time may be left out: then the rules that need it
/// answer `insufficient`, and nobody is accused for what was not asked.
///
/// Who judges fills it from the store:
/// - `asOf`: the server's clock when judging live, so that waiting (tickets 24 h, backfill 2 h) has an end;
/// - `take(_:for:)`: tickets, from a `TicketMatching` over the deliveries and notes of the days around the load
///   (`AnalysisParameters.Tickets.reach` before and after it). Judge again when notes of that plant or truck come in;
/// - `repeatedTickets`: all notes of the plant with the number of the matched one, or of one of several;
/// - `otherDrops`: the other deliveries of the same `loadID`;
/// - `plantMonth`: `PlantMonth(upTo:…)` over the deliveries of the origin plant of that month;
/// - `traffic`: `PlaceTraffic(at:…)` over the deliveries to that place of the last 14 days (tankers and mixers);
/// - `placeDrops`: `PlaceDrops(at:…)` over the deliveries to that place of `rules.repeatedDropDays` before and after,
///   each with its `DropSigns` over its truck's deliveries and notes around it;
/// - `nextLoad`: `NextLoad(after:…)` over the truck's deliveries after it;
/// - `roads`: the fleet's `UsualRoads` around halts and an unregistered drop, of the weeks up to the delivery's day;
/// - `smallJob`: `SmallJob(around:…)` over the drops outside every register about it, where a city exempts small jobs;
/// - `corridors` and `way`: `Corridors` of the clear deliveries of the pair before it, and the fixes from `loadEnd` to
///   `unloadStart`; neither for a later drop of a load;
/// - `airTemperature`: of the hour and city, where a source is connected.
package struct DeliveryContext: Sendable {
    package var asOf: Instant
    package var ticket = TicketFinding.notCovered
    /// Other notes of the plant with the number of the matched one, of whatever time: which of them count, the rule
    /// says. `take` gives those of the matching; who judges puts all that are stored in their place.
    package var repeatedTickets: [Ticket] = []
    package var otherDrops: [Delivery] = []
    package var plantMonth: PlantMonth?
    package var traffic: PlaceTraffic?
    package var placeDrops: PlaceDrops?
    package var nextLoad: NextLoad?
    package var smallJob: SmallJob?
    package var roads: UsualRoads?
    package var corridors: Corridors?
    package var way: [Fix]?
    /// Degrees.
    package var airTemperature: Double?

    package init(asOf: Instant) {
        self.asOf = asOf
    }

    /// Takes in what the matching says of the delivery's load.
    package mutating func take(_ matching: TicketMatching, for delivery: Delivery) {
        if let shift = matching.clockShift(plate: delivery.plate) {
            self.ticket = .clockInDoubt(seconds: shift)
        } else if let match = matching.match(of: delivery) {
            self.ticket = .matched(match)
            self.repeatedTickets = matching.repetitions(of: match)
        } else if delivery.origin.kind == .plant, let plant = delivery.origin.id, let loadEnd = delivery.loadEnd,
            matching.covers(delivery, plant: plant, at: loadEnd)
        {
            self.ticket = .missing
        } else {
            self.ticket = .notCovered
        }
    }

    /// The first drop of the load, among this one and the others.
    func isFirstDrop(_ delivery: Delivery) -> Bool {
        !self.otherDrops.contains { $0.unloadStart < delivery.unloadStart }
    }
}

/// What is known of the delivery note of a load.
package enum TicketFinding: Hashable, Sendable {
    case matched(TicketMatch)
    /// The plant has a source of notes on that day, and none fits.
    case missing
    /// No source of notes covers that plant and day, or the plant is not known.
    case notCovered
    /// The truck's loads fit its notes if they were so many seconds later; `nil`: it was not written down how many.
    case clockInDoubt(seconds: Double?)

    package var isClockInDoubt: Bool {
        if case .clockInDoubt = self { true } else { false }
    }

    package var match: TicketMatch? {
        if case .matched(let match) = self { match } else { nil }
    }
}

extension RuleAnswer {
    /// Of a rule that compares with a note, where there is none.
    static func withoutTicket(_ finding: TicketFinding, _ parameters: [String: Double] = [:]) -> RuleAnswer {
        if finding == .missing {
            return .insufficient(
                parameters, zh: "没有与该车次对应的发货单，无从比对（见“有车无票”）。",
                en: "There is no delivery note for this load to compare with (see ticket-missing).")
        }
        if case .clockInDoubt(let seconds) = finding {
            let hours = seconds.map { Wording.number($0.magnitude / 3600) }
            return .insufficient(
                parameters, zh: "该车各车次与其发货单相差整 \(hours ?? "8 或 24") 小时，终端时钟有疑，不作比对；请校正终端日期和时区。",
                en:
                    "The truck's loads fit its delivery notes exactly \(hours ?? "8 or 24") h beside the time, so its clock is in doubt "
                    + "and nothing is compared: set the terminal's date and time zone right.")
        }
        return .insufficient(
            parameters, zh: "当日没有该站点的发货单来源，无从比对。",
            en: "No source of delivery notes covers this plant and day, so there is nothing to compare with.")
    }
}
