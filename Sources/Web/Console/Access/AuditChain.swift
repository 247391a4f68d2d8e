import Crypto

/// Checks the audit log's chain, entry by entry in order: what the database computed when it added them is computed
/// here once more, by other code.
package struct AuditChain: Sendable {
    /// One entry as the chain sees it.
    package struct Link: Sendable {
        package var number: Int64
        package var previousHash: [UInt8]
        package var hash: [UInt8]
        /// Number, microseconds since 1970, and the words, in the order in which they are hashed.
        package var fields: [String]

        package init(number: Int64, previousHash: [UInt8], hash: [UInt8], fields: [String]) {
            self.number = number
            self.previousHash = previousHash
            self.hash = hash
            self.fields = fields
        }
    }

    /// The last entry taken; 0 before the first.
    package private(set) var number: Int64 = 0
    package private(set) var hash = [UInt8](repeating: 0, count: 32)

    package init() {}

    /// - Returns: what is wrong with the entry; `nil` when it follows.
    package mutating func take(_ link: Link) -> String? {
        guard link.number == self.number + 1 else {
            return "缺少第 \(self.number + 1) 条 / entry \(self.number + 1) is gone"
        }
        guard link.previousHash == self.hash else { return "与前一条不相接 / it does not follow the one before" }
        guard Self.hash(link.fields, after: link.previousHash) == link.hash else {
            return "内容与哈希不符 / its words are not those that were hashed"
        }
        self.number = link.number
        self.hash = link.hash
        return nil
    }

    private static func hash(_ fields: [String], after previous: [UInt8]) -> [UInt8] {
        var hasher = SHA256()
        hasher.update(data: previous)
        for field in fields {
            let bytes = Array(field.utf8)
            withUnsafeBytes(of: UInt32(truncatingIfNeeded: bytes.count).bigEndian) { hasher.update(bufferPointer: $0) }
            hasher.update(data: bytes)
        }
        return Array(hasher.finalize())
    }
}

extension [UInt8] {
    /// Two digits a byte.
    package var hexText: String {
        self.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
