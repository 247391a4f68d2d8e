import Chronology
import Geodesy
import Registers
import Telemetry

/// How the raw messages are read: the bounds, and the settings that a register gave the terminal. Kept in the package,
/// so that the same bytes give the same table anywhere.
struct DecodingRules: Codable, Hashable {
    /// One row of the register of terminals.
    struct Device: Codable, Hashable {
        /// The register's entry, by which `raw/messages.csv` names it.
        var entry: Int64
        var terminal: String
        var drumForward: TerminalSettings.DrumForward?
        var rightCameraChannel: Int?
        var coordinates: CoordinateSystem?
    }

    /// RFC 3339.
    var earliest: String
    var secondsAheadOfServer: Double
    var reportsPerMessage: Int
    var payloadBytes: Int
    var camerasPerReport: Int
    var devices: [Device]

    init(_ limits: ValidationLimits, devices: [EvidenceRegisterRow]) {
        self.earliest = limits.earliest.description
        self.secondsAheadOfServer = limits.secondsAheadOfServer
        self.reportsPerMessage = limits.reportsPerMessage
        self.payloadBytes = limits.payloadBytes
        self.camerasPerReport = limits.camerasPerReport
        self.devices = devices.compactMap { row in
            guard case .terminal(let settings) = row.record else { return nil }
            return Device(
                entry: row.entry, terminal: settings.terminal, drumForward: settings.drumForward,
                rightCameraChannel: settings.rightCameraChannel, coordinates: settings.coordinates)
        }
    }

    /// By entry of the register; 0 is the dialects' own defaults. `nil` for bounds that are none.
    func decoders() -> [Int64: MessageDecoder]? {
        guard let earliest = Instant(rfc3339: self.earliest), self.secondsAheadOfServer.isFinite,
            (1...1_000_000).contains(self.reportsPerMessage), (1...1 << 30).contains(self.payloadBytes),
            (1...1_000_000).contains(self.camerasPerReport)
        else { return nil }
        let limits = ValidationLimits(
            earliest: earliest, secondsAheadOfServer: self.secondsAheadOfServer,
            reportsPerMessage: self.reportsPerMessage, payloadBytes: self.payloadBytes,
            camerasPerReport: self.camerasPerReport)
        var decoders: [Int64: MessageDecoder] = [0: MessageDecoder(limits: limits)]
        for device in self.devices {
            let forward: DeviceSettings.DrumForward? = device.drumForward.map { $0 == .mixes ? .mixes : .discharges }
            let settings = DeviceSettings(
                drumForward: forward, rightCameraChannel: device.rightCameraChannel, coordinates: device.coordinates)
            decoders[device.entry] = MessageDecoder(
                limits: limits, devices: DeviceDirectory([(terminal: device.terminal, settings: settings)]))
        }
        return decoders
    }
}
