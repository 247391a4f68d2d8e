import Crypto
import Foundation

/// An Ed25519 private key in PEM (PKCS #8, RFC 8410), as `openssl genpkey -algorithm ed25519` writes it too.
package struct EvidenceSigningKey: Sendable {
    private let key: Curve25519.Signing.PrivateKey

    /// A new key from the system's randomness.
    package init() {
        self.key = Curve25519.Signing.PrivateKey()
    }

    /// - Parameter place: the file, for the message.
    package init(pem: String, place: String) throws(EvidenceError) {
        let body = PEM.body(of: pem, label: "PRIVATE KEY")
        guard let body, body.count == Self.prefix.count + 32, body.starts(with: Self.prefix),
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: body.suffix(32))
        else {
            throw EvidenceError(
                .badKey, at: place, zh: "不是 Ed25519 私钥（PEM，PKCS #8）：用 tongxing evidence make-key 生成",
                en: "not an Ed25519 private key (PEM, PKCS #8): make one with `tongxing evidence make-key`")
        }
        self.key = key
    }

    package var pem: String { PEM.text(Self.prefix + Array(self.key.rawRepresentation), label: "PRIVATE KEY") }

    package var publicKey: EvidencePublicKey { EvidencePublicKey(self.key.publicKey) }

    /// 64 bytes.
    func signature(of bytes: [UInt8]) throws(EvidenceError) -> [UInt8] {
        do {
            return Array(try self.key.signature(for: bytes))
        } catch {
            throw EvidenceError(.badKey, at: PackageLayout.manifest, zh: "无法签名", en: "cannot be signed")
        }
    }

    /// PrivateKeyInfo: version 0, id-Ed25519, an octet string of an octet string of 32 bytes.
    private static let prefix: [UInt8] = [
        0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ]
}

/// An Ed25519 public key in PEM (SubjectPublicKeyInfo, RFC 8410).
package struct EvidencePublicKey: Sendable {
    private let key: Curve25519.Signing.PublicKey

    fileprivate init(_ key: Curve25519.Signing.PublicKey) {
        self.key = key
    }

    /// - Parameter place: the file, for the message.
    package init(pem: String, place: String) throws(EvidenceError) {
        let body = PEM.body(of: pem, label: "PUBLIC KEY")
        guard let body, body.count == Self.prefix.count + 32, body.starts(with: Self.prefix),
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: body.suffix(32))
        else {
            throw EvidenceError(
                .badKey, at: place, zh: "不是 Ed25519 公钥（PEM）", en: "not an Ed25519 public key (PEM)")
        }
        self.key = key
    }

    package var pem: String { PEM.text(Self.prefix + self.bytes, label: "PUBLIC KEY") }

    /// The 32 bytes of the key itself.
    package var bytes: [UInt8] { Array(self.key.rawRepresentation) }

    /// SHA-256 over the key's DER form: what `openssl pkey -pubin -outform DER | sha256sum` prints.
    package var fingerprint: String { Hex.text(SHA256.hash(data: Self.prefix + self.bytes)) }

    func signed(_ bytes: [UInt8], with signature: [UInt8]) -> Bool {
        self.key.isValidSignature(signature, for: bytes)
    }

    private static let prefix: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
}

/// Textual encoding of keys (RFC 7468).
private enum PEM {
    static func text(_ bytes: [UInt8], label: String) -> String {
        // Shorter than one line of 64 characters.
        "-----BEGIN \(label)-----\n" + Data(bytes).base64EncodedString() + "\n-----END \(label)-----\n"
    }

    static func body(of text: String, label: String) -> [UInt8]? {
        guard let start = text.range(of: "-----BEGIN \(label)-----"),
            let end = text.range(of: "-----END \(label)-----"),
            start.upperBound <= end.lowerBound
        else { return nil }
        let lines = text[start.upperBound..<end.lowerBound].filter { !$0.isWhitespace }
        return Data(base64Encoded: String(lines)).map { Array($0) }
    }
}
