import Glibc
import IngestionPipeline
import Logging
import MQTTClient
import ServiceLifecycle

/// What can be seen of the broker from outside, and where it falls short of the shipped profile: a line each, never
/// refused (`contract.md` §4).
enum BrokerProfile {
    /// 1,000 buffered reports of a terminal, the most that one message may hold, are about this long.
    private static let largestMessage = 300_000
    /// More than the 1,000 that mosquitto keeps by default and the 20 that it holds on their way.
    private static let probeMessages = 1100
    /// About as long as a report.
    private static let probeBytes = 300
    /// Its packet stays within `largestMessage`.
    private static let largeProbe = largestMessage - 1000

    /// A line for each shortcoming, and one for each thing that a person has to look after.
    struct Report {
        var findings: [String] = []
        var unseen = [
            "持久化无法从外部看到，请确认 persistence true / persistence cannot be seen from outside: make sure of `persistence true`"
        ]
    }

    private static let queueNotTried =
        "未能试出为离线会话保留多少，请确认 max_queued_messages 0、max_queued_bytes 0，且未设 message_size_limit / "
        + "what is kept for an absent session could not be tried, we may not subscribe at QoS 1 and publish there: make sure "
        + "of `max_queued_messages 0`, `max_queued_bytes 0` and no `message_size_limit`"
    private static let sizeNotTried =
        "未能试出是否保留大报文，请确认未设 message_size_limit / whether a large message is kept could not be tried: "
        + "make sure of no `message_size_limit`"

    /// Throws when the broker cannot be reached or refuses us.
    /// - Parameter probesQueue: also tries how much is kept for an absent session, with a session and topic of its own.
    static func look(_ configuration: ServiceConfiguration, probesQueue: Bool) throws(Failure) -> Report {
        // Not the process id: that is 1 in every container.
        let id = "tongxing-check-" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
        let settings = configuration.mqtt(clientID: id)
        var capabilities: BrokerCapabilities
        do throws(MQTTError) {
            capabilities = Self.moreTalkative(try BrokerProbe.capabilities(settings), settings)
        } catch {
            throw Failure(
                "\(error.message): check mqtt.url, mqtt.username and mqtt.password, and that the broker runs"
                    + Self.olderProtocol(settings))
        }
        // Ingestion sees itself what its subscription is granted, and says so.
        if !probesQueue { capabilities.maximumQoS = nil }
        var report = Report()
        report.findings =
            Self.findings(capabilities, settings, batchMessages: configuration.limits.messages)
            + Self.access(settings)
        guard probesQueue else { return report }
        if capabilities.maximumQoS != 0 {
            report.findings += Self.grants(configuration.lanes.flatMap(\.topics), settings)
        }
        Self.probeQueue(capabilities, settings, topic: "tongxing/check/\(id)", &report)
        return report
    }

    /// Tries what is kept for an absent session: of many messages, and of a long one.
    private static func probeQueue(
        _ capabilities: BrokerCapabilities, _ settings: MQTTSettings, topic: String, _ report: inout Report
    ) {
        func kept(bytes: Int) -> Int? {
            try? BrokerProbe.keptMessages(of: Self.probeMessages, bytes: bytes, settings, topic: topic)
        }
        guard let reports = kept(bytes: Self.probeBytes) else {
            report.unseen.append(Self.queueNotTried)
            return
        }
        // Which limit it was, tiny ones tell: of bytes, it lets more of them through.
        let tiny = reports < Self.probeMessages ? kept(bytes: 1) ?? reports : reports
        if tiny < Self.probeMessages {
            report.findings.append(
                "MQTT 服务器只为离线会话保留约 \(tiny) 条 / the broker keeps about \(tiny) messages for an absent session: "
                    + "set max_queued_messages 0")
        }
        if reports * 10 < tiny * 9 {
            let bytes = reports * Self.probeBytes
            report.findings.append(
                "MQTT 服务器只为离线会话保留约 \(bytes) 字节 / the broker keeps about \(bytes) bytes for an absent session: "
                    + "set max_queued_bytes 0")
        }
        // Said in CONNACK already; the broker would cut us off.
        if let size = capabilities.maximumPacketSize, size < Self.largestMessage { return }
        switch try? BrokerProbe.keepsMessage(of: Self.largeProbe, settings, topic: topic) {
        case true: return
        case false:
            report.findings.append(
                "MQTT 服务器将 \(Self.largeProbe) 字节的报文确认后丢弃，或断开其发送者 / the broker acknowledges a message of "
                    + "\(Self.largeProbe) bytes and throws it away, or cuts its sender off: remove message_size_limit")
        default: report.unseen.append(Self.sizeNotTried)
        }
    }

    /// MQTT 3.1.1 has no words for limits, and there the broker's own hold, for ours do not override them: one that
    /// speaks MQTT 5 as well is asked so.
    private static func moreTalkative(_ capabilities: BrokerCapabilities, _ settings: MQTTSettings)
        -> BrokerCapabilities
    {
        guard settings.version == .v311 else { return capabilities }
        var newer = settings
        newer.version = .v5
        guard var said = try? BrokerProbe.capabilities(newer) else { return capabilities }
        // These it says of sessions of MQTT 5 only.
        said.sessionExpirySeconds = nil
        said.keepAliveSeconds = nil
        return said
    }

    /// A broker that only speaks 3.1.1 says so in many ways; that it takes us with 3.1.1 is the surest.
    private static func olderProtocol(_ settings: MQTTSettings) -> String {
        var older = settings
        older.version = .v311
        guard settings.version == .v5, (try? BrokerProbe.capabilities(older)) != nil else { return "" }
        return "; 它接受 MQTT 3.1.1，请设 mqtt.protocol: 3.1.1 / it takes MQTT 3.1.1: set mqtt.protocol to 3.1.1"
    }

    /// What is said of a subscription that was granted at QoS 0.
    static func withoutPromise(_ filters: [String]) -> String {
        let filters = filters.joined(separator: " ")
        return "MQTT 服务器对 \(filters) 只应允 QoS 0，接入中断时的报文会丢失 / the broker grants QoS 0 only for \(filters), "
            + "messages are lost whenever ingestion is away: let it grant QoS 1 (max_qos 1)"
    }

    private static func grants(_ filters: [String], _ settings: MQTTSettings) -> [String] {
        // A subscription that is refused ends ingestion with a line of its own.
        guard let lesser = try? BrokerProbe.filtersWithoutPromise(of: filters, settings), !lesser.isEmpty
        else { return [] }
        return [Self.withoutPromise(lesser)]
    }

    private static func findings(
        _ capabilities: BrokerCapabilities, _ settings: MQTTSettings, batchMessages: Int
    ) -> [String] {
        var findings: [String] = []
        if capabilities.maximumQoS == 0 {
            findings.append("MQTT 服务器不支持 QoS 1，报文会丢失 / the broker takes no QoS 1, messages will be lost: set max_qos 1")
        }
        if let size = capabilities.maximumPacketSize, size < Self.largestMessage {
            findings.append(
                "MQTT 报文上限 \(size) 字节，容不下 1000 条补报 / "
                    + "packets are limited to \(size) bytes, 1,000 buffered reports need \(Self.largestMessage): "
                    + "raise max_packet_size"
            )
        }
        // With MQTT 5 what the broker says is how much it takes; how much it sends, our own Receive Maximum decides. In
        // 3.1.1 nothing overrides the broker's (20 by default): a batch never becomes larger, and waits until it idles.
        if settings.version == .v5, settings.receiveMaximum < batchMessages {
            findings.append(
                "mqtt.receiveMaximum 只有 \(settings.receiveMaximum) 条，装不满一批 \(batchMessages) 条 / "
                    + "mqtt.receiveMaximum is \(settings.receiveMaximum) messages, a batch takes \(batchMessages): "
                    + "set it to twice that")
        }
        if settings.version == .v311, let window = capabilities.receiveMaximum, window < batchMessages {
            findings.append(
                "MQTT 窗口只有 \(window) 条，装不满一批 \(batchMessages) 条 / "
                    + "the window is \(window) messages, a batch takes \(batchMessages): "
                    + "set max_inflight_messages to twice that, see config/mosquitto.conf")
        }
        // A PINGREQ waits behind the acknowledgements, so for as long as a commit takes.
        if let seconds = capabilities.keepAliveSeconds, seconds < settings.keepAliveSeconds {
            findings.append(
                "MQTT 服务器要求每 \(seconds) 秒心跳，更慢的提交会断开连接 / "
                    + "the broker wants a sign of life every \(seconds) s, not \(settings.keepAliveSeconds): "
                    + "a slower commit loses the connection, raise max_keepalive")
        }
        if let expiry = capabilities.sessionExpirySeconds, expiry < Int(settings.sessionExpirySeconds) {
            findings.append(
                "MQTT 服务器只保留会话 \(expiry) 秒 / the broker keeps a session for \(expiry) s, not \(settings.sessionExpirySeconds): raise its limit or be away for less"
            )
        }
        return findings
    }

    /// Whether somebody without credentials gets in.
    private static func access(_ settings: MQTTSettings) -> [String] {
        guard settings.username != nil else {
            return [
                "MQTT 未使用用户名 / no MQTT user is configured: anonymous access is for trying only, see deploy/mosquitto"
            ]
        }
        var anonymous = settings
        anonymous.username = nil
        anonymous.password = nil
        anonymous.clientID += "-anonymous"
        guard (try? BrokerProbe.capabilities(anonymous)) != nil else { return [] }
        return ["MQTT 服务器允许匿名访问 / the broker takes anonymous clients: set allow_anonymous false, see deploy/mosquitto"]
    }
}

/// Looks at the broker once when ingestion starts, beside the lanes, and warns. Whatever it finds, ingestion runs. How
/// much is kept for an absent session is left to `tongxing check`: that can be seen only by publishing a thousand
/// messages, and a part that is started again and again must not.
struct BrokerProfileService: Service {
    let configuration: ServiceConfiguration
    let logger: Logger

    func run() async throws {
        let (configuration, logger) = (self.configuration, self.logger)
        let look = ThreadService(name: "broker profile") { _ in
            // A broker that is not there yet is the lanes' business.
            for finding in (try? BrokerProfile.look(configuration, probesQueue: false))?.findings ?? [] {
                logger.warning("\(finding)")
            }
            return nil
        }
        try await look.run()
    }
}
