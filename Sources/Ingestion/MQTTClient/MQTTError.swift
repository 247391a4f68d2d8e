import CMosquitto

/// What went wrong between us and the broker.
package struct MQTTError: Error, Sendable, Hashable {
    /// What went wrong.
    package enum Code: Sendable, Hashable {
        /// The address or an option is not usable: trying again does not help.
        case invalidConfiguration
        /// Nobody answered, or the network broke.
        case connectionFailed
        /// The broker said no in its CONNACK (credentials, protocol version, client id).
        case refused
        /// The broker said no to a subscription in its SUBACK.
        case subscriptionRefused
        /// The broker did not answer in time.
        case timedOut
        /// A message that MQTT cannot carry.
        case unpublishable
    }

    package var code: Code
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    init(_ code: Code, library: CInt) {
        self.init(code, String(cString: mosquitto_strerror(library)))
    }
}

extension MQTTError: CustomStringConvertible {
    package var description: String { self.message }
}
