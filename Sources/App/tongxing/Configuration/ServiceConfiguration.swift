import Chronology
import Console
import Foundation
import IngestionPipeline
import Logging
import MQTTClient
import Safety
import Telemetry
import Tracks

/// The configuration, read once at the start and handed on as small values.
struct ServiceConfiguration: Sendable {
    /// The file that was read, as an absolute path; nil when there is none.
    var file: String?
    var databaseURL: String
    var mqtt: MQTTSettings
    /// At least one.
    var lanes: [LaneConfiguration]
    var limits: LaneStateMachine.Limits
    /// Bounds on what a terminal's clock may say.
    var validation: ValidationLimits
    /// How long reports and originals are kept, from their receipt; `nil` is for ever.
    var retentionMonths: Int?
    var checkpointHours: Int
    /// The thresholds of the analysis.
    var parameters: AnalysisParameters
    /// Those of the safety figures.
    var safetyRules: SafetyRules
    var web: ConsoleConfiguration
    /// Whether `/metrics` has a series for each terminal.
    var metricsNameTerminals: Bool
    /// The Ed25519 key by which evidence packages are signed; `nil`: one in the folder of the program's state.
    var signingKeyFile: String?
    /// Prints the report of an evidence package.
    var printer: PagePrinter
    var access: AccessConfiguration
    var notices: NoticeConfiguration
    var reports: ReportConfiguration
    var logLevel: String

    /// The settings of a publisher or an observer: the same broker under another client id.
    func mqtt(clientID: String) -> MQTTSettings {
        var settings = self.mqtt
        settings.clientID = clientID
        return settings
    }

    init(_ reader: SettingsReader) throws {
        self.databaseURL = try reader.string(.databaseURL)
        self.mqtt = try Self.broker(reader)
        self.lanes = try Self.lanes(reader, clientID: self.mqtt.clientID)
        self.limits = LaneStateMachine.Limits()
        self.limits.messages = try reader.integer(.ingestionBatchMessages, in: 1...50_000)
        self.limits.idleMilliseconds = try reader.integer(.ingestionBatchIdleMilliseconds, in: 1...1000)
        self.limits.ageMilliseconds = try reader.integer(.ingestionBatchAgeMilliseconds, in: 1...10_000)
        self.validation = try Self.clock(reader)
        self.retentionMonths =
            try reader.optionalString(.ingestionRetentionMonths) == nil
            ? nil : reader.integer(.ingestionRetentionMonths, in: 1...1200)
        self.checkpointHours = try reader.integer(.analysisCheckpointHours, in: 1...168)
        self.parameters = try ParameterOverrides.applied(
            reader.parameters[ParameterOverrides.analysis] ?? [:], to: AnalysisParameters.standard,
            under: ParameterOverrides.analysis)
        self.safetyRules = try ParameterOverrides.safetyRules(
            reader.parameters[ParameterOverrides.safety] ?? [:], self.parameters)
        self.web = ConsoleConfiguration(
            host: try reader.string(.webHost), port: try reader.integer(.webPort, in: 0...65535),
            leafletDirectory: try reader.string(.webLeafletDirectory), tileURL: try reader.optionalString(.webTileURL),
            tileAttribution: try reader.string(.webTileAttribution),
            allowedHosts: try Self.list(reader, .webAllowedHosts))
        self.metricsNameTerminals = try Self.metricsNameTerminals(reader)
        self.web.cameraHoldSeconds = self.parameters.driving.cameraHold
        self.signingKeyFile = try reader.optionalString(.evidenceSigningKeyFile)
        self.printer = try Self.printer(reader)
        self.access = try AccessConfiguration(reader)
        self.web.isBehindTLS = self.access.isBehindTLS
        self.notices = try NoticeConfiguration(reader)
        self.reports = try ReportConfiguration(reader)
        self.logLevel = try reader.string(.logLevel)
        guard Logger.Level(rawValue: self.logLevel) != nil else { throw Logs.unknownLevel(self.logLevel) }
        try self.readTLS(reader)
    }

    private static func printer(_ reader: SettingsReader) throws -> PagePrinter {
        let renderer: PagePrinter.Renderer =
            switch try reader.optionalString(.evidenceRenderer) {
            case nil: .installed
            case "none"?: .none
            case let path?: .program(path)
            }
        return PagePrinter(renderer, seconds: try reader.integer(.evidencePrintSeconds, in: 1...600))
    }

    private static func metricsNameTerminals(_ reader: SettingsReader) throws -> Bool {
        switch try reader.string(.webMetrics) {
        case "totals": return false
        case "terminals": return true
        case let text:
            throw Failure.configuration(
                "web.metrics: 应为 totals 或 terminals / must be totals or terminals, not '\(text)'")
        }
    }

    private static func clock(_ reader: SettingsReader) throws -> ValidationLimits {
        let text = try reader.string(.ingestionClockEarliest)
        // Nothing since 2000 is refused for its age.
        let latest = ValidationLimits.standard.earliest
        guard let earliest = Instant(rfc3339: text), earliest <= latest else {
            throw Failure.configuration(
                "ingestion.clock.earliest: must be a time like \(latest), and none after it, not '\(text)'")
        }
        return ValidationLimits(
            earliest: earliest,
            secondsAheadOfServer: Double(try reader.integer(.ingestionClockSecondsAhead, in: 0...31_536_000)),
            zoneToleranceSeconds: Double(try reader.integer(.ingestionClockZoneToleranceSeconds, in: 0...3600)),
            rolloverToleranceSeconds: Double(try reader.integer(.ingestionClockRolloverToleranceHours, in: 0...720))
                * 3600)
    }

    private static func lanes(_ reader: SettingsReader, clientID: String) throws -> [LaneConfiguration] {
        if let text = try reader.optionalString(.ingestionLanes) {
            let lanes = try LaneConfiguration.list(text, clientIDPrefix: clientID)
            if !lanes.isEmpty { return lanes }
        }
        let topics = try Self.list(reader, .mqttTopics)
        guard !topics.isEmpty else {
            throw Failure.configuration("mqtt.topics: at least one topic filter is needed")
        }
        let lane = LaneConfiguration(name: try reader.string(.ingestionLane), clientID: clientID, topics: topics)
        try LaneConfiguration.check([lane])
        return [lane]
    }

    /// What stands between the commas.
    private static func list(_ reader: SettingsReader, _ setting: Setting) throws -> [String] {
        try reader.string(setting).split(separator: ",")
            .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    private static func broker(_ reader: SettingsReader) throws -> MQTTSettings {
        var mqtt: MQTTSettings
        do {
            mqtt = try MQTTSettings(url: reader.string(.mqttURL), clientID: reader.string(.mqttClientID))
        } catch let error as MQTTError {
            throw Failure.configuration("mqtt.url: \(error.message)")
        }
        if let username = try reader.optionalString(.mqttUsername) { mqtt.username = username }
        if let password = try reader.optionalString(.mqttPassword) { mqtt.password = password }
        let version = try reader.string(.mqttProtocol)
        guard let protocolVersion = MQTTSettings.ProtocolVersion(rawValue: version) else {
            throw Failure.configuration("mqtt.protocol: must be 3.1.1 or 5, not '\(version)'")
        }
        mqtt.version = protocolVersion
        mqtt.keepAliveSeconds = try reader.integer(.mqttKeepAliveSeconds, in: 10...65535)
        mqtt.sessionExpirySeconds = UInt32(try reader.integer(.mqttSessionExpirySeconds, in: 60...4_294_967_294))
        mqtt.receiveMaximum = try reader.integer(.mqttReceiveMaximum, in: 20...65535)
        return mqtt
    }

    private mutating func readTLS(_ reader: SettingsReader) throws {
        let authority = try reader.optionalString(.mqttTLSAuthorityFile)
        let certificate = try reader.optionalString(.mqttTLSCertificateFile)
        let key = try reader.optionalString(.mqttTLSKeyFile)
        guard self.mqtt.tls != nil || authority != nil else { return }
        for (file, name) in [(authority, "authorityFile"), (certificate, "certificateFile"), (key, "keyFile")] {
            if let file, !FileManager.default.isReadableFile(atPath: file) {
                throw Failure.configuration("mqtt.tls.\(name): cannot read \(file)")
            }
        }
        self.mqtt.tls = .init(authorityFile: authority, certificateFile: certificate, keyFile: key)
    }
}

extension ServiceConfiguration: CustomStringConvertible, CustomReflectable {
    /// The file alone: whatever prints a value whole must not print passwords and secrets.
    var description: String { "ServiceConfiguration(\(self.file ?? "–"))" }

    var customMirror: Mirror { Mirror(self, children: ["file": self.file as Any]) }
}
