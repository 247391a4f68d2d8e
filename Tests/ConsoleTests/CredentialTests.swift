import Chronology
import Console
import Foundation
import JWTKit
import Testing

/// Passwords, locks, and tokens of an identity provider.
struct CredentialTests {
    @Test func aPasswordMatchesItselfAndNothingElse() throws {
        let hash = try PasswordHash("correct horse battery", rounds: 16)
        #expect(PasswordHash.matches("correct horse battery", hash.text))
        #expect(!PasswordHash.matches("correct horse batterY", hash.text))
        #expect(!PasswordHash.matches("", hash.text))
        #expect(try hash.text != PasswordHash("correct horse battery", rounds: 16).text)
        #expect(!hash.text.contains("horse"))
    }

    @Test func scryptIsTheOneOfRFC7914() {
        // Section 12: N = 1024, r = 8, p = 16, password "password", salt "NaCl"; the first 32 bytes.
        let key = Data([
            0xfd, 0xba, 0xbe, 0x1c, 0x9d, 0x34, 0x72, 0x00, 0x78, 0x56, 0xe7, 0x19, 0x0d, 0x01, 0xe9, 0xfe, 0x7c, 0x6a,
            0xd7, 0xcb, 0xc8, 0x23, 0x78, 0x30, 0xe7, 0x73, 0x76, 0x63, 0x4b, 0x37, 0x31, 0x62,
        ]).base64EncodedString()
        #expect(PasswordHash.matches("password", "scrypt$1024$8$16$\(Data("NaCl".utf8).base64EncodedString())$\(key)"))
    }

    @Test(arguments: [
        "", "scrypt", "scrypt$16$8$3$$", "scrypt$0$8$3$AAAA$AAAA", "scrypt$15$8$3$AAAA$AAAA", "plain$x",
        "scrypt$1099511627776$8$3$AAAA$AAAA", "scrypt$16$8$99999$AAAA$AAAA", "scrypt$16$8$3$*$AAAA",
    ])
    func aStrangeTextMatchesNothing(text: String) { #expect(!PasswordHash.matches("x", text)) }

    @Test(arguments: [
        ("short", false), ("aaaaaaaaaaaaaaaa", false), ("zhang-san is here", false), ("一二三四五六七八九十百千", true),
        ("a long enough one", true), (String(repeating: "abcde", count: 41), false),
    ])
    func whatMayBeAPassword(password: String, isGood: Bool) {
        #expect((PasswordHash.complaint(about: password, account: "zhang-san") == nil) == isGood)
    }

    @Test func fiveAreFreeAndThenTheWaitDoubles() {
        let waits = (0...14).map { LockOut.secondsLeft(failures: $0, lastFailureAt: testNow, now: testNow) }
        #expect(waits == [0, 0, 0, 0, 0, 15, 30, 60, 120, 240, 480, 900, 900, 900, 900])
        let later = testNow.advanced(bySeconds: 15)
        #expect(LockOut.secondsLeft(failures: 5, lastFailureAt: testNow, now: later) == 0)
        #expect(LockOut.secondsLeft(failures: Int.max, lastFailureAt: testNow, now: later) == 885)
    }

    @Test func secretsReadBack() throws {
        let secret = Secret.random()
        #expect(Secret.bytes(Secret.text(secret)) == secret && secret.count == 32 && secret != Secret.random())
        #expect(Secret.bytes("x") == nil && Secret.bytes(String(repeating: "*", count: 43)) == nil)
        #expect(Secret.oneTimePassword().wholeMatch(of: /([a-z0-9]{5}-){3}[a-z0-9]{5}/) != nil)
        #expect(
            Secret.areEqual([1, 2], [1, 2]) && !Secret.areEqual([1, 2], [1, 3]) && !Secret.areEqual([1], [1, 2]))
    }

    /// The claims of a test's token.
    private struct Claims: JWTPayload {
        var iss = "https://login.example"
        var aud = ["tongxing"]
        var sub = "person-1"
        var exp: Double
        var nbf: Double?

        func verify(using algorithm: some JWTAlgorithm) throws {}
    }

    @Test func aProvidersTokenCountsWhileAllOfItIsRight() async throws {
        let now = Double(testNow.microseconds) / 1_000_000
        let (key, stranger) = (EdDSA.PrivateKey.self, EdDSA.PrivateKey.self)
        let own = try key.init(curve: .ed25519)
        let other = try stranger.init(curve: .ed25519)
        let file = FileManager.default.temporaryDirectory.appending(path: "jwks-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        let x = own.publicKey.rawRepresentation.base64EncodedString().replacing("+", with: "-")
            .replacing("/", with: "_").replacing("=", with: "")
        try Data(#"{"keys":[{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","kid":"k1","x":"\#(x)"}]}"#.utf8).write(to: file)
        let verifier = TokenVerifier(issuer: "https://login.example", audience: "tongxing", keySetFile: file.path)
        let signer = await JWTKeyCollection().add(eddsa: own, kid: "k1")
        let forger = await JWTKeyCollection().add(eddsa: other, kid: "k1")
        let good = Claims(exp: now + 60)
        #expect(try await verifier.verify(signer.sign(good, kid: "k1"), now: testNow).subject == "person-1")

        var (issuer, audience, late, early) = (good, good, good, good)
        issuer.iss = "https://evil.example"
        audience.aud = ["another"]
        late.exp = now - 60
        early.nbf = now + 600
        for claims in [issuer, audience, late, early] {
            let token = try await signer.sign(claims, kid: "k1")
            await #expect(throws: TokenVerifier.Refusal.self) { try await verifier.verify(token, now: testNow) }
        }
        let forged = try await forger.sign(good, kid: "k1")
        let parts = try await signer.sign(good, kid: "k1").split(separator: ".").map(String.init)
        let unsigned = Data(#"{"alg":"none","kid":"k1"}"#.utf8).base64EncodedString().replacing("=", with: "")
        for token in [forged, "\(unsigned).\(parts[1]).", "\(parts[0]).\(parts[1]).", "x", "", "a.b.c"] {
            await #expect(throws: TokenVerifier.Refusal.self) { try await verifier.verify(token, now: testNow) }
        }
    }

    @Test func theChainNamesItsFirstBreak() {
        var chain = AuditChain()
        let link = AuditChain.Link(number: 2, previousHash: chain.hash, hash: chain.hash, fields: ["2"])
        #expect(chain.take(link)?.contains("entry 1 is gone") == true)
        #expect(chain.take(.init(number: 1, previousHash: [1], hash: [], fields: []))?.contains("follow") == true)
        let forged = AuditChain.Link(number: 1, previousHash: chain.hash, hash: chain.hash, fields: ["1"])
        #expect(chain.take(forged)?.contains("hashed") == true)
        #expect(chain.number == 0)
    }
}
