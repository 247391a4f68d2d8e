package import Chronology
import Registers

/// A line of the work list: a truck whose right blind-spot camera is not known to be ok.
package struct CameraToMend: Hashable, Sendable {
    /// What the log says last of a terminal's camera.
    package struct LastWord: Hashable, Sendable {
        package var terminal: String
        /// The last report that names the camera, and since when it has said nothing but faults; `nil`: it never spoke.
        package var word: CameraCondition?
        package var heardAt: Instant?
        package var faultySince: Instant?
        /// The truck's newest position, and its first.
        package var positionAt: Instant?
        package var firstPositionAt: Instant?

        package init(
            terminal: String, word: CameraCondition?, heardAt: Instant?, faultySince: Instant?, positionAt: Instant?,
            firstPositionAt: Instant?
        ) {
            self.terminal = terminal
            self.word = word
            self.heardAt = heardAt
            self.faultySince = faultySince
            self.positionAt = positionAt
            self.firstPositionAt = firstPositionAt
        }
    }

    package var plate: String?
    package var terminal: String
    package var company: String?
    package var district: String?
    package var condition: CameraCondition
    /// Since when it has been so: the age of the fault.
    package var since: Instant
    package var heardAt: Instant?

    /// Whole days up to `now`.
    package func ageDays(at now: Instant) -> Int { max(0, Int(now.seconds(since: self.since) / 86_400)) }

    /// The list, the oldest fault first. A truck without a camera by the register has nothing to mend; one that stands
    /// is judged by its last word, and only one that goes on reporting without a word of its camera is unknown.
    package static func list(
        _ words: some Sequence<LastWord>, roster: SafetyRoster, parameters: SafetyParameters.Cameras = .init()
    ) -> [CameraToMend] {
        words.compactMap { word in Self.entry(of: word, roster, parameters) }
            .sorted { ($0.since, $0.terminal) < ($1.since, $1.terminal) }
    }

    private static func entry(
        of word: LastWord, _ roster: SafetyRoster, _ parameters: SafetyParameters.Cameras
    ) -> CameraToMend? {
        guard let seen = [word.positionAt, word.heardAt].compactMap({ $0 }).max() else { return nil }
        let vehicle = roster.vehicle(terminal: word.terminal, on: seen.date(at: .shanghai))
        guard vehicle?.blindSpotCamera != false, let state = Self.state(of: word, parameters) else { return nil }
        return CameraToMend(
            plate: vehicle?.plate, terminal: word.terminal, company: vehicle?.company,
            district: roster.district(ofCompany: vehicle?.company), condition: state.condition, since: state.since,
            heardAt: word.heardAt)
    }

    private static func state(
        of word: LastWord, _ parameters: SafetyParameters.Cameras
    ) -> (condition: CameraCondition, since: Instant)? {
        guard let said = word.word, let heardAt = word.heardAt else {
            return word.firstPositionAt.map { (.unknown, $0) }
        }
        if said != .ok { return (said, word.faultySince ?? heardAt) }
        let limit = heardAt.advanced(bySeconds: parameters.silenceLimit)
        guard let positionAt = word.positionAt, positionAt > limit else { return nil }
        return (.unknown, limit)
    }
}
