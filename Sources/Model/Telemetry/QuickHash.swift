/// A hash for the dictionaries of the hot path, which look a message's terminal up half a dozen times: Swift's own
/// (SipHash) took a sixth of ingestion's CPU. Two multiplications a pair of words (the fold of wyhash), keyed by
/// numbers that `Hasher` draws when the process starts, so that nobody outside can choose names that collide.
package enum QuickHash {
    private static let keys = (Self.key(1), Self.key(2), Self.key(3))

    private static func key(_ number: Int) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(number)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }

    /// For a type's `_rawHashValue(seed:)`, the one call by which `Dictionary` and `Set` ask for a hash.
    package static func value(_ first: UInt64, _ second: UInt64 = 0, seed: Int) -> Int {
        let keys = Self.keys
        let folded = Self.fold(first ^ keys.0, second ^ keys.1)
        return Int(truncatingIfNeeded: Self.fold(folded ^ UInt64(truncatingIfNeeded: seed), keys.2))
    }

    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}
