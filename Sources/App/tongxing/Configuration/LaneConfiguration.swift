import MQTTClient

/// One lane of ingestion: an MQTT session with its filters, a database connection, a chain of batches.
struct LaneConfiguration: Sendable, Hashable {
    var name: String
    /// The persistent session's client id.
    var clientID: String
    var topics: [String]

    /// More lanes than this have no use: one alone carries what a broker can give.
    static let limit = 64

    /// Reads `ingestion.lanes`: entries `name[@clientID]=filter filter …` with commas between them. Without a client id
    /// it is `prefix-name`.
    static func list(_ text: String, clientIDPrefix prefix: String) throws -> [LaneConfiguration] {
        let lanes = try text.split(separator: ",").map { entry in
            let halves = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let names = halves[0].split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map { name in
                String(name.drop(while: \.isWhitespace).prefix { !$0.isWhitespace })
            }
            let topics = halves.dropFirst().flatMap { $0.split(whereSeparator: \.isWhitespace) }.map(String.init)
            guard let name = names.first, !name.isEmpty, !topics.isEmpty, names.last?.isEmpty == false else {
                throw Failure.configuration(
                    "ingestion.lanes: '\(entry)' is not of the form name@clientID=filter filter")
            }
            return LaneConfiguration(
                name: name, clientID: names.count > 1 ? names[1] : "\(prefix)-\(name)", topics: topics)
        }
        try Self.check(lanes)
        return lanes
    }

    /// Throws on what could only fail later, or would store every message twice.
    static func check(_ lanes: [LaneConfiguration]) throws {
        guard lanes.count <= Self.limit else {
            throw Failure.configuration("ingestion.lanes: at most \(Self.limit) lanes")
        }
        for (index, lane) in lanes.enumerated() {
            guard lane.name != QuarantineRetry.lane else {
                throw Failure.configuration("lane '\(lane.name)' is kept for `tongxing quarantine retry`")
            }
            try lane.checkTopics()
            for other in lanes[..<index] {
                if other.name == lane.name || other.clientID == lane.clientID {
                    throw Failure.configuration(
                        "ingestion.lanes: '\(lane.name)' and '\(other.name)' share a name or a client id")
                }
                for (mine, theirs) in lane.topics.flatMap({ mine in other.topics.map { (mine, $0) } })
                where Self.overlap(mine, theirs) {
                    throw Failure.configuration(
                        "ingestion.lanes: '\(mine)' of \(lane.name) and '\(theirs)' of \(other.name) take the same topics"
                    )
                }
            }
        }
    }

    /// What one session would take twice, or share with another, is refused as well.
    private func checkTopics() throws {
        for (index, topic) in self.topics.enumerated() {
            guard MQTTConsumer.maySubscribe(to: topic) else {
                throw Failure.configuration("lane \(self.name): '\(topic)' is no MQTT topic filter")
            }
            if Self.sharing.contains(where: topic.hasPrefix) {
                throw Failure.configuration(
                    "lane \(self.name): '\(topic)' 是共享订阅，服务器会把报文分给不在线的成员，同一车辆的先后也会打乱；"
                        + "请用 ingestion.lanes 按主题分 / is a shared subscription: brokers give messages to members "
                        + "that are away, and a vehicle's order is lost; split by topic, with ingestion.lanes")
            }
            guard !topic.hasPrefix("$") else {
                throw Failure.configuration(
                    "lane \(self.name): '\(topic)' 以 $ 开头的主题归服务器所有，没有终端的报文 / "
                        + "topics that begin with $ are the broker's own, no terminal reports there")
            }
            for other in self.topics[..<index] where Self.overlap(topic, other) {
                throw Failure.configuration(
                    "lane \(self.name): '\(topic)' 与 '\(other)' 重叠，报文会收到两次 / and '\(other)' take the same topics: "
                        + "messages would come twice")
            }
        }
    }

    /// How a filter begins that several sessions share: MQTT 5 (section 4.8.2), and EMQX.
    private static let sharing = ["$share/", "$queue/"]

    /// Whether some topic matches both filters.
    static func overlap(_ first: String, _ second: String) -> Bool {
        var (first, second) = (Self.levels(first), Self.levels(second))
        while let mine = first.first, let theirs = second.first {
            if mine == "#" || theirs == "#" { return true }
            guard mine == theirs || mine == "+" || theirs == "+" else { return false }
            first = first.dropFirst()
            second = second.dropFirst()
        }
        // `a/#` matches `a` too.
        return first.isEmpty && second.isEmpty || first.first == "#" || second.first == "#"
    }

    private static func levels(_ filter: String) -> ArraySlice<Substring> {
        filter.split(separator: "/", omittingEmptySubsequences: false)[...]
    }
}
