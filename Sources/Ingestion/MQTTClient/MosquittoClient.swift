import CMosquitto
import CSocketBuffer
import Glibc

/// One `struct mosquitto *`, owned, with its callbacks: what the consumer and the publisher have in common.
/// Used by one thread at a time.
final class MosquittoClient {
    let pointer: OpaquePointer
    let settings: MQTTSettings

    /// What the broker's last CONNACK said: 0 is yes.
    private(set) var connectCode: CInt?
    /// Whether the broker had kept our session.
    private(set) var hasSession = false
    /// What the broker's last CONNACK said of the broker.
    private(set) var capabilities = BrokerCapabilities()
    /// What the last SUBACK granted, one code a filter: 1 and 2 are yes, 0 is yes without a promise.
    private(set) var granted: [CInt]?
    /// How many callbacks have run; tells whether a read brought anything.
    private(set) var callbackCount = 0
    /// Whether a buffer lies between libmosquitto and its socket.
    private(set) var isBuffered = false
    var onMessage: (_ topic: Span<UInt8>, _ payload: Span<UInt8>) -> Void = { _, _ in }
    var onPublished: () -> Void = {}

    init(settings: MQTTSettings, keepsSession: Bool) throws(MQTTError) {
        _ = Self.library
        guard let pointer = mosquitto_new(settings.clientID, !keepsSession, nil) else {
            throw MQTTError(.invalidConfiguration, "the client id is not usable")
        }
        self.pointer = pointer
        self.settings = settings
        try self.configure()
        self.installCallbacks()
    }

    deinit {
        mosquitto_destroy(self.pointer)
    }

    /// `mosquitto_lib_init` is to be called once, before anything else.
    private static let library: CInt = mosquitto_lib_init()

    private func configure() throws(MQTTError) {
        let version = self.settings.version == .v5 ? MQTT_PROTOCOL_V5 : MQTT_PROTOCOL_V311
        try self.require(mosquitto_int_option(self.pointer, MOSQ_OPT_PROTOCOL_VERSION, CInt(version)))
        if self.settings.version == .v5 {
            let window = CInt(max(1, min(65535, self.settings.receiveMaximum)))
            try self.require(mosquitto_int_option(self.pointer, MOSQ_OPT_RECEIVE_MAXIMUM, window))
        }
        if let username = self.settings.username {
            try self.require(mosquitto_username_pw_set(self.pointer, username, self.settings.password))
        }
        if let tls = self.settings.tls {
            let directory = tls.authorityFile == nil ? "/etc/ssl/certs" : nil
            try self.require(
                mosquitto_tls_set(
                    self.pointer, tls.authorityFile, directory, tls.certificateFile, tls.keyFile, nil))
        }
    }

    private func require(_ code: CInt) throws(MQTTError) {
        guard code == MOSQ_ERR_SUCCESS.rawValue else { throw MQTTError(.invalidConfiguration, library: code) }
    }

    private func installCallbacks() {
        // The user data is unretained: this object owns the client and outlives every callback.
        mosquitto_user_data_set(self.pointer, Unmanaged.passUnretained(self).toOpaque())
        // Also called for MQTT 3.1.1, then without properties.
        mosquitto_connect_v5_callback_set(self.pointer) { _, user, code, flags, properties in
            guard let client = MosquittoClient.from(user) else { return }
            client.connectCode = code
            client.hasSession = flags & 1 != 0
            client.capabilities = BrokerCapabilities(properties)
        }
        mosquitto_subscribe_callback_set(self.pointer) { _, user, _, count, codes in
            guard let client = MosquittoClient.from(user) else { return }
            client.granted = (0..<Int(count)).map { codes?[$0] ?? 128 }
        }
        mosquitto_publish_callback_set(self.pointer) { _, user, _ in
            MosquittoClient.from(user)?.onPublished()
        }
        mosquitto_message_callback_set(self.pointer) { _, user, message in
            guard let client = MosquittoClient.from(user), let message = message?.pointee, let topic = message.topic
            else { return }
            // libmosquitto frees both after this callback: `onMessage` copies what it keeps.
            let topicBytes = UnsafeRawBufferPointer(start: topic, count: strlen(topic))
            let payload = UnsafeRawBufferPointer(start: message.payload, count: Int(message.payloadlen))
            topicBytes.withMemoryRebound(to: UInt8.self) { topic in
                payload.withMemoryRebound(to: UInt8.self) { payload in
                    client.onMessage(topic.span, payload.span)
                }
            }
        }
    }

    private static func from(_ user: UnsafeMutableRawPointer?) -> MosquittoClient? {
        guard let user else { return nil }
        let client = Unmanaged<MosquittoClient>.fromOpaque(user).takeUnretainedValue()
        client.callbackCount += 1
        return client
    }

    /// Opens the TCP (and TLS) connection and queues CONNECT; blocks for as long as the network does.
    func open() throws(MQTTError) {
        self.connectCode = nil
        self.granted = nil
        self.isBuffered = false
        var properties: OpaquePointer?
        if self.settings.version == .v5 {
            mosquitto_property_add_int32(
                &properties, CInt(MQTT_PROP_SESSION_EXPIRY_INTERVAL.rawValue), self.settings.sessionExpirySeconds)
        }
        defer { mosquitto_property_free_all(&properties) }
        let code = mosquitto_connect_bind_v5(
            self.pointer, self.settings.host, CInt(self.settings.port), CInt(self.settings.keepAliveSeconds), nil,
            properties)
        guard code == MOSQ_ERR_SUCCESS.rawValue else {
            let reason = code == MOSQ_ERR_ERRNO.rawValue ? String(cString: strerror(errno)) : nil
            throw MQTTError(
                .connectionFailed,
                "no connection to \(self.settings.host):\(self.settings.port): "
                    + (reason ?? String(cString: mosquitto_strerror(code))))
        }
    }

    /// Reads at most one packet. `false` when nothing complete was there; throws when the connection is gone.
    func readPacket() throws(MQTTError) -> Bool {
        let before = self.callbackCount
        // errno says nothing about "no more": only a callback tells that a packet came (limits.md A, traps 6 and 7).
        let code = mosquitto_loop_read(self.pointer, 1)
        guard code == MOSQ_ERR_SUCCESS.rawValue else {
            // A CONNACK that says no comes as an error of the read; what it said is in the callback.
            if self.connectCode ?? 0 != 0 { try self.requireAccepted() }
            throw MQTTError(.connectionFailed, library: code)
        }
        return self.callbackCount != before
    }

    /// Milliseconds for which the broker may take nothing.
    private static let patience: Int32 = 10_000

    /// Writes everything that is queued, acknowledgements among it; waits for the socket where it must.
    func flush() throws(MQTTError) {
        repeat {
            // A batch's acknowledgements are thousands of packets, and one piece.
            if self.isBuffered { tongxing_socket_hold(mosquitto_socket(self.pointer)) }
            let code = mosquitto_loop_write(self.pointer, 1)
            guard code == MOSQ_ERR_SUCCESS.rawValue else { throw MQTTError(.connectionFailed, library: code) }
            try self.release()
            guard mosquitto_want_write(self.pointer) else { return }
            guard self.wait(for: POLLOUT, milliseconds: Self.patience) else {
                throw MQTTError(.timedOut, "the broker takes no data")
            }
        } while true
    }

    /// Writes CONNECT where it could not go at once: TLS's handshake ends with a read, and nothing goes before it.
    /// Until CONNACK nothing has been read that a write would acknowledge.
    func writeConnect() throws(MQTTError) {
        if self.connectCode == nil, mosquitto_want_write(self.pointer) { try self.flush() }
    }

    /// Sends what the buffer below libmosquitto has kept.
    private func release() throws(MQTTError) {
        guard self.isBuffered else { return }
        switch tongxing_socket_release(mosquitto_socket(self.pointer), Self.patience) {
        case 0: return
        case ETIMEDOUT: throw MQTTError(.timedOut, "the broker takes no data")
        case let error: throw MQTTError(.connectionFailed, String(cString: strerror(error)))
        }
    }

    /// Reads and writes in large pieces from here on, where libmosquitto does them itself and not OpenSSL.
    func bufferSocket() {
        guard self.settings.tls == nil else { return }
        self.isBuffered = tongxing_socket_begin(mosquitto_socket(self.pointer))
    }

    /// Whether bytes wait where `poll` cannot see them.
    var hasBytesAhead: Bool { self.isBuffered && tongxing_socket_waits(mosquitto_socket(self.pointer)) }

    /// Waits until the socket is ready; `false` when the time is up.
    func wait(for events: Int32, milliseconds: Int32) -> Bool {
        if events == POLLIN, self.hasBytesAhead { return true }
        var descriptor = pollfd(fd: mosquitto_socket(self.pointer), events: Int16(events), revents: 0)
        return poll(&descriptor, 1, milliseconds) > 0
    }

    /// Says good-bye and that the session is not to be kept, whatever CONNECT asked for.
    func forgetSession() {
        var properties: OpaquePointer?
        if self.settings.version == .v5 {
            mosquitto_property_add_int32(&properties, CInt(MQTT_PROP_SESSION_EXPIRY_INTERVAL.rawValue), 0)
        }
        defer { mosquitto_property_free_all(&properties) }
        mosquitto_disconnect_v5(self.pointer, 0, properties)
        mosquitto_loop_write(self.pointer, 1)
    }

    /// Checks the broker's CONNACK.
    func requireAccepted() throws(MQTTError) {
        guard let code = self.connectCode else {
            throw MQTTError(.timedOut, "the broker did not answer CONNECT")
        }
        guard code == 0 else {
            let text =
                self.settings.version == .v5 ? mosquitto_reason_string(code) : mosquitto_connack_string(code)
            throw MQTTError(.refused, "the broker refused the connection: " + (text.map { String(cString: $0) } ?? "?"))
        }
    }
}
