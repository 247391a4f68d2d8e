import Console
import Foundation

/// Whom the console serves: the keys `web.access`, `web.tls`, `web.sessionHours` and `web.oidc.…`.
struct AccessConfiguration: Sendable {
    /// How the console knows its visitors.
    enum Mode: String, Sendable, CaseIterable { case accounts, open }

    /// What an identity provider's tokens must say, and where its keys are.
    struct OIDC: Sendable {
        var issuer: String
        var audience: String
        var keySetFile: String
        /// Where a browser signs in; `nil`: programs bring tokens, browsers log in here.
        var provider: SignIn.Provider?
    }

    /// `nil` where the configuration does not say: `serve` takes accounts, the demo on the loopback is open.
    var mode: Mode?
    var isBehindTLS: Bool
    var sessionHours: Int
    var oidc: OIDC?

    init(_ reader: SettingsReader) throws {
        self.mode = try reader.optionalString(.webAccess).map { text in
            guard let mode = Mode(rawValue: text) else {
                throw Failure.configuration("web.access: 应为 accounts 或 open / must be accounts or open, not '\(text)'")
            }
            return mode
        }
        let tls = try reader.string(.webTLS)
        guard ["none", "proxy"].contains(tls) else {
            throw Failure.configuration("web.tls: 应为 none 或 proxy / must be none or proxy, not '\(tls)'")
        }
        self.isBehindTLS = tls == "proxy"
        self.sessionHours = try reader.integer(.webSessionHours, in: 1...168)
        let file = try reader.optionalString(.webOIDCKeySetFile)
        let issuer = try reader.optionalString(.webOIDCIssuer)
        guard (file == nil) == (issuer == nil) else {
            throw Failure.configuration(
                "web.oidc: issuer 与 keySetFile 须同时设置 / issuer and keySetFile go together")
        }
        guard let file, let issuer else { return }
        guard FileManager.default.isReadableFile(atPath: file) else {
            throw Failure.configuration("web.oidc.keySetFile: 读不了 / cannot read \(file)")
        }
        let audience = try reader.string(.webOIDCAudience)
        self.oidc = OIDC(
            issuer: issuer, audience: audience, keySetFile: file, provider: try Self.provider(reader, audience))
    }

    /// The three addresses go together; the audience is this console's name with the provider (`client_id`).
    private static func provider(_ reader: SettingsReader, _ audience: String) throws -> SignIn.Provider? {
        let settings = [Setting.webOIDCAuthorizeURL, .webOIDCTokenURL, .webOIDCRedirectURL]
        let addresses = try settings.compactMap { try reader.optionalString($0) }
        if addresses.isEmpty { return nil }
        guard addresses.count == settings.count, addresses.allSatisfy(Self.isSafe) else {
            throw Failure.configuration(
                "web.oidc: authorizeURL、tokenURL、redirectURL 须同时设置，且为 https（本机可用 http） / "
                    + "authorizeURL, tokenURL and redirectURL go together, with https (http on this machine)")
        }
        return SignIn.Provider(
            clientID: audience, clientSecret: try reader.optionalString(.webOIDCClientSecret),
            authorizeURL: addresses[0], tokenURL: addresses[1], redirectURL: addresses[2])
    }

    private static func isSafe(_ address: String) -> Bool {
        guard let url = URLComponents(string: address), let host = url.host, !host.isEmpty, url.fragment == nil else {
            return false
        }
        let isHere = host == "localhost" || host == "[::1]" || host.hasPrefix("127.")
        return url.scheme == "https" || (url.scheme == "http" && isHere)
    }

    /// Signing in at the provider, where it is configured and there are accounts.
    func signIn() -> SignIn? {
        guard self.mode ?? .accounts == .accounts, let oidc = self.oidc, let provider = oidc.provider else {
            return nil
        }
        return SignIn(
            provider: provider,
            verifier: TokenVerifier(issuer: oidc.issuer, audience: oidc.audience, keySetFile: oidc.keySetFile),
            exchange: CodeExchange())
    }

    /// The console's door, over the store where there are accounts.
    func access(databaseURL: String) -> ConsoleAccess {
        guard self.mode ?? .accounts == .accounts else { return .open }
        let verifier = self.oidc.map {
            TokenVerifier(issuer: $0.issuer, audience: $0.audience, keySetFile: $0.keySetFile)
        }
        return .accounts(ConsoleAccounts(url: databaseURL, sessionHours: self.sessionHours), verifier)
    }
}
