import Chronology
import IngestionPipeline
import Synchronization

/// What all lanes of this process last said of themselves, as one: ingestion is ready when every lane is.
final class LaneBoard: Sendable {
    /// A lane that was silent for so long is not ready, whatever it said last: its thread hangs in a call.
    static let silenceMilliseconds = 10_000

    private let names: [String]
    private let posts = Mutex<[String: (heartbeat: LaneHeartbeat, at: Int)]>([:])

    init(lanes names: [String]) { self.names = names }

    /// Takes one lane's word and gives that of all.
    func post(_ heartbeat: LaneHeartbeat, of lane: String, at milliseconds: Int) -> LaneHeartbeat {
        self.posts.withLock { posts in
            posts[lane] = (heartbeat, milliseconds)
            return self.sum(of: posts, at: milliseconds)
        }
    }

    private func sum(of posts: [String: (heartbeat: LaneHeartbeat, at: Int)], at now: Int) -> LaneHeartbeat {
        var sum = LaneHeartbeat(isSubscribed: true, uncommitted: 0, lastReceivedAt: nil, message: "")
        var messages: [String] = []
        for name in self.names {
            guard let post = posts[name] else {
                sum.isSubscribed = false
                messages.append("\(name): not started yet")
                continue
            }
            let isSilent = now - post.at > Self.silenceMilliseconds
            sum.isSubscribed = sum.isSubscribed && post.heartbeat.isSubscribed && !isSilent
            sum.uncommitted += post.heartbeat.uncommitted
            if let time = post.heartbeat.lastReceivedAt { sum.lastReceivedAt = max(sum.lastReceivedAt ?? time, time) }
            let message = isSilent && post.heartbeat.message.isEmpty ? "silent" : post.heartbeat.message
            if !message.isEmpty { messages.append(self.names.count == 1 ? message : "\(name): \(message)") }
        }
        sum.message = messages.joined(separator: "; ")
        return sum
    }
}
