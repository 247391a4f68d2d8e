/// A mosquitto configuration, and what is changed in it so that a broker of our own can run with it.
package enum MosquittoProfile {
    /// The profile with its place and its way in replaced: one listener on 127.0.0.1, its files in `folder`, its log on
    /// standard error, no change of user. Everything else (persistence, windows, limits, who may come in) stays as it
    /// is; what belonged to a further listener is left out with it.
    ///
    /// - Parameters:
    ///   - profile: the text of a `mosquitto.conf`.
    ///   - port: to listen on.
    ///   - folder: takes the broker's database; absolute.
    /// - Returns: the text to start the broker with.
    package static func adapted(_ profile: String, port: UInt16, folder: String) -> String {
        var kept: [Substring] = []
        var listeners = 0
        for line in profile.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            guard let key = words.first, !key.hasPrefix("#") else {
                kept.append(line)
                continue
            }
            if key == "listener" { listeners += 1 }
            if self.ours.contains(key) || self.transport.contains(key) { continue }
            if listeners > 1, self.ofListener.contains(key) { continue }
            kept.append(line)
        }
        let place = [
            "# The place and the way in, written by tongxing; the rest is the profile.",
            "listener \(port) 127.0.0.1",
            "persistence_location \(folder)/",
            "log_dest stderr",
            "log_timestamp_format %Y-%m-%dT%H:%M:%S",
        ]
        return (place + kept.map(String.init)).joined(separator: "\n") + "\n"
    }

    /// What the place decides.
    private static let ours: Set<Substring> = [
        "listener", "port", "bind_address", "bind_interface", "persistence_location", "log_dest",
        "log_timestamp_format",
        "pid_file", "user", "include_dir",
    ]

    /// What guards a way in from outside; the listener of our own is on the loopback only.
    private static let transport: Set<Substring> = [
        "cafile", "capath", "certfile", "keyfile", "tls_version", "ciphers", "ciphers_tls1.3", "crlfile", "dhparamfile",
        "require_certificate", "use_identity_as_username", "use_subject_as_username", "protocol", "http_dir",
        "websockets_headers_size", "websockets_log_level", "socket_domain",
    ]

    /// Further options that belong to the listener above them.
    private static let ofListener: Set<Substring> = [
        "max_connections", "max_qos", "max_topic_alias", "mount_point", "use_username_as_clientid",
    ]
}
