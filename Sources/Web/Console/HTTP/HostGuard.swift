/// Which `Host` the console answers to. Another one is a foreign name that was pointed at this address: a page of that
/// name would read the console through its visitor's browser (DNS rebinding).
package struct HostGuard: Sendable {
    private let names: Set<String>
    /// Listening on every address, the console answers to each of them: rebinding needs a name, never an address.
    private let takesAnyAddress: Bool

    /// - Throws: `ConsoleError.badConfiguration` for an allowed host that cannot be one.
    package init(host: String, allowed: [String]) throws(ConsoleError) {
        var names: Set<String> = ["localhost"]
        for entry in allowed {
            guard let name = Self.name(of: entry) else {
                throw ConsoleError(
                    .badConfiguration,
                    "web.allowedHosts \"\(entry)\": 应为主机名或地址，如 console.example / "
                        + "it must be a host's name or address such as console.example")
            }
            names.insert(name)
        }
        let own = Self.name(of: host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host)
        if let own { names.insert(own) }
        self.names = names
        self.takesAnyAddress = own == "0.0.0.0" || own == "[::]"
    }

    /// - Parameter authority: the request's `Host`, with or without a port; `nil` without one.
    package func allows(_ authority: String?) -> Bool {
        guard let name = authority.flatMap(Self.name(of:)) else { return false }
        if self.names.contains(name) || name == "[::1]" { return true }
        if name.hasPrefix("[") { return self.takesAnyAddress }
        guard let address = Self.octets(name) else { return false }
        return address[0] == 127 || self.takesAnyAddress
    }

    /// The host without its port, in lower case and without the dot of a full name; an IPv6 address keeps its brackets.
    private static func name(of authority: String) -> String? {
        var host = authority.lowercased()[...]
        if host.hasPrefix("[") {
            guard let end = host.firstIndex(of: "]") else { return nil }
            guard Self.isPort(host[host.index(after: end)...]) else { return nil }
            host = host[...end]
            let inside = host.dropFirst().dropLast()
            let isAddress = inside.contains(":") && inside.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
            return isAddress ? String(host) : nil
        }
        if let colon = host.firstIndex(of: ":") {
            guard Self.isPort(host[colon...]) else { return nil }
            host = host[..<colon]
        }
        if host.hasSuffix(".") { host = host.dropLast() }
        let isName = host.utf8.allSatisfy {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_")
        }
        return isName && !host.isEmpty && host.utf8.count <= 253 ? String(host) : nil
    }

    /// Nothing, or a colon and digits.
    private static func isPort(_ text: Substring) -> Bool {
        text.isEmpty || (text.hasPrefix(":") && text.utf8.count <= 6 && text.dropFirst().allSatisfy(\.isWholeNumber))
    }

    /// The four numbers of an IPv4 address.
    private static func octets(_ text: String) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let octets = parts.compactMap { part in
            part.utf8.count <= 3 && part.allSatisfy(\.isWholeNumber) && (part == "0" || part.first != "0")
                ? UInt8(part) : nil
        }
        return parts.count == 4 && octets.count == 4 ? octets : nil
    }
}
