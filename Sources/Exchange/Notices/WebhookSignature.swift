import Crypto
import Foundation

/// Proof that a notice is ours and when it was sent: HMAC-SHA-256 over `timestamp.body`.
package enum WebhookSignature {
    /// The header's name.
    package static let header = "Tongxing-Signature"

    /// `t=<seconds since 1970>,v1=<hex>`. A receiver reckons the same, compares, and refuses what is minutes old.
    package static func value(of body: [UInt8], at seconds: Int64, secret: String) -> String {
        let signed = Array("\(seconds).".utf8) + body
        let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: Array(secret.utf8)))
        let hex = code.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
        return "t=\(seconds),v1=\(hex)"
    }
}
