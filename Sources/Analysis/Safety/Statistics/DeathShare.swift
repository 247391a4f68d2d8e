/// A kind of accident and its share of all deaths.
package enum DeathShare {
    /// All deaths, where a report gives only the deaths of one kind and their share (65 right-turn deaths are 28.76 %:
    /// 226 in all).
    package static func impliedTotal(deaths: Int, share: Double) -> Double? {
        guard deaths >= 0, share > 0, share <= 1 else { return nil }
        return Double(deaths) / share
    }
}
