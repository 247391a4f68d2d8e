package import Chronology

/// The terms that the law sets (`domain.md` §2.1 and §4.5), and free ones.
package enum CaseTerm: String, Sendable, Codable, CaseIterable {
    /// Evidence that was registered and preserved is dealt with within 7 days (行政处罚法 art. 56; working days, art. 85).
    case preservation
    /// The party may ask for a hearing within 5 days of being told (art. 64; working days).
    case hearingRequest = "hearing_request"
    /// The decision within 90 days of filing (art. 60).
    case decision
    /// A complaint is answered within 7 working days (青岛市建设工程材料管理条例 art. 23).
    case complaint
    /// A company that no longer meets its qualification is given up to three months to put it right
    /// (建筑业企业资质管理规定 art. 28); after that the qualification may be withdrawn.
    case rectification
    /// Administrative review within 60 days of learning of the decision (行政复议法 art. 20).
    case review
    /// A lawsuit within six months (行政诉讼法 art. 46).
    case lawsuit
    /// Two years from the act (行政处罚法 art. 36; five where life or health is concerned).
    case limitation
    case other

    /// When the term ends that begins at `start`: with the last moment of its last day in China.
    ///
    /// Working days are Monday to Friday; public holidays are announced year by year and are not known here, so the
    /// true end may be later, never earlier, but for a weekend that was made a working day.
    package func end(from start: Instant) -> Instant {
        let first = start.date(at: .shanghai)
        let last: CivilDate
        switch self {
        case .preservation, .complaint: last = Self.workingDays(7, after: first)
        case .hearingRequest: last = Self.workingDays(5, after: first)
        case .decision: last = Self.days(90, after: first)
        case .rectification: last = Self.months(3, after: first)
        case .review: last = Self.days(60, after: first)
        case .lawsuit: last = Self.months(6, after: first)
        case .limitation: last = Self.months(24, after: first)
        case .other: last = Self.days(30, after: first)
        }
        return Instant(startOf: Self.days(1, after: last), at: .shanghai).advanced(bySeconds: -1)
    }

    /// Whether this is what the term was for: the decision is made, the party has asked.
    func isMet(by content: CaseEntry.Content) -> Bool {
        switch (self, content) {
        case (.decision, .status(.decided, _)), (.limitation, .status(.decided, _)),
            (.hearingRequest, .appeal(.hearing, _)), (.review, .appeal(.review, _)),
            (.lawsuit, .appeal(.lawsuit, _)):
            true
        default: false
        }
    }

    /// Whether nothing is left that the term could be for: the case is over, or, of the request for a hearing, decided.
    /// A case that is taken up again begins with terms of its own.
    func ends(with content: CaseEntry.Content) -> Bool {
        switch content {
        case .status(.closed, _), .status(.withdrawn, _): true
        case .status(.decided, _): self == .hearingRequest
        default: false
        }
    }

    private static func days(_ count: Int, after date: CivilDate) -> CivilDate {
        CivilDate(daysSince1970: date.daysSince1970 + count)
    }

    private static func workingDays(_ count: Int, after date: CivilDate) -> CivilDate {
        var (left, day) = (count, date.daysSince1970)
        while left > 0 {
            day += 1
            // 1 January 1970 was a Thursday: Monday is 0.
            if ((day + 3) % 7 + 7) % 7 < 5 { left -= 1 }
        }
        return CivilDate(daysSince1970: day)
    }

    private static func months(_ count: Int, after date: CivilDate) -> CivilDate {
        let months = date.year * 12 + date.month - 1 + count
        let (year, month) = (months / 12, months % 12 + 1)
        let day = min(date.day, CivilDate.days(inMonth: month, of: year))
        return CivilDate(year: year, month: month, day: day) ?? date
    }
}
