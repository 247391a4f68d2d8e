package import Chronology
import Foundation
import JWTKit

/// Verifies the tokens of an identity provider (OIDC, RFC 7519): signature by the provider's key set, issuer, audience
/// and times. It says who somebody is; what they may do is written in the account that carries this subject.
///
/// The key set is a file (RFC 7517), read again when it changes: the console makes no request to another host.
package actor TokenVerifier {
    /// Why a token does not count; for the log, never with the token.
    package struct Refusal: Error, CustomStringConvertible {
        package var description: String
    }

    /// What is read of a token.
    private struct Claims: JWTPayload {
        var iss: IssuerClaim
        var aud: AudienceClaim
        var sub: SubjectClaim
        var exp: ExpirationClaim
        var nbf: NotBeforeClaim?
        var nonce: String?

        /// The times are checked by our own clock.
        func verify(using algorithm: some JWTAlgorithm) throws {}
    }

    private let issuer: String
    private let audience: String
    private let keySetFile: String
    private let leewaySeconds = 30.0
    private var keys: JWTKeyCollection?
    private var loadedAt: Date?

    package init(issuer: String, audience: String, keySetFile: String) {
        self.issuer = issuer
        self.audience = audience
        self.keySetFile = keySetFile
    }

    /// - Parameter nonce: what the token must carry, where one was asked for.
    /// - Returns: the token's subject, and when it ends.
    package func verify(
        _ token: String, now: Instant, nonce: String? = nil
    ) async throws -> (subject: String, expiresAt: Instant) {
        let keys = try await self.currentKeys()
        let claims: Claims
        do {
            claims = try await keys.verify(token, as: Claims.self)
        } catch {
            throw Refusal(description: "signature or form: \(error)")
        }
        let time = Date(timeIntervalSince1970: Double(now.microseconds) / 1_000_000)
        guard claims.iss.value == self.issuer else { throw Refusal(description: "another issuer") }
        guard claims.aud.value.contains(self.audience) else { throw Refusal(description: "another audience") }
        guard claims.exp.value.addingTimeInterval(self.leewaySeconds) > time else {
            throw Refusal(description: "expired")
        }
        if let start = claims.nbf?.value, start.addingTimeInterval(-self.leewaySeconds) > time {
            throw Refusal(description: "not valid yet")
        }
        if let nonce, claims.nonce != nonce { throw Refusal(description: "another nonce") }
        let seconds = min(claims.exp.value.timeIntervalSince1970, 253_402_300_799)
        return (claims.sub.value, Instant(microseconds: Int64(seconds * 1_000_000)))
    }

    private func currentKeys() async throws -> JWTKeyCollection {
        let attributes = try? FileManager.default.attributesOfItem(atPath: self.keySetFile)
        let changedAt = attributes?[.modificationDate] as? Date
        if let keys = self.keys, changedAt == self.loadedAt { return keys }
        let text: String
        do {
            text = try String(contentsOfFile: self.keySetFile, encoding: .utf8)
        } catch {
            throw Refusal(description: "cannot read \(self.keySetFile)")
        }
        let fresh = JWTKeyCollection()
        do {
            try await fresh.add(jwksJSON: text)
        } catch {
            throw Refusal(description: "\(self.keySetFile) is no key set: \(error)")
        }
        self.keys = fresh
        self.loadedAt = changedAt
        return fresh
    }
}
