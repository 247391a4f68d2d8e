package import Chronology
package import Deliveries
package import Geodesy
import Registers
package import Telemetry
package import Tracks

/// One drop outside every register, as far as counting what came to a place needs it.
package struct PlaceDrop: Hashable, Sendable {
    package var deliveryID: String
    package var loadID: String
    package var terminal: TerminalID
    package var unloadStart: Instant
    package var coordinate: Coordinate
    package var volume: LoadVolume

    package init(
        deliveryID: String, loadID: String, terminal: TerminalID, unloadStart: Instant, coordinate: Coordinate,
        volume: LoadVolume
    ) {
        self.deliveryID = deliveryID
        self.loadID = loadID
        self.terminal = terminal
        self.unloadStart = unloadStart
        self.coordinate = coordinate
        self.volume = volume
    }

    /// `nil` for a drop at a place of the registers, or at a suspected plant, or where nobody knows.
    package init?(_ delivery: Delivery, volume: LoadVolume) {
        guard delivery.destination.kind == .unknown, delivery.destination.id == nil,
            let coordinate = delivery.destination.coordinate
        else { return nil }
        self.init(
            deliveryID: delivery.deliveryID, loadID: delivery.loadID, terminal: delivery.terminal,
            unloadStart: delivery.unloadStart, coordinate: coordinate, volume: volume)
    }
}

/// What a load holds.
package enum LoadVolume: Hashable, Sendable {
    /// Cubic metres of its delivery note, or of all its notes.
    case noted(Double)
    /// Those of the drum, where no note tells it.
    case estimated(Double)
    case unknown

    package init(of delivery: Delivery, _ matching: TicketMatching?, in world: World) {
        let time = delivery.loadEnd ?? delivery.unloadStart
        if let volume = matching?.match(of: delivery)?.cubicMetres {
            self = .noted(volume)
        } else if let drum = world.vehicle(delivery.terminal, at: time)?.capacityCubicMetres {
            self = .estimated(drum)
        } else {
            self = .unknown
        }
    }
}

extension JudgedDelivery {
    /// By what exemption of small jobs it was judged, by its names; empty: by none.
    package var exemption: [String: Double] {
        let judgement = self.judgements.first { $0.rule == UnregisteredDestination().code }
        return judgement?.parameters.filter { $0.key.hasPrefix(SmallJob.parameterPrefix) } ?? [:]
    }
}

/// What trucks brought to one place that no register knows, in the time around one delivery to it: from the earliest of
/// them up to the load with which it was no small job any more, or up to the last.
///
/// A load counts whole wherever some of it was unloaded, and one of unknown volume with a large drum's: it is never
/// counted too little. Cement is none of it.
package struct SmallJob: Hashable, Sendable {
    /// What is counted, each by itself.
    package enum Cargo: Sendable {
        case concrete, mortar
    }

    package var cargo: Cargo
    package var cubicMetres = 0.0
    package var loads = 0
    /// Loads whose volume is that of the drum, …
    package var estimatedLoads = 0
    /// … and those of which none is known.
    package var unknownLoads = 0
    /// Of the first and of the last load that is counted.
    package var first: Instant
    package var last: Instant
    /// Whether the loads up to `last` are as much as is exempt no more.
    package var isReached = false

    /// Counts the loads to the place of `drop`, with its own; `nil` where the city exempts no job of that sort.
    package init?(around drop: PlaceDrop, of drops: [PlaceDrop], in world: World) {
        guard let cargo = Self.cargo(of: drop.terminal, at: drop.unloadStart, in: world),
            let limit = Self.limit(of: cargo, world.parameters)
        else { return nil }
        let others = drops.filter { $0.deliveryID != drop.deliveryID }
        self.init(around: drop, in: Counted.ordered(others + [drop], in: world), cargo, limit, world.parameters)
    }

    /// A drop with what was in the load.
    private struct Counted {
        var drop: PlaceDrop
        var cargo: Cargo

        /// The earliest first, without cement.
        static func ordered(_ drops: [PlaceDrop], in world: World) -> [Counted] {
            drops.compactMap { drop in
                SmallJob.cargo(of: drop.terminal, at: drop.unloadStart, in: world).map {
                    Counted(drop: drop, cargo: $0)
                }
            }
            .sorted { ($0.drop.unloadStart, $0.drop.deliveryID) < ($1.drop.unloadStart, $1.drop.deliveryID) }
        }
    }

    private init(
        around drop: PlaceDrop, in drops: [Counted], _ cargo: Cargo, _ limit: Double, _ parameters: AnalysisParameters
    ) {
        (self.cargo, self.first, self.last) = (cargo, drop.unloadStart, drop.unloadStart)
        let exemption = parameters.exemption
        var seen = Set<String>()
        for other in drops
        where other.cargo == cargo && Self.isSameJob(other.drop, drop, exemption)
            && seen.insert(other.drop.loadID).inserted
        {
            switch other.drop.volume {
            case .noted(let volume): self.cubicMetres += volume
            case .estimated(let volume):
                self.cubicMetres += volume
                self.estimatedLoads += 1
            case .unknown:
                self.cubicMetres += max(0, exemption.loadVolume)
                self.unknownLoads += 1
            }
            if self.loads == 0 { self.first = other.drop.unloadStart }
            self.loads += 1
            self.last = other.drop.unloadStart
            // Volumes stand on notes to a tenth: their sum may be short of a whole number by its last digits.
            self.isReached = self.cubicMetres >= limit - 1e-6
            if self.isReached { return }
        }
    }

    /// The deliveries among `drops` of which another word may be said because of one to the same job that came, went or
    /// counts otherwise: not those of which enough had come before it.
    package static func touched(by drop: PlaceDrop, among drops: [PlaceDrop], in world: World) -> [String] {
        let others = Counted.ordered(drops.filter { $0.deliveryID != drop.deliveryID }, in: world)
        let before = others.filter { $0.drop.unloadStart < drop.unloadStart && $0.drop.loadID != drop.loadID }
        return others.compactMap { other in
            guard Self.isSameJob(other.drop, drop, world.parameters.exemption),
                let limit = Self.limit(of: other.cargo, world.parameters)
            else { return nil }
            let job = SmallJob(around: other.drop, in: before, other.cargo, limit, world.parameters)
            return job.isReached ? nil : other.drop.deliveryID
        }
    }

    /// Whether the city exempts any job; where not, nothing is counted or asked.
    package static func areExempt(_ parameters: AnalysisParameters) -> Bool {
        parameters.exemption.concreteVolume > 0 || parameters.exemption.mortarTonnes > 0
    }

    /// Cubic metres from which on a job is exempt no more; `nil`: none is.
    static func limit(of cargo: Cargo, _ parameters: AnalysisParameters) -> Double? {
        let exemption = parameters.exemption
        let limit =
            switch cargo {
            case .concrete: exemption.concreteVolume
            case .mortar: exemption.mortarTonnes / parameters.volumes.mortarDensity
            }
        return limit > 0 ? limit : nil
    }

    /// By the kind of truck; one that no register knows is taken for a mixer. `nil`: cement.
    static func cargo(of terminal: TerminalID, at time: Instant, in world: World) -> Cargo? {
        switch world.history(of: terminal).kind(at: time) {
        case .mixer, nil: .concrete
        case .mortar: .mortar
        case .bulkCement: nil
        }
    }

    private static func isSameJob(
        _ drop: PlaceDrop, _ other: PlaceDrop, _ exemption: AnalysisParameters.Exemption
    ) -> Bool {
        drop.unloadStart.seconds(since: other.unloadStart).magnitude <= exemption.days * 86_400
            && drop.coordinate.distanceMetres(to: other.coordinate) <= exemption.radius
    }
}

// MARK: - In words

extension SmallJob {
    fileprivate static let parameterPrefix = "exempt_"

    /// What is exempt, by the names and in the units that the judgement shows it with; empty: nothing is.
    static func parameters(of cargo: Cargo?, _ parameters: AnalysisParameters) -> [String: Double] {
        guard let cargo, Self.limit(of: cargo, parameters) != nil else { return [:] }
        let exemption = parameters.exemption
        let shared = ["exempt_radius_m": exemption.radius, "exempt_days": exemption.days]
        return switch cargo {
        case .concrete: shared.merging(["exempt_m3": exemption.concreteVolume]) { $1 }
        case .mortar: shared.merging(["exempt_t": exemption.mortarTonnes]) { $1 }
        }
    }

    /// How much came there, and what is exempt.
    func statement(at place: Coordinate, _ parameters: AnalysisParameters) -> Statement {
        let exemption = parameters.exemption
        let (spot, reach) = (Wording.coordinate(place), Wording.metres(exemption.radius))
        let days = Wording.number(exemption.days)
        let (first, last) = (Wording.time(self.first), Wording.time(self.last))
        let amount = self.amount(parameters)
        if self.isReached {
            return Statement(
                zh:
                    "\(spot) 周围 \(reach.zh)内、前后各 \(days) 天，自 \(first) 起到 \(last) 的第 \(self.loads) 车，已知运到"
                    + "\(amount.zh)，达到零星工程豁免的 \(amount.limit) 上限，不在豁免之内。",
                en:
                    "Within \(reach.en) of \(spot) and \(days) days before and after, \(amount.en) came in \(self.loads) loads "
                    + "from \(first) to \(last): small jobs are exempt below \(amount.limit), and this is none.")
        }
        return Statement(
            zh:
                "\(spot) 周围 \(reach.zh)内、前后各 \(days) 天，自 \(first) 起到 \(last)，已知共 \(self.loads) 车、\(amount.zh)，"
                + "不足零星工程豁免的 \(amount.limit) 上限。",
            en:
                "Within \(reach.en) of \(spot) and \(days) days before and after, \(amount.en) are known to have come in "
                + "\(self.loads) loads from \(first) to \(last): below the \(amount.limit) up to which small jobs are exempt."
        )
    }

    /// How surely it is counted; `nil` where every volume stands on a note.
    func estimates(_ parameters: AnalysisParameters) -> Statement? {
        guard self.estimatedLoads + self.unknownLoads > 0 else { return nil }
        let each = Wording.cubicMetres(max(0, parameters.exemption.loadVolume))
        return Statement(
            zh:
                "其中 \(self.estimatedLoads) 车没有发货单方量，按搅拌筒容量计；\(self.unknownLoads) 车方量未知，每车按 \(each) 立方米计。",
            en: "\(self.estimatedLoads) of the loads have no volume on a note and count with the drum's; "
                + "\(self.unknownLoads) of unknown volume count with \(each) m³ each.")
    }

    private func amount(_ parameters: AnalysisParameters) -> (zh: String, en: String, limit: String) {
        let volume = Wording.cubicMetres(self.cubicMetres)
        let exemption = parameters.exemption
        switch self.cargo {
        case .concrete:
            let limit = Wording.number(exemption.concreteVolume) + " m³"
            return ("混凝土 \(volume) 立方米", "\(volume) m³ of concrete", limit)
        case .mortar:
            let density = parameters.volumes.mortarDensity
            let (mass, factor) = (Wording.number(self.cubicMetres * density), Wording.decimal(density, digits: 2))
            let limit = Wording.number(exemption.mortarTonnes) + " t"
            return (
                "砂浆 \(mass) 吨（\(volume) 立方米 × \(factor)）", "\(mass) t of mortar (\(volume) m³ × \(factor))", limit
            )
        }
    }
}
