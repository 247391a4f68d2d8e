import CMosquitto
import Glibc

/// A publisher at QoS 1 that keeps the order of its messages and knows which have been acknowledged. One thread uses
/// it, and its calls block.
package final class MQTTPublisher {
    private let client: MosquittoClient
    private let window: Int
    package private(set) var publishedCount = 0
    package private(set) var acknowledgedCount = 0

    /// - Parameter window: how many messages may be on their way at once.
    package init(settings: MQTTSettings, window: Int = 2000) throws(MQTTError) {
        var settings = settings
        // With MQTT 5 the broker limits the publisher to its own receive maximum (20 by default); 3.1.1 has no limit.
        settings.version = .v311
        self.client = try MosquittoClient(settings: settings, keepsSession: false)
        self.window = max(1, window)
        mosquitto_max_inflight_messages_set(self.client.pointer, UInt32(self.window))
        // Lets publish() only queue; every read and write happens in `exchange`.
        mosquitto_threaded_set(self.client.pointer, true)
        self.client.onPublished = { [unowned self] in self.acknowledgedCount += 1 }
    }

    package func connect(timeoutMilliseconds: Int32 = 10_000) throws(MQTTError) {
        try self.client.open()
        var remaining = timeoutMilliseconds
        while self.client.connectCode == nil, remaining > 0 {
            try self.exchange(waitingUpTo: 50)
            remaining -= 50
        }
        try self.client.requireAccepted()
    }

    /// Whether an MQTT publisher may send to this topic: 1–65,535 bytes, no wildcard, no NUL, no control of the broker.
    package static func mayPublish(to topic: String) -> Bool {
        !topic.isEmpty && mosquitto_pub_topic_check2(topic, topic.utf8.count) == MOSQ_ERR_SUCCESS.rawValue
            && !topic.utf8.contains(0)
            && !topic.hasPrefix("$")
    }

    /// Queues one message, waiting while the window is full.
    package func publish(topic: String, payload: [UInt8]) throws(MQTTError) {
        guard Self.mayPublish(to: topic) else {
            throw MQTTError(.unpublishable, "no MQTT publisher may send to this topic")
        }
        while self.publishedCount - self.acknowledgedCount >= self.window { try self.exchange(waitingUpTo: 1000) }
        let code = payload.withUnsafeBytes { bytes in
            mosquitto_publish(self.client.pointer, nil, topic, CInt(bytes.count), bytes.baseAddress, 1, false)
        }
        guard code == MOSQ_ERR_SUCCESS.rawValue else { throw MQTTError(.unpublishable, library: code) }
        self.publishedCount += 1
        if self.publishedCount.isMultiple(of: 64) { try self.exchange(waitingUpTo: 0) }
    }

    /// Waits until every message is acknowledged; `false` when the broker was silent for `milliseconds`.
    package func drain(silenceLimitMilliseconds milliseconds: Int32 = 30_000) throws(MQTTError) -> Bool {
        var silence: Int32 = 0
        while self.acknowledgedCount < self.publishedCount {
            let before = self.acknowledgedCount
            try self.exchange(waitingUpTo: 100)
            silence = self.acknowledgedCount == before ? silence + 100 : 0
            guard silence < milliseconds else { return false }
        }
        return true
    }

    package func disconnect() {
        mosquitto_disconnect(self.client.pointer)
        mosquitto_loop_write(self.client.pointer, 1)
    }

    /// Writes what is queued, reads what has come, keeps the connection alive.
    package func exchange(waitingUpTo milliseconds: Int32) throws(MQTTError) {
        if mosquitto_want_write(self.client.pointer) {
            let code = mosquitto_loop_write(self.client.pointer, 1)
            guard code == MOSQ_ERR_SUCCESS.rawValue else { throw MQTTError(.connectionFailed, library: code) }
        }
        let waitsToWrite = mosquitto_want_write(self.client.pointer)
        if self.client.wait(for: waitsToWrite ? POLLIN | POLLOUT : POLLIN, milliseconds: milliseconds) {
            while try self.client.readPacket() {}
        }
        let code = mosquitto_loop_misc(self.client.pointer)
        guard code == MOSQ_ERR_SUCCESS.rawValue else { throw MQTTError(.connectionFailed, library: code) }
    }
}
