package import Geodesy

/// How to read one terminal, where its dialect leaves it open. `nil` is the dialect's own default.
package struct DeviceSettings: Hashable, Sendable {
    /// What the drum does while the terminal says "forward" (正转). Vendors differ, so it is never assumed.
    package enum DrumForward: Hashable, Sendable {
        case mixes, discharges
    }

    package var drumForward: DrumForward?
    /// The channel of the right blind-spot camera, from 1.
    package var rightCameraChannel: Int?
    /// The system of coordinates in reports that name none.
    package var coordinates: CoordinateSystem?

    package init(
        drumForward: DrumForward? = nil, rightCameraChannel: Int? = nil, coordinates: CoordinateSystem? = nil
    ) {
        self.drumForward = drumForward
        self.rightCameraChannel = rightCameraChannel
        self.coordinates = coordinates
    }
}

/// The settings of all terminals that have some. Names match exactly; phone numbers also without their leading zeros,
/// and the exact match wins.
package struct DeviceDirectory: Sendable {
    private let byName: [String: DeviceSettings]
    private let byPhone: [String: DeviceSettings]
    /// Whether any terminal's coordinates are not WGS-84: most fleets need no look-up for a native report.
    private let hasShiftedTerminals: Bool

    package static let empty = DeviceDirectory([])

    /// Of two rows for one name the later counts.
    package init(_ rows: [(terminal: String, settings: DeviceSettings)]) {
        var byName: [String: DeviceSettings] = [:]
        var byPhone: [String: DeviceSettings] = [:]
        for row in rows {
            byName[row.terminal] = row.settings
            let name = Array(row.terminal.utf8)
            if let phone = TerminalID(phone: name.span) { byPhone[phone.text] = row.settings }
        }
        self.byName = byName
        self.byPhone = byPhone
        self.hasShiftedTerminals = rows.contains { ($0.settings.coordinates ?? .wgs84) != .wgs84 }
    }

    package func settings(of terminal: TerminalID) -> DeviceSettings {
        if let exact = self.byName[terminal.text] { return exact }
        guard !self.byPhone.isEmpty else { return DeviceSettings() }
        let name = Array(terminal.text.utf8)
        return TerminalID(phone: name.span).flatMap { self.byPhone[$0.text] } ?? DeviceSettings()
    }

    /// The system in which a native report of this terminal is, where it names none.
    func coordinates(of terminal: TerminalID) -> CoordinateSystem {
        self.hasShiftedTerminals ? self.settings(of: terminal).coordinates ?? .wgs84 : .wgs84
    }
}
