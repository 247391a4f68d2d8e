import Tracks

/// Whether a truck's drum sensor tells which way the drum turns. One that is mounted the wrong way round shows a
/// discharge while the truck is loaded and on the way to its site, and none where it pours: its direction is no
/// evidence until a load shows it right again.
struct DrumSense: Codable, Hashable, Sendable {
    private(set) var isInverted = false
    /// How the drum had turned when the truck left a plant; `nil`: it has been at a site since, and may be empty.
    private var atPlant: DrumTurns?
    /// At that plant it turned back as fast as drums turn to be loaded, and hardly forward.
    private var isReversedAtPlant = false

    /// Takes in the next stop that is over. No drum turns back on the way without losing what is in it; that it did so
    /// fast at the plant, too, was a load and no wash-out.
    ///
    /// - Parameter turns: how the drum turned on the way up to the end of the stop.
    mutating func take(_ stop: Stop, turns: DrumTurns, _ parameters: AnalysisParameters.Evidence) {
        let evidence = stop.evidence
        if stop.isVisit, stop.place?.kind == .plant {
            let (forward, back) = (evidence.forwardSeconds ?? 0, evidence.fastReverseSeconds ?? 0)
            self.isReversedAtPlant = back >= parameters.loadingSeconds && forward < back / 4
            if evidence.loadingSeconds >= max(parameters.loadingSeconds, back) { self.isInverted = false }
            self.atPlant = turns
        } else if let atPlant = self.atPlant {
            let way = turns.since(atPlant)
            let needed = self.isReversedAtPlant ? parameters.carryingSeconds / 3 : parameters.carryingSeconds
            if way.backSeconds >= needed, way.backSeconds > 2 * way.forwardSeconds {
                self.isInverted = true
            } else if way.forwardSeconds >= parameters.carryingSeconds, way.forwardSeconds > 2 * way.backSeconds {
                self.isInverted = false
            }
            if stop.isVisit, stop.place?.kind == .site { self.atPlant = nil }
        }
    }

    /// The stop with what the drum said, if that is evidence.
    func reading(_ stop: Stop) -> Stop {
        guard self.isInverted, stop.evidence.drumKnownSeconds > 0 else { return stop }
        var stop = stop
        stop.evidence = stop.evidence.withoutDirection
        return stop
    }
}
