/// One key of the configuration: its name in the file, its default, and whether it must not be shown. The meaning of
/// each is in `config/tongxing.yaml`; a test compares the two lists.
struct Setting: Sendable {
    var key: String
    var standard: String?
    var isSecret = false

    static let all: [Setting] = [
        .databaseURL, .mqttURL, .mqttUsername, .mqttPassword, .mqttClientID, .mqttProtocol, .mqttKeepAliveSeconds,
        .mqttSessionExpirySeconds, .mqttReceiveMaximum, .mqttTopics, .mqttTLSAuthorityFile, .mqttTLSCertificateFile,
        .mqttTLSKeyFile, .ingestionLane, .ingestionLanes, .ingestionBatchMessages, .ingestionBatchIdleMilliseconds,
        .ingestionBatchAgeMilliseconds, .ingestionClockSecondsAhead, .ingestionClockEarliest,
        .ingestionClockZoneToleranceSeconds, .ingestionClockRolloverToleranceHours, .ingestionRetentionMonths,
        .analysisCheckpointHours, .webHost, .webPort, .webLeafletDirectory, .webTileURL,
        .webTileAttribution, .webAllowedHosts, .webMetrics, .webAccess, .webTLS, .webSessionHours, .webOIDCIssuer,
        .webOIDCAudience, .webOIDCKeySetFile, .webOIDCAuthorizeURL, .webOIDCTokenURL, .webOIDCRedirectURL,
        .webOIDCClientSecret, .noticesWebhooks, .noticesMail, .noticesSMTPURL, .noticesMailFrom,
        .noticesAttempts, .noticesFirstRetrySeconds, .evidenceSigningKeyFile, .evidenceRenderer,
        .evidencePrintSeconds, .reportsFolder, .reportsDay, .reportsBaseline, .reportsNumerator, .reportsPer, .logLevel,
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
    static let ingestionLanes = Setting(key: "ingestion.lanes")
    static let ingestionBatchMessages = Setting(key: "ingestion.batchMessages", standard: "5000")
    static let ingestionBatchIdleMilliseconds = Setting(key: "ingestion.batchIdleMilliseconds", standard: "8")
    static let ingestionBatchAgeMilliseconds = Setting(key: "ingestion.batchAgeMilliseconds", standard: "100")
    static let ingestionClockSecondsAhead = Setting(key: "ingestion.clock.secondsAhead", standard: "600")
    static let ingestionClockEarliest = Setting(key: "ingestion.clock.earliest", standard: "2000-01-01T00:00:00Z")
    static let ingestionClockZoneToleranceSeconds = Setting(
        key: "ingestion.clock.zoneToleranceSeconds", standard: "120")
    static let ingestionClockRolloverToleranceHours = Setting(
        key: "ingestion.clock.rolloverToleranceHours", standard: "48")
    static let ingestionRetentionMonths = Setting(key: "ingestion.retentionMonths")
    static let analysisCheckpointHours = Setting(key: "analysis.checkpointHours", standard: "6")
    static let webHost = Setting(key: "web.host", standard: "127.0.0.1")
    static let webPort = Setting(key: "web.port", standard: "8080")
    static let webLeafletDirectory = Setting(
        key: "web.leafletDirectory", standard: "/usr/share/javascript/leaflet")
    static let webTileURL = Setting(key: "web.tileURL")
    static let webTileAttribution = Setting(key: "web.tileAttribution", standard: "")
    static let webAllowedHosts = Setting(key: "web.allowedHosts")
    static let webMetrics = Setting(key: "web.metrics", standard: "totals")
    static let webAccess = Setting(key: "web.access")
    static let webTLS = Setting(key: "web.tls", standard: "none")
    static let webSessionHours = Setting(key: "web.sessionHours", standard: "12")
    static let webOIDCIssuer = Setting(key: "web.oidc.issuer")
    static let webOIDCAudience = Setting(key: "web.oidc.audience", standard: "tongxing")
    static let webOIDCKeySetFile = Setting(key: "web.oidc.keySetFile")
    static let webOIDCAuthorizeURL = Setting(key: "web.oidc.authorizeURL")
    static let webOIDCTokenURL = Setting(key: "web.oidc.tokenURL")
    static let webOIDCRedirectURL = Setting(key: "web.oidc.redirectURL")
    static let webOIDCClientSecret = Setting(key: "web.oidc.clientSecret", isSecret: true)
    static let noticesWebhooks = Setting(key: "notices.webhooks", isSecret: true)
    static let noticesMail = Setting(key: "notices.mail")
    static let noticesSMTPURL = Setting(key: "notices.smtpURL", isSecret: true)
    static let noticesMailFrom = Setting(key: "notices.mailFrom")
    static let noticesAttempts = Setting(key: "notices.attempts", standard: "16")
    static let noticesFirstRetrySeconds = Setting(key: "notices.firstRetrySeconds", standard: "5")
    static let evidenceSigningKeyFile = Setting(key: "evidence.signingKeyFile")
    static let evidenceRenderer = Setting(key: "evidence.renderer")
    static let evidencePrintSeconds = Setting(key: "evidence.printSeconds", standard: "30")
    static let reportsFolder = Setting(key: "reports.folder")
    static let reportsDay = Setting(key: "reports.day", standard: "3")
    static let reportsBaseline = Setting(key: "reports.baseline")
    static let reportsNumerator = Setting(key: "reports.numerator", standard: "accidents")
    static let reportsPer = Setting(key: "reports.per", standard: "vehicle_km")
    static let logLevel = Setting(key: "log.level", standard: "info")
}
