import Chronology
import Deliveries
import Testing

/// Loads and notes are matched by half days of the calendar, so that nothing depends on what else is judged with them.
@Suite struct MatchingSpanTests {
    @Test(arguments: [
        ("2026-03-02T00:00:00Z", "2026-03-02T00:00:00Z"), ("2026-03-02T11:59:59Z", "2026-03-02T00:00:00Z"),
        ("2026-03-02T12:00:00Z", "2026-03-02T12:00:00Z"), ("1969-12-31T23:00:00Z", "1969-12-31T12:00:00Z"),
        ("1969-12-31T12:00:00Z", "1969-12-31T12:00:00Z"),
    ])
    func aTimeBelongsToAHalfDay(text: String, startText: String) throws {
        let time = try #require(Instant(rfc3339: text))
        let start = try #require(Instant(rfc3339: startText))
        let span = MatchingSpan(of: time)
        #expect(span.start == start && span.end == start.advanced(bySeconds: 43_200))
        #expect(span.matched.lowerBound == start.advanced(bySeconds: -43_200))
        #expect(span.matched.upperBound == start.advanced(bySeconds: 86_400))
        // A clock that is a day beside the time.
        #expect(span.clocked.lowerBound <= span.matched.lowerBound.advanced(bySeconds: -86_400))
        #expect(span.clocked.upperBound >= span.matched.upperBound.advanced(bySeconds: 86_400))
    }
}
