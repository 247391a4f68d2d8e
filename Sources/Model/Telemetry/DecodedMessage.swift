/// What one MQTT message came to: its good reports, and each report that was refused with the reason.
/// One value is used again for message after message; `reset()` keeps its storage.
package struct DecodedMessage: Sendable {
    /// The identity that the topic gives; `nil` when the topic itself was refused.
    package var terminal: TerminalID?
    package var positions: [PositionReport] = []
    package var cameras: [CameraReport] = []
    package var alarms: [AlarmReport] = []
    package var refusals: [Refusal] = []
    /// Known to no dialect, left out, and counted.
    package var unknownFieldCount = 0
    /// A well-formed message that carries no report by design (a heartbeat, a login).
    package var carriesNoReport = false
    /// Whether the payload is a list, so that its reports have places in it.
    package var isList = false
    /// The message's own number where the dialect has one (JT/T 808): each terminal counts its messages, from 65535 on
    /// to 0. It is no part of a report.
    package var serial: UInt16?
    /// The numbers (`seq`) of refused reports, as far as they could be read: these reports arrived all the same.
    package var refusedSequences: [Int64] = []

    package init() {}

    package mutating func reset() {
        self.terminal = nil
        if !self.positions.isEmpty { self.positions.removeAll(keepingCapacity: true) }
        if !self.cameras.isEmpty { self.cameras.removeAll(keepingCapacity: true) }
        if !self.alarms.isEmpty { self.alarms.removeAll(keepingCapacity: true) }
        if !self.refusals.isEmpty { self.refusals.removeAll(keepingCapacity: true) }
        self.unknownFieldCount = 0
        self.carriesNoReport = false
        self.isList = false
        self.serial = nil
        if !self.refusedSequences.isEmpty { self.refusedSequences.removeAll(keepingCapacity: true) }
    }

    /// The places in the list of the reports that were accepted, in their order; empty when the message is no list.
    /// Every place is accepted or refused.
    package var acceptedPlaces: [Int32] {
        guard self.isList else { return [] }
        let refused = Set(self.refusals.compactMap(\.reportIndex))
        let accepted = max(self.positions.count, self.cameras.count)
        return (0..<(accepted + refused.count)).filter { !refused.contains($0) }
            .map { Int32(truncatingIfNeeded: $0) }
    }
}

/// Why a report, or a whole message, was not accepted.
package struct Refusal: Hashable, Sendable, Codable {
    /// The reasons there are; their codes are stable.
    package enum Reason: String, Sendable, Codable, CaseIterable {
        /// No dialect reads this topic.
        case unknownTopic = "unknown-topic"
        /// The terminal's name in the topic is not 1–32 of `A-Z a-z 0-9 _ -`.
        case badTerminal = "bad-terminal"
        /// The payload claims another terminal than the topic.
        case foreignTerminal = "foreign-terminal"
        /// Not JSON (RFC 8259), not UTF-8, nested too deep, or too large; not one whole JT/T 808 frame.
        case malformed
        /// A JT/T 808 frame whose checksum is another.
        case badChecksum = "bad-checksum"
        /// A JT/T 808 frame that is longer or shorter than its header says.
        case badLength = "bad-length"
        /// Part of a JT/T 808 message that was cut into several frames.
        case fragment
        /// A JT/T 808 message whose body is encrypted.
        case encrypted
        /// JSON, but not the object or the array that the topic asks for.
        case wrongShape = "wrong-shape"
        /// An array without reports.
        case empty
        /// An array with more reports than a message may carry.
        case tooMany = "too-many"
        /// A required field is missing, or a camera report names no camera.
        case missingField = "missing-field"
        /// A known field has another JSON type than the contract's.
        case wrongType = "wrong-type"
        /// A known field's value is outside its range.
        case outOfRange = "out-of-range"
        /// The same field twice in one object.
        case repeatedField = "repeated-field"
        /// Not RFC 3339 with an offset; before 2000, or more than ten minutes ahead of the server.
        case badTime = "bad-time"
        /// Another report of this terminal with this time was stored first, and differs.
        case conflict
        /// The database would not take the row.
        case refusedByStore = "refused-by-store"
    }

    package var reason: Reason
    /// The field or the place in the payload, for a person: never the payload's values.
    package var detail: String
    /// Which report of the message, from 0; `nil` for the message as a whole.
    package var reportIndex: Int?

    package init(_ reason: Reason, detail: String = "", reportIndex: Int? = nil) {
        self.reason = reason
        self.detail = detail
        self.reportIndex = reportIndex
    }
}
