import Foundation

/// Where map tiles come from, and what the content security policy must allow for them.
struct TileSource: Hashable, Sendable {
    /// Leaflet's template with `{z}`, `{x}`, `{y}`, and perhaps `{s}`.
    let template: String
    /// The source expression of the tiles' host; `nil` for tiles of this server itself.
    let policySource: String?

    /// - Throws: `ConsoleError.badConfiguration` for a template that is no http address or lacks a placeholder.
    init(_ template: String) throws(ConsoleError) {
        let failure = ConsoleError(
            .badConfiguration,
            "web.tileURL \"\(template)\": 应形如 https://tiles.example/{z}/{x}/{y}.png / "
                + "it must look like https://tiles.example/{z}/{x}/{y}.png")
        guard ["{z}", "{x}", "{y}"].allSatisfy(template.contains),
            template.unicodeScalars.allSatisfy({
                $0.isASCII && $0.value > 0x20 && !"\"'<>;,\\".unicodeScalars.contains($0)
            })
        else { throw failure }
        self.template = template
        if template.hasPrefix("/"), !template.hasPrefix("//") {
            self.policySource = nil
            return
        }
        guard let scheme = ["https://", "http://"].first(where: template.hasPrefix),
            let host = template.dropFirst(scheme.count).split(separator: "/", maxSplits: 1).first,
            !host.contains("@"), host.replacing("{s}", with: "").contains(/^[A-Za-z0-9.\-]+(:[0-9]+)?$/)
        else { throw failure }
        // `{s}` stands for a letter or two in front: `{s}.tiles.example` becomes `*.tiles.example`.
        let wildcard = host.hasPrefix("{s}.") ? "*" + host.dropFirst(3) : String(host)
        guard !wildcard.contains("{") else { throw failure }
        self.policySource = scheme + wildcard
    }

    static func contentSecurityPolicy(for tiles: TileSource?) -> String {
        let host = tiles?.policySource.map { " " + $0 } ?? ""
        return [
            "default-src 'self'", "img-src 'self' data:\(host)", "object-src 'none'", "base-uri 'none'",
            "frame-ancestors 'none'", "form-action 'none'",
        ].joined(separator: "; ")
    }
}
