import Console
import Foundation
import IngestionPipeline
import MQTTClient

/// The configuration, read once at the start and handed on as small values.
struct ServiceConfiguration: Sendable {
    var databaseURL: String
    var mqtt: MQTTSettings
    var topics: [String]
    var lane: String
    var limits: LaneStateMachine.Limits
    var checkpointHours: Int
    var web: ConsoleConfiguration
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
        self.topics = try reader.string(.mqttTopics).split(separator: ",")
            .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        guard !self.topics.isEmpty else {
            throw Failure.configuration("mqtt.topics: at least one topic filter is needed")
        }
        self.lane = try reader.string(.ingestionLane)
        self.limits = LaneStateMachine.Limits()
        self.limits.messages = try reader.integer(.ingestionBatchMessages, in: 1...50_000)
        self.limits.idleMilliseconds = try reader.integer(.ingestionBatchIdleMilliseconds, in: 1...1000)
        self.limits.ageMilliseconds = try reader.integer(.ingestionBatchAgeMilliseconds, in: 1...10_000)
        self.checkpointHours = try reader.integer(.analysisCheckpointHours, in: 1...168)
        self.web = ConsoleConfiguration(
            host: try reader.string(.webHost), port: try reader.integer(.webPort, in: 0...65535),
            leafletDirectory: try reader.string(.webLeafletDirectory), tileURL: try reader.optionalString(.webTileURL),
            tileAttribution: try reader.string(.webTileAttribution))
        self.logLevel = try reader.string(.logLevel)
        try self.readTLS(reader)
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
