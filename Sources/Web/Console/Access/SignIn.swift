package import Chronology
import Crypto
import Foundation

/// The identity provider's token endpoint, as the console needs it. The application implements it.
package protocol CodeExchanging: Sendable {
    /// POSTs the form; the body is cut at 64 KB.
    func post(form: [(name: String, value: String)], to url: String) async throws -> (status: Int, body: [UInt8])
}

/// Signing in at an identity provider in the browser: OpenID Connect's authorization code flow with PKCE (RFC 7636).
///
/// Nothing of a sign-in that is under way is kept here: one secret in a cookie of the browser that began it is all, and
/// state, nonce and code verifier follow from it. Whoever comes back without it began nothing.
package struct SignIn: Sendable {
    /// What the provider must be asked, and by which address it sends the browser back.
    package struct Provider: Sendable {
        package var clientID: String
        /// `nil` for a public client: PKCE is all that proves it.
        package var clientSecret: String?
        package var authorizeURL: String
        package var tokenURL: String
        package var redirectURL: String

        package init(
            clientID: String, clientSecret: String?, authorizeURL: String, tokenURL: String, redirectURL: String
        ) {
            self.clientID = clientID
            self.clientSecret = clientSecret
            self.authorizeURL = authorizeURL
            self.tokenURL = tokenURL
            self.redirectURL = redirectURL
        }
    }

    /// Why somebody was not signed in; for the log, never with a code or a token.
    package struct Refusal: Error, CustomStringConvertible {
        package var description: String

        package init(description: String) { self.description = description }
    }

    /// Seconds for signing in at the provider.
    static let seconds = 600

    private let provider: Provider
    private let verifier: TokenVerifier
    private let exchange: any CodeExchanging

    package init(provider: Provider, verifier: TokenVerifier, exchange: any CodeExchanging) {
        self.provider = provider
        self.verifier = verifier
        self.exchange = exchange
    }

    /// Where the browser is sent.
    package func address(for secret: [UInt8]) -> String {
        let challenge = Secret.text(Secret.hash(Self.part("verifier", of: secret).utf8))
        let query = Self.form([
            ("response_type", "code"), ("client_id", self.provider.clientID),
            ("redirect_uri", self.provider.redirectURL), ("scope", "openid"),
            ("state", Self.part("state", of: secret)), ("nonce", Self.part("nonce", of: secret)),
            ("code_challenge", challenge), ("code_challenge_method", "S256"),
        ])
        return self.provider.authorizeURL + (self.provider.authorizeURL.contains("?") ? "&" : "?") + query
    }

    /// - Returns: who it is, by the provider's word.
    package func subject(secret: [UInt8], state: String, code: String, now: Instant) async throws -> String {
        guard Secret.areEqual(Array(state.utf8), Array(Self.part("state", of: secret).utf8)) else {
            throw Refusal(description: "another state than this browser began with")
        }
        var form: [(name: String, value: String)] = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", self.provider.redirectURL),
            ("client_id", self.provider.clientID), ("code_verifier", Self.part("verifier", of: secret)),
        ]
        if let clientSecret = self.provider.clientSecret { form.append(("client_secret", clientSecret)) }
        let (status, body) = try await self.exchange.post(form: form, to: self.provider.tokenURL)
        guard status == 200, let answer = try? JSONDecoder().decode(Answer.self, from: Data(body)) else {
            throw Refusal(description: "the token endpoint answered \(status)")
        }
        let nonce = Self.part("nonce", of: secret)
        return try await self.verifier.verify(answer.id_token, now: now, nonce: nonce).subject
    }

    /// What of the token endpoint's answer is used.
    private struct Answer: Decodable {
        var id_token: String
    }

    /// One of the three values that belong to a sign-in: none tells another, or the secret.
    private static func part(_ name: String, of secret: [UInt8]) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data("sign-in \(name)".utf8), using: SymmetricKey(data: secret))
        return Secret.text(Array(code))
    }

    /// `application/x-www-form-urlencoded`.
    package static func form(_ fields: [(name: String, value: String)]) -> String {
        var plain = CharacterSet.alphanumerics.intersection(CharacterSet(charactersIn: "\u{0}"..."\u{7f}"))
        plain.insert(charactersIn: "-._~")
        return fields.map { name, value in
            "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: plain) ?? "")"
        }.joined(separator: "&")
    }
}

extension SignIn.Provider: CustomStringConvertible, CustomReflectable {
    /// Without the client's secret: whatever prints a value whole must not print it.
    package var description: String { "Provider(\(self.authorizeURL), client \(self.clientID))" }

    package var customMirror: Mirror { Mirror(self, children: ["description": self.description]) }
}
