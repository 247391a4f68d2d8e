/// One key of the configuration: its name in the file, its default, and whether it must not be shown. The meaning of
/// each is in `config/tongxing.yaml`; a test compares the two lists.
struct Setting: Sendable {
    var key: String
    var standard: String?
    var isSecret = false

    static let all: [Setting] = [
        .databaseURL, .mqttURL, .mqttUsername, .mqttPassword, .mqttClientID, .mqttProtocol, .mqttKeepAliveSeconds,
        .mqttSessionExpirySeconds, .mqttReceiveMaximum, .mqttTopics, .mqttTLSAuthorityFile, .mqttTLSCertificateFile,
        .mqttTLSKeyFile, .ingestionLane, .ingestionBatchMessages, .ingestionBatchIdleMilliseconds,
        .ingestionBatchAgeMilliseconds, .analysisCheckpointHours, .webHost, .webPort, .webLeafletDirectory, .webTileURL,
        .webTileAttribution, .logLevel,
    ]

    static let databaseURL = Setting(
        key: "database.url", standard: "postgresql://tongxing@127.0.0.1:5432/tongxing", isSecret: true)
    static let mqttURL = Setting(key: "mqtt.url", standard: "mqtt://127.0.0.1:1883", isSecret: true)
    static let mqttUsername = Setting(key: "mqtt.username")
    static let mqttPassword = Setting(key: "mqtt.password", isSecret: true)
    static let mqttClientID = Setting(key: "mqtt.clientID", standard: "tongxing-ingestion")
    static let mqttProtocol = Setting(key: "mqtt.protocol", standard: "5")
    static let mqttKeepAliveSeconds = Setting(key: "mqtt.keepAliveSeconds", standard: "120")
    static let mqttSessionExpirySeconds = Setting(key: "mqtt.sessionExpirySeconds", standard: "604800")
    static let mqttReceiveMaximum = Setting(key: "mqtt.receiveMaximum", standard: "10000")
    static let mqttTopics = Setting(key: "mqtt.topics", standard: "fleet/v1/#,jt808/#")
    static let mqttTLSAuthorityFile = Setting(key: "mqtt.tls.authorityFile")
    static let mqttTLSCertificateFile = Setting(key: "mqtt.tls.certificateFile")
    static let mqttTLSKeyFile = Setting(key: "mqtt.tls.keyFile")
    static let ingestionLane = Setting(key: "ingestion.lane", standard: "main")
    static let ingestionBatchMessages = Setting(key: "ingestion.batchMessages", standard: "5000")
    static let ingestionBatchIdleMilliseconds = Setting(key: "ingestion.batchIdleMilliseconds", standard: "8")
    static let ingestionBatchAgeMilliseconds = Setting(key: "ingestion.batchAgeMilliseconds", standard: "100")
    static let analysisCheckpointHours = Setting(key: "analysis.checkpointHours", standard: "6")
    static let webHost = Setting(key: "web.host", standard: "127.0.0.1")
    static let webPort = Setting(key: "web.port", standard: "8080")
    static let webLeafletDirectory = Setting(
        key: "web.leafletDirectory", standard: "/usr/share/javascript/leaflet")
    static let webTileURL = Setting(key: "web.tileURL")
    static let webTileAttribution = Setting(key: "web.tileAttribution", standard: "")
    static let logLevel = Setting(key: "log.level", standard: "info")
}
