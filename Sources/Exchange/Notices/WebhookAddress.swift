import Foundation

/// Which addresses a webhook may have. Receivers are written by whoever runs the service, so addresses of the own
/// network are allowed; what is sent over a network goes by TLS, and a redirect is never followed.
enum WebhookAddress {
    static func check(_ url: String, of name: String) throws(NoticeConfigurationError) {
        guard url.utf8.count <= 2000, let parts = URLComponents(string: url), let host = parts.host, !host.isEmpty,
            parts.user == nil, parts.fragment == nil
        else {
            throw NoticeConfigurationError("'\(name)': the address is no URL of a host, without user and fragment")
        }
        switch parts.scheme?.lowercased() {
        case "https": return
        case "http" where Self.isLoopback(host): return
        case "http":
            throw NoticeConfigurationError(
                "'\(name)': http:// is for this machine alone (127.…, [::1], localhost); use https://")
        default: throw NoticeConfigurationError("'\(name)': the address must begin with https://")
        }
    }

    static func isLoopback(_ host: String) -> Bool {
        let host = host.lowercased()
        let octets = host.split(separator: ".", omittingEmptySubsequences: false)
        let isFour = octets.count == 4 && octets.allSatisfy { UInt8($0) != nil }
        return host == "localhost" || host == "::1" || host == "[::1]" || isFour && octets[0] == "127"
    }

    /// The host of a URL; empty where there is none.
    static func host(of url: String) -> String { URLComponents(string: url)?.host ?? "" }
}
