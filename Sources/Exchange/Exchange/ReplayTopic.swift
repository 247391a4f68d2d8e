package import Registers

/// Which topics an MQTT publisher may send.
package enum ReplayTopic {
    /// MQTT's string limit.
    package static let maximumBytes = 65535
    /// libmosquitto refuses a topic of more levels (its `TOPIC_HIERARCHY_LIMIT`).
    package static let maximumLevels = 200

    package static func isPublishable(_ topic: String) -> Bool { Self.fault(of: topic) == nil }

    /// Why nobody may publish on this topic; `nil` when it may be sent.
    package static func fault(of topic: String) -> Remark? {
        let bytes = topic.utf8
        if bytes.isEmpty { return Remark(zh: "主题为空", en: "the topic is empty") }
        if bytes.count > Self.maximumBytes {
            return Remark(zh: "主题超过 65535 字节", en: "the topic is longer than 65,535 bytes")
        }
        if bytes.contains(UInt8(ascii: "+")) || bytes.contains(UInt8(ascii: "#")) {
            return Remark(zh: "主题含通配符 + 或 #", en: "the topic contains a wildcard, + or #")
        }
        if bytes.first == UInt8(ascii: "$") {
            return Remark(zh: "$ 开头的主题归服务器所有", en: "topics that begin with $ belong to the broker")
        }
        if topic.unicodeScalars.contains(where: Self.isForbidden) {
            return Remark(
                zh: "主题含 NUL、控制字符或 Unicode 非字符",
                en: "the topic contains NUL, a control character or a Unicode non-character")
        }
        if bytes.count(where: { $0 == UInt8(ascii: "/") }) > Self.maximumLevels {
            return Remark(zh: "主题层级超过 200", en: "the topic has more than 200 levels")
        }
        return nil
    }

    /// NUL must not stand in a topic (MQTT 3.1.1, [MQTT-1.5.3-2]); of control characters and non-characters the
    /// standard says "should not", and mosquitto ends the connection over them.
    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1F, 0x7F...0x9F, 0xFDD0...0xFDEF: true
        default: scalar.value & 0xFFFE == 0xFFFE
        }
    }
}
