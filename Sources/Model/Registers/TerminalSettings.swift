package import Geodesy

/// One row of the register of terminals: how to read what this device says. `nil` is the dialect's own default.
package struct TerminalSettings: Hashable, Sendable, Codable {
    /// What the drum does while the device says "forward" (正转). Vendors differ, so it is never assumed.
    package enum DrumForward: String, Sendable, Codable, CaseIterable {
        /// Forward mixes or takes a load; reverse discharges.
        case mixes
        /// Forward discharges; reverse mixes or takes a load.
        case discharges
    }

    /// The terminal's name as registered; compare with `TerminalNames`.
    package var terminal: String
    /// The dialect's name, for example `native` or `jt808`; free text, because dialects are added as files.
    package var dialect: String?
    package var drumForward: DrumForward?
    /// The channel to which the right blind-spot camera is wired, from 1.
    package var rightCameraChannel: Int?
    /// The system that the device's coordinates are in.
    package var coordinates: CoordinateSystem?

    package init(
        terminal: String, dialect: String? = nil, drumForward: DrumForward? = nil, rightCameraChannel: Int? = nil,
        coordinates: CoordinateSystem? = nil
    ) {
        self.terminal = terminal
        self.dialect = dialect
        self.drumForward = drumForward
        self.rightCameraChannel = rightCameraChannel
        self.coordinates = coordinates
    }
}
