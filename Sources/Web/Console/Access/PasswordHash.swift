import Crypto
import CryptoExtras
import Foundation

/// A password as it is kept: `scrypt$N$r$p$salt$key`. With the standard numbers one try takes 32 MB and about a quarter
/// of a second, so it belongs on a thread that may be busy for so long.
package struct PasswordHash: Hashable, Sendable {
    package let text: String

    /// N = 2^15, r = 8, p = 3: one of the settings that OWASP holds equally strong.
    package static let standardRounds = 32768
    private static let parallelism = 3

    /// - Throws: only when scrypt itself fails, for want of memory.
    package init(_ password: String, rounds: Int = Self.standardRounds) throws {
        let salt = Array(Secret.random().prefix(16))
        let key = try Self.derive(password, salt: salt, rounds: rounds, parallelism: Self.parallelism)
        self.text =
            "scrypt$\(rounds)$8$\(Self.parallelism)$\(Data(salt).base64EncodedString())$"
            + Data(key).base64EncodedString()
    }

    /// Whether `password` is the one that `text` was made of; false for a text of another form.
    package static func matches(_ password: String, _ text: String) -> Bool {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "scrypt", let rounds = Int(parts[1]), parts[2] == "8",
            let parallelism = Int(parts[3]), (2...1 << 20).contains(rounds), rounds & (rounds - 1) == 0,
            (1...16).contains(parallelism), let salt = Data(base64Encoded: String(parts[4])),
            let key = Data(base64Encoded: String(parts[5])), key.count == 32,
            let derived = try? Self.derive(password, salt: Array(salt), rounds: rounds, parallelism: parallelism)
        else { return false }
        return Secret.areEqual(Array(key), derived)
    }

    private static func derive(_ password: String, salt: [UInt8], rounds: Int, parallelism: Int) throws -> [UInt8] {
        // One form for what looks the same, whatever keyboard it came from.
        let bytes = Data(password.precomposedStringWithCompatibilityMapping.utf8)
        return try KDF.Scrypt.deriveKey(
            from: bytes, salt: salt, outputByteCount: 32, rounds: rounds, blockSize: 8, parallelism: parallelism
        ).withUnsafeBytes { Array($0) }
    }

    /// Why a password may not be chosen; `nil` when it may.
    package static func complaint(about password: String, account: String) -> (zh: String, en: String)? {
        guard (12...200).contains(password.count) else {
            return ("口令应为 12 至 200 个字符", "A password has 12 to 200 characters")
        }
        guard !password.lowercased().contains(account.lowercased()), Set(password).count >= 5 else {
            return (
                "口令不得含账号名，且至少有 5 种字符", "A password does not hold the account's name, and has 5 different characters"
            )
        }
        return nil
    }
}
