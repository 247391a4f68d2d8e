package import Chronology
package import Deliveries
import Geodesy
import Registers
import Telemetry
package import Tracks

/// What a terminal's reports show of whose they are, as it watches them.
struct IntegrityWatch: Codable, Hashable, Sendable {
    var split = StreamSplitWatch()
    var darkness = DarkSpellWatch()
    /// When the spell that goes on was last compared with the neighbours.
    var darknessAskedAt: Instant?
    /// Reports in a row that were too far from the plate's other terminal.
    var conflicts = 0
    var cleaner = TrackCleaner()
    var prints = TrackPrintWatch()
    /// Prints that nobody has compared with earlier days yet.
    var fresh: [TrackPrint] = []

    /// Prints that wait at most.
    static let printLimit = 4096
}

/// 一机两地、套牌, 疑似屏蔽 and 轨迹重放 while they happen. What they need from elsewhere is asked for (`darkSpell`,
/// `takePrints`) and given in a second step.
extension VehicleAlerts {
    /// Where the terminal was last believed to be.
    package var sighting: Sighting? {
        self.integrity.cleaner.last.map {
            Sighting(terminal: self.terminal, time: $0.time, coordinate: $0.coordinate)
        }
    }

    mutating func integrityAlerts(_ report: PositionReport, _ surroundings: AlertSurroundings) -> [VehicleAlert.Change]
    {
        let (world, time) = (surroundings.world, report.recordedAt)
        let split = self.integrity.split.take(report, world.parameters)
        self.integrity.darkness.take(report, world.parameters)
        var changes: [VehicleAlert.Change] = []
        if self.integrity.darkness.spell == nil {
            self.integrity.darknessAskedAt = nil
            changes += self.close(.jamming, at: time)
        }
        var facts = IdentityFacts.stream(self.terminal, split)
        switch self.integrity.cleaner.take(report, world.parameters.cleaning) {
        case .accepted(let fix), .restarted(let fix):
            if let print = self.integrity.prints.take(fix, world.parameters),
                self.integrity.fresh.count < IntegrityWatch.printLimit
            {
                self.integrity.fresh.append(print)
            }
            if let twin = surroundings.twin {
                let own = Sighting(terminal: self.terminal, time: fix.time, coordinate: fix.coordinate)
                self.count(own, twin, world.parameters)
                if self.integrity.conflicts > 0 {
                    let plate = world.vehicle(self.terminal, at: time)?.plate ?? self.terminal.text
                    facts = .plate(plate, own, twin, conflicts: self.integrity.conflicts)
                }
            }
        case .withoutFix, .frozen, .spike, .notLater:
            // What was seen of the plate's other terminal holds until the next position.
            if self.integrity.conflicts > 0 { return changes }
        }
        return changes + self.tell(ClonedIdentity(), facts, since: time, at: time, report.coordinate, in: world)
    }

    private mutating func count(_ own: Sighting, _ twin: Sighting, _ parameters: AnalysisParameters) {
        let seconds = own.time.seconds(since: twin.time).magnitude
        // A twin that is not heard of says nothing for or against.
        guard seconds <= parameters.integrity.cloneSeconds else { return }
        let metres = own.coordinate.nearbyMetres(to: twin.coordinate)
        let isApart =
            metres >= parameters.integrity.cloneMetres
            && metres > seconds * parameters.cleaning.maximumSpeed / 3.6
        self.integrity.conflicts = isApart ? min(self.integrity.conflicts + 1, 100_000) : 0
    }

    /// The spell without satellites that is to be compared with the neighbours now: once it is long enough, and again
    /// each time that it has lasted so long again.
    package mutating func takeDarkSpell(_ parameters: AnalysisParameters) -> DarkSpell? {
        let rules = parameters.integrity
        guard let spell = self.integrity.darkness.spell, spell.seconds >= rules.jamSeconds,
            spell.end.seconds(since: self.integrity.darknessAskedAt ?? .distantPast) >= rules.jamSeconds
        else { return nil }
        self.integrity.darknessAskedAt = spell.end
        return spell
    }

    /// Judges a spell by the neighbours.
    package mutating func take(
        _ spell: DarkSpell, _ neighbours: Neighbours, in world: World
    ) -> [VehicleAlert.Change] {
        // Only a satellite ends it.
        self.tell(
            Jamming(), JammingFacts(terminal: self.terminal, spell: spell, neighbours: neighbours), since: spell.end,
            at: spell.end, spell.coordinate, in: world, keepsUnlessHit: true)
    }

    /// The prints that came since they were last asked for.
    package mutating func takePrints() -> [TrackPrint] {
        defer { self.integrity.fresh = [] }
        return self.integrity.fresh
    }

    /// Judges a stretch by one of an earlier day.
    package mutating func take(_ track: [Fix], like earlier: [Fix], in world: World) -> [VehicleAlert.Change] {
        guard let last = track.last else { return [] }
        return self.tell(
            ReplayedTrack(), ReplayFacts(terminal: self.terminal, track: track, earlier: earlier), since: last.time,
            at: last.time, last.coordinate, in: world)
    }

    /// A print that no earlier day has: what is driven now is driven for the first time.
    package mutating func noteFreshTrack(at time: Instant) -> [VehicleAlert.Change] {
        self.close(.replayedTrack, at: time)
    }
}
