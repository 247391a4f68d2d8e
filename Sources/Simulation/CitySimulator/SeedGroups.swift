/// What the cities of a seed have been used for. A threshold is tuned on the first kind; nothing is changed because of
/// what happens in one of the second, so that its score says how the analysis does in a city that nobody knew.
package enum SeedGroups {
    package static let tuned: [ClosedRange<UInt64>] = [1...6, 101...106]
    /// 201–206 with every change that `Benchmarks/scores.md` tells of, the others since its table of 25 cities.
    package static let reported: [ClosedRange<UInt64>] = [201...206, 301...306, 401...406, 911...917]
    /// Of the reported those of which one miss was looked at and mended: no measure any more.
    package static let lookedAt: Set<UInt64> = [911]

    /// What a seed has been used for.
    package enum Use: Sendable {
        case tuned, reported, lookedAt

        /// In both languages.
        package var text: String {
            switch self {
            case .tuned: "用于调参，得分不作衡量 / tuned on: its score measures nothing"
            case .reported: "仅报告，从未用于调参 / only reported, never tuned to"
            case .lookedAt: "原仅报告，已据其一处遗漏作过修改 / reported, until one of its misses was looked at and mended"
            }
        }
    }

    /// `nil`: nothing that is written down.
    package static func use(of seed: UInt64) -> Use? {
        if Self.tuned.contains(where: { $0.contains(seed) }) { return .tuned }
        guard Self.reported.contains(where: { $0.contains(seed) }) else { return nil }
        return Self.lookedAt.contains(seed) ? .lookedAt : .reported
    }
}
