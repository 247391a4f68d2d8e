import Chronology
import CitySimulator
import Deliveries
import Geodesy
import Registers
import Safety
import Suspicions
import Telemetry
import Tracks

/// The alerts of every terminal of a city, followed in the order of arrival as the service follows them, with the
/// neighbours and the earlier days that it asks the store for.
struct StreamAlerts {
    private let world: World
    private let cameras: SafetyParameters.Cameras
    private let zones: [Zone]
    private let notes: [String: [Ticket]]
    private let plantNotes: [String: [Instant]]
    private var streams: [TerminalID: Stream] = [:]
    private var tickedAt = Instant.distantPast
    private(set) var found: [FoundAlert] = []

    /// One terminal's state, and what it has said.
    private struct Stream {
        var alerts: VehicleAlerts
        var camera: CameraWatch
        var fold: VehicleFold
        var reports: [PositionReport] = []
        /// When a print was last made.
        var prints: [Int64: [Instant]] = [:]

        init(_ terminal: TerminalID) {
            self.alerts = VehicleAlerts(terminal: terminal)
            self.camera = CameraWatch(terminal: terminal)
            self.fold = VehicleFold(terminal: terminal)
        }
    }

    init(_ city: SimulatedCity, parameters: AnalysisParameters = .standard) {
        self.world = World(registers: city.registers, parameters: parameters)
        self.cameras = SafetyRules(parameters).parameters.cameras
        self.zones = city.zones
        let tickets = (0..<(city.plan.days ?? 1)).flatMap { city.tickets(ofDay: $0) }
        self.notes = Dictionary(grouping: tickets, by: \.plate)
        self.plantNotes = Dictionary(grouping: tickets, by: \.plantID).mapValues { $0.map(\.issuedAt) }
        self.follow(city.traffic())
    }

    /// Seconds between two looks at the clock for those that fall silent.
    private static let tick = 60.0

    private mutating func follow(_ traffic: CityTraffic) {
        let decoder = MessageDecoder()
        var message = DecodedMessage()
        for sent in traffic {
            message.reset()
            decoder.decode(
                topic: Array(sent.topic.utf8).span, payload: sent.payload.span, receivedAt: sent.sent, into: &message)
            self.look(at: sent.sent)
            guard let terminal = message.terminal else { continue }
            self.take(message, of: terminal, receivedAt: sent.sent)
        }
        for stream in self.streams.values { for alert in stream.alerts.standing { self.note(alert) } }
    }

    /// The server's clock is that of the sending.
    private mutating func look(at now: Instant) {
        guard now.seconds(since: self.tickedAt) >= Self.tick else { return }
        self.tickedAt = now
        let surroundings = AlertSurroundings(world: self.world, zones: self.zones)
        for terminal in self.streams.keys {
            let changes = self.streams[terminal]?.alerts.tick(at: now, in: surroundings) ?? []
            self.note(changes)
        }
    }

    private mutating func take(_ message: DecodedMessage, of terminal: TerminalID, receivedAt: Instant) {
        var stream = self.streams.removeValue(forKey: terminal) ?? Stream(terminal)
        for report in message.cameras { self.note(stream.camera.take(report, self.cameras)) }
        for report in message.positions {
            _ = stream.fold.take(report, receivedAt: receivedAt, in: self.world)
            if stream.alerts.time.map({ report.recordedAt > $0 }) ?? true { stream.reports.append(report) }
            let cargo = stream.fold.cargo(in: self.world)
            var surroundings = AlertSurroundings(world: self.world, zones: self.zones)
            surroundings.take(cargo, self.notes(of: cargo, terminal, at: report.recordedAt), at: report.recordedAt)
            self.note(stream.alerts.take(report, receivedAt: receivedAt, in: surroundings))
            if let spell = stream.alerts.takeDarkSpell(self.world.parameters) {
                self.note(stream.alerts.take(spell, self.neighbours(around: spell), in: self.world))
            }
            self.note(stream.camera.take(report, self.cameras, self.world.parameters))
        }
        self.compare(&stream)
        stream.camera.forgetDays()
        self.streams[terminal] = stream
    }

    /// What the service reads of notes for a load.
    private func notes(of cargo: Cargo?, _ terminal: TerminalID, at time: Instant) -> LoadNotes {
        guard let plant = cargo?.plantID else { return LoadNotes() }
        let own = self.notes[self.plate(terminal, at: time)] ?? []
        return LoadNotes(
            own: own.filter { $0.plantID == plant }.map(\.issuedAt), ofPlant: self.plantNotes[plant] ?? [])
    }

    /// Prints that an earlier day had, too.
    private mutating func compare(_ stream: inout Stream) {
        for print in stream.alerts.takePrints() {
            let day = print.time.date(at: .shanghai)
            let earlier = stream.prints[print.hash]?.last { $0.date(at: .shanghai) < day }
            stream.prints[print.hash, default: []].append(print.time)
            guard let earlier else {
                self.note(stream.alerts.noteFreshTrack(at: print.time))
                continue
            }
            self.note(
                stream.alerts.take(
                    self.fixes(stream.reports, upTo: print.time), like: self.fixes(stream.reports, upTo: earlier),
                    in: self.world))
        }
    }

    private func fixes(_ reports: [PositionReport], upTo end: Instant) -> [Fix] {
        var cleaner = TrackCleaner()
        let start = end.advanced(bySeconds: -1800)
        return reports.filter { $0.recordedAt >= start && $0.recordedAt <= end }.compactMap { report in
            switch cleaner.take(report, self.world.parameters.cleaning) {
            case .accepted(let fix), .restarted(let fix): fix
            case .withoutFix, .frozen, .spike, .notLater: nil
            }
        }
    }

    /// The other terminals that reported around the place where satellites were lost.
    private func neighbours(around spell: DarkSpell) -> Neighbours {
        var neighbours = Neighbours(fixed: 0, dark: 0)
        for stream in self.streams.values {
            let near = stream.reports.reversed().prefix { $0.recordedAt >= spell.start }.filter {
                $0.recordedAt <= spell.end
                    && $0.coordinate.distanceMetres(to: spell.coordinate)
                        < self.world.parameters.integrity.jamRadius
            }
            if near.contains(where: { $0.hasFix && $0.satellites != 0 }) {
                neighbours.fixed += 1
            } else if !near.isEmpty {
                neighbours.dark += 1
            }
        }
        return neighbours
    }
}

extension StreamAlerts {
    private mutating func note(_ changes: [VehicleAlert.Change]) {
        for case .closed(let alert) in changes { self.note(alert) }
    }

    private mutating func note(_ alert: VehicleAlert) {
        self.note(alert.rule.rawValue, alert.terminal, alert.openedAt, alert.closedAt)
    }

    /// What opens is noted, and its end when it closes: a camera's watch does not tell what stands open.
    private mutating func note(_ changes: [CameraAlert.Change]) {
        for change in changes {
            switch change {
            case .opened(let alert): self.note(alert.rule.rawValue, alert.terminal, alert.openedAt, nil)
            case .closed(let alert):
                let plate = self.plate(alert.terminal, at: alert.openedAt)
                let index = self.found.lastIndex {
                    $0.rule == alert.rule.rawValue && $0.plate == plate && $0.from == alert.openedAt
                }
                if let index { self.found[index].to = alert.closedAt }
            }
        }
    }

    private mutating func note(_ rule: String, _ terminal: TerminalID, _ from: Instant, _ to: Instant?) {
        self.found.append(FoundAlert(rule: rule, plate: self.plate(terminal, at: from), from: from, to: to))
    }

    private func plate(_ terminal: TerminalID, at time: Instant) -> String {
        self.world.vehicle(terminal, at: time)?.plate ?? terminal.text
    }
}
