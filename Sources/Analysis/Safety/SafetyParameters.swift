/// Every threshold of the safety figures, by name, with its origin. Seconds, metres and km/h. "Catalogue" is the
/// project's catalogue of rules.
package struct SafetyParameters: Codable, Hashable, Sendable {
    /// Counts every change of a default below.
    package var version = 1
    package var cameras = Cameras()
    package var exposure = Exposure()
    package var quality = Quality()

    package init() {}

    package static let standard = SafetyParameters()

    /// When a camera is what it says it is, and what opens an alert.
    package struct Cameras: Codable, Hashable, Sendable {
        /// The camera that the law asks for.
        package var name = "right_blind_spot"
        /// A new state counts when nothing has contradicted it for so long (catalogue, S01).
        package var hysteresis = 30.0
        /// A camera not heard of for longer is unknown.
        package var silenceLimit = 600.0
        /// Faster is moving (catalogue, S01).
        package var movingSpeed = 5.0
        /// Seconds of moving with a camera that is not ok (catalogue, S01 and S02).
        package var alertSeconds = 120.0
        /// A right turn is seen when the camera was known to be ok from so long before its start …
        package var turnBefore = 10.0
        /// … to so long after its end (catalogue, S03).
        package var turnAfter = 5.0
        /// The highest speed of a right turn (catalogue, S04; 20 and 10 by local rules).
        package var turnSpeed = 30.0
        /// Seconds of driving without any word of the camera (catalogue, S07).
        package var silentDriving = 24 * 3600.0
        /// A word of the camera may come so many seconds after a later position: they are two messages.
        package var wordWait = 5.0
        /// Positions further apart than this say nothing of the time between them.
        package var gap = 300.0
        /// Stretches of moving that wait for the camera's state to settle; beyond it the oldest is settled as it is.
        package var pendingLimit = 256

        /// Seconds before a day in which a word can still hold at its beginning, and what came before that word be
        /// settled: twice the silence limit.
        package var lead: Double { 2 * self.silenceLimit }

        package init() {}
    }

    /// What counts as driven.
    package struct Exposure: Codable, Hashable, Sendable {
        /// Faster is moving.
        package var movingSpeed = 5.0
        /// Two fixes further apart than this in time are a gap: nothing was seen between them.
        package var gap = 300.0
        /// Fixes closer together than this show the receiver's noise rather than a speed, and the reported speed
        /// decides.
        package var shortInterval = 10.0
        /// Between two fixes at least so many metres apart the truck has moved, if it was fast enough.
        package var noise = 15.0
        /// An odometer that asks for more speed was reset or is broken.
        package var maximumSpeed = 160.0
        /// Metres that an odometer may be ahead beyond that: it counts in steps.
        package var odometerStep = 1000.0
        /// The longest gap that a straight line bridges: after a longer one the truck may have been on a lorry.
        package var longestBridge = 6 * 3600.0

        package init() {}
    }

    /// What the joint control assessment (联网联控考核) calls qualified data and a complete track.
    package struct Quality: Codable, Hashable, Sendable {
        /// Faster is no truck, in km/h.
        package var maximumSpeed = 160.0
        /// Degrees around China.
        package var south = 3.0
        package var north = 54.0
        package var west = 73.0
        package var east = 136.0
        /// A segment between fixes that is longer, in metres, is incomplete.
        package var completeMetres = 2000.0
        /// Metres that a standing receiver may wander from fix to fix.
        package var noise = 15.0

        package init() {}
    }
}
