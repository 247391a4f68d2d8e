import Chronology
import Registers
import Tracks

/// Which truck it is that a stop, a load or a drop is of: a terminal can come to another one in the middle of a cycle,
/// and a row of the register can end there.
extension CycleReader {
    /// What the truck that carried the terminal then is built to carry; one that no register knows is taken for a
    /// mixer.
    func kind(at instant: Instant) -> Vehicle.Kind { self.trucks.kind(at: instant) ?? .mixer }

    /// The same of the truck that left with this load, and unloads it, whatever a row says meanwhile.
    func kind(of load: CycleState.Load) -> Vehicle.Kind { self.kind(at: load.period?.end ?? load.key) }

    /// The same of the truck with what is on it now; `nil`: nothing is.
    var carrying: Vehicle.Kind? { self.state.isLoaded ? self.state.load.map(self.kind(of:)) : nil }

    /// Whether the terminal is still where it was on the truck that carried it before `change`.
    func isAtStop(before change: Instant) -> Bool { self.stops.contains { $0.isOpen && $0.start < change } }

    /// What a truck is like at its first stop, when the terminal has come to it from one of another kind at `change`:
    /// it knows of no load, no drop and no place of that one.
    func another(since change: Instant, at stop: Stop) -> CycleState {
        // In the dark it may have been loaded; else it drove on in sight, and is as empty as the register says.
        let isUnseen = self.gaps.contains { gap in
            gap.start < change && change < gap.end && gap.seconds >= self.cycles.darkLoadSeconds
        }
        var state = CycleState(since: stop.start)
        state.coveredSince = stop.coveredAtStart
        state.wasEmpty = !isUnseen && (self.state.wasEmpty || self.state.load != nil)
        state.truckSince = change
        return state
    }
}
