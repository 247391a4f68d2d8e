package import Chronology
package import Geodesy

/// One row of the register of zones: roads that are closed to trucks at some hours, but for those with a permit.
package struct Zone: Hashable, Sendable, Codable {
    package var zoneID: String
    package var name: String
    /// What is forbidden, as the register says it.
    package var rule: String?
    /// Days of the week on which it holds, 1 Monday to 7 Sunday; empty: every day.
    package var days: Set<Int>
    /// Minutes since midnight in China between which it holds, the end not included; an end before the start is on the
    /// next day; `nil`: all day.
    package var fromMinute: Int?
    package var toMinute: Int?
    package var permitPlates: Set<String>
    package var fence: Fence
    /// When the order is in force; a register that gives no dates says that it always is.
    package var period: ValidPeriod

    package init(
        zoneID: String, name: String, rule: String? = nil, days: Set<Int> = [], fromMinute: Int? = nil,
        toMinute: Int? = nil, permitPlates: Set<String> = [], fence: Fence, period: ValidPeriod = .always
    ) {
        self.zoneID = zoneID
        self.name = name
        self.rule = rule
        self.days = days
        self.fromMinute = fromMinute
        self.toMinute = toMinute
        self.permitPlates = permitPlates
        self.fence = fence
        self.period = period
    }

    private enum CodingKeys: String, CodingKey {
        case zoneID, name, rule, days, fromMinute, toMinute, permitPlates, fence, period
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            zoneID: try container.decode(String.self, forKey: .zoneID),
            name: try container.decode(String.self, forKey: .name),
            rule: try container.decodeIfPresent(String.self, forKey: .rule),
            days: try container.decode(Set<Int>.self, forKey: .days),
            fromMinute: try container.decodeIfPresent(Int.self, forKey: .fromMinute),
            toMinute: try container.decodeIfPresent(Int.self, forKey: .toMinute),
            permitPlates: try container.decode(Set<String>.self, forKey: .permitPlates),
            fence: try container.decode(Fence.self, forKey: .fence),
            period: try container.decodeIfPresent(ValidPeriod.self, forKey: .period) ?? .always)
    }

    /// Days and plates in their order: equal zones are to be equal texts, in every process. A zone without dates is
    /// written as it was before there were any.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.zoneID, forKey: .zoneID)
        try container.encode(self.name, forKey: .name)
        try container.encodeIfPresent(self.rule, forKey: .rule)
        try container.encode(self.days.sorted(), forKey: .days)
        try container.encodeIfPresent(self.fromMinute, forKey: .fromMinute)
        try container.encodeIfPresent(self.toMinute, forKey: .toMinute)
        try container.encode(self.permitPlates.sorted(), forKey: .permitPlates)
        try container.encode(self.fence, forKey: .fence)
        if self.period != .always { try container.encode(self.period, forKey: .period) }
    }

    /// Whether the order is in force and the zone closed at a moment. Past midnight the day counts on which the closing
    /// began.
    package func isClosed(at instant: Instant) -> Bool {
        guard self.period.contains(instant) else { return false }
        let date = instant.date(at: .shanghai)
        let minute = Int(instant.seconds(since: Instant(startOf: date, at: .shanghai)) / 60)
        // 1970-01-01 was a Thursday.
        let weekday = ((date.daysSince1970 + 3) % 7 + 7) % 7 + 1
        func holds(on day: Int) -> Bool { self.days.isEmpty || self.days.contains(day) }
        guard let from = self.fromMinute, let to = self.toMinute, from != to else { return holds(on: weekday) }
        if from < to { return holds(on: weekday) && minute >= from && minute < to }
        return holds(on: weekday) && minute >= from || holds(on: weekday == 1 ? 7 : weekday - 1) && minute < to
    }
}
