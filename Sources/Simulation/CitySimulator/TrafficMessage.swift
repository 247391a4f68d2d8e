package import Chronology

/// One MQTT message as a terminal sends it: topic and payload exactly as the public contract has them.
package struct TrafficMessage: Hashable, Sendable {
    /// When the terminal hands it to the network.
    package var sent: Instant
    package var topic: String
    package var payload: [UInt8]

    package init(sent: Instant, topic: String, payload: [UInt8]) {
        self.sent = sent
        self.topic = topic
        self.payload = payload
    }

    /// The line of a replay file, without the line feed. The payload is JSON, so it stands in the line as it is.
    package func appendReplayLine(to bytes: inout [UInt8]) {
        bytes.append(contentsOf: #"{"topic":""#.utf8)
        bytes.append(contentsOf: self.topic.utf8)
        bytes.append(contentsOf: #"","payload":"#.utf8)
        bytes.append(contentsOf: self.payload)
        bytes.append(contentsOf: #","sent":""#.utf8)
        bytes.append(contentsOf: self.sent.description.utf8)
        bytes.append(contentsOf: #""}"#.utf8)
    }
}
