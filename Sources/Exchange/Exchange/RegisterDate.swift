import Chronology

/// A day or a moment as people type it into a register: `2026-03-02`, `2026/3/2`, `2026.3.2`, `20260302`,
/// `2026年3月2日`, each perhaps with a time of day (`8:15`, `08:15:30`, `8时15分`); or RFC 3339. Without an offset the
/// clock is Asia/Shanghai's.
enum RegisterDate: Hashable {
    case day(CivilDate)
    /// `isWholeDay`: the clock stands at 00:00:00 or at 23:59:59, without an offset. Exports of databases and
    /// spreadsheets write a mere day that way.
    case moment(Instant, isWholeDay: CivilDate?)

    /// `nil` for anything else, for a day that does not exist, and for years before 1900.
    init?(_ text: String) {
        let text = text.halfWidth.trimmed
        if let date = Self.day(text) {
            self = .day(date)
        } else if let (date, clock) = Self.parts(of: text), let date = Self.day(date), let second = Self.clock(clock) {
            let start = Instant(startOf: date, at: .shanghai)
            self = .moment(
                start.advanced(bySeconds: Double(second)), isWholeDay: second == 0 || second == 86399 ? date : nil)
        } else if let instant = Instant(text, assuming: .shanghai), instant >= Self.earliest {
            self = .moment(instant, isWholeDay: nil)
        } else {
            return nil
        }
    }

    private static let earliestYear = 1900
    private static let earliest = Instant(seconds: -2_209_017_600)

    /// `2026年3月2日 8时15分` in two parts; `nil` without a time of day.
    private static func parts(of text: String) -> (date: String, clock: String)? {
        guard let cut = text.firstIndex(where: { $0 == " " || $0 == "T" || $0 == "t" || $0 == "日" }) else { return nil }
        let isDay = text[cut] == "日"
        let date = isDay ? text[...cut] : text[..<cut]
        let clock = String(text[text.index(after: cut)...]).trimmed
        return clock.isEmpty ? nil : (String(date), clock)
    }

    private static func day(_ text: String) -> CivilDate? {
        var plain = text
        if text.hasSuffix("日") || text.hasSuffix("号") {
            guard text.contains("年"), text.contains("月") else { return nil }
            plain = String(text.dropLast().map { $0 == "年" || $0 == "月" ? "-" : $0 })
        }
        let digits = plain.utf8.allSatisfy { (0x30...0x39).contains($0) }
        if digits, plain.utf8.count == 8 {
            return Self.day(year: plain.prefix(4), month: plain.dropFirst(4).prefix(2), day: plain.suffix(2))
        }
        for separator: Character in ["-", "/", "."] {
            let parts = plain.split(separator: separator, omittingEmptySubsequences: false)
            if parts.count == 3 { return Self.day(year: parts[0], month: parts[1], day: parts[2]) }
        }
        return nil
    }

    private static func day(year: Substring, month: Substring, day: Substring) -> CivilDate? {
        guard let year = Self.number(year, digits: 4...4), year >= Self.earliestYear,
            let month = Self.number(month, digits: 1...2), let day = Self.number(day, digits: 1...2)
        else { return nil }
        return CivilDate(year: year, month: month, day: day)
    }

    /// Second of the day.
    private static func clock(_ text: String) -> Int? {
        var plain = text
        if text.contains(where: { "时点分秒".contains($0) }) {
            plain = ""
            for character in text {
                switch character {
                case "时", "点", "分": plain.append(":")
                case "秒": break
                default: plain.append(character)
                }
            }
            // `8时` and `8时15分` end in the colon that the next part would have begun with.
            if plain.hasSuffix(":") { plain.removeLast() }
            if !plain.contains(":") { plain += ":00" }
        }
        let parts = plain.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let hour = Self.number(parts[0], digits: 1...2), hour < 24,
            let minute = Self.number(parts[1], digits: 2...2), minute < 60
        else { return nil }
        guard parts.count == 3 else { return hour * 3600 + minute * 60 }
        guard let second = Self.number(parts[2], digits: 2...2), second < 60 else { return nil }
        return hour * 3600 + minute * 60 + second
    }

    private static func number(_ text: Substring, digits: ClosedRange<Int>) -> Int? {
        guard digits.contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }
}
