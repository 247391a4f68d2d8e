/// For how long a drum turned which way while the truck drove, since its track began.
package struct DrumTurns: Codable, Hashable, Sendable {
    package private(set) var forwardSeconds = 0.0
    package private(set) var backSeconds = 0.0

    package init() {}

    /// Takes in a step of which the fix before says how the drum turned, if the truck drove.
    mutating func add(_ step: Track.Step, _ parameters: AnalysisParameters) {
        guard let drum = step.previous?.drum, !step.isSleep, step.seconds > 0,
            step.displacement * 3.6 >= parameters.visits.creepingSpeed * step.seconds
        else { return }
        let held = min(step.seconds, parameters.evidence.drumHold)
        let least = -parameters.evidence.dischargeSpeed * 10
        if Double(drum) >= least { self.forwardSeconds += held }
        if Double(drum) <= -least { self.backSeconds += held }
    }

    /// What came since an earlier reading.
    package func since(_ earlier: DrumTurns) -> DrumTurns {
        var turns = self
        turns.forwardSeconds -= earlier.forwardSeconds
        turns.backSeconds -= earlier.backSeconds
        return turns
    }
}
