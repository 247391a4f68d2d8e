import Crypto
import Foundation

/// Random secrets, what is kept of them, and comparing without telling by the time it takes.
package enum Secret {
    /// 32 bytes of the system's generator.
    package static func random() -> [UInt8] { SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) } }

    package static func hash(_ secret: some Sequence<UInt8>) -> [UInt8] { Array(SHA256.hash(data: Array(secret))) }

    package static func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        guard one.count == other.count else { return false }
        return zip(one, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// URL-safe base64 without padding.
    package static func text(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// The bytes of `text(_:)`; `nil` when it is not 32 of them.
    package static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        guard text.utf8.count == 43 else { return nil }
        let standard = String(text).replacing("-", with: "+").replacing("_", with: "/") + "="
        return Data(base64Encoded: standard).map { Array($0) }
    }

    /// What a page must send along with every change: whoever can make a browser send its cookie cannot read this.
    package static func crossSiteToken(session: [UInt8]) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data("csrf".utf8), using: SymmetricKey(data: session))
        return Self.text(Array(code))
    }

    /// Marks the tokens of this product, so that one that was published by mistake can be found.
    package static let tokenPrefix = "txt_"

    /// A password to be used once: 100 random bits in letters and digits that are not mistaken for one another.
    package static func oneTimePassword() -> String {
        let letters = Array("abcdefghjkmnpqrstuvwxyz023456789")
        let all = Self.random().prefix(20).map { letters[Int($0) % 32] }
        return stride(from: 0, to: 20, by: 5).map { String(all[$0..<$0 + 5]) }.joined(separator: "-")
    }
}
