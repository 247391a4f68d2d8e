import Chronology
import Foundation
import Testing

@Suite("Calendar and time line")
struct CalendarTests {
    @Test("Every day from 1900 to 2100 comes back from its number, one after the other")
    func roundTrip() throws {
        var number = try #require(CivilDate(year: 1900, month: 1, day: 1)).daysSince1970
        #expect(number == -25567)
        for year in 1900...2100 {
            for month in 1...12 {
                for day in 1...CivilDate.days(inMonth: month, of: year) {
                    let date = try #require(CivilDate(year: year, month: month, day: day))
                    #expect(date.daysSince1970 == number)
                    #expect(CivilDate(daysSince1970: number) == date)
                    number += 1
                }
            }
        }
        #expect(CivilDate(daysSince1970: number) == CivilDate(year: 2101, month: 1, day: 1))
    }

    @Test("Dates agree with Foundation's Gregorian calendar")
    func agreesWithFoundation() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        for number in stride(from: -25567, through: 47847, by: 97) {
            let parts = calendar.dateComponents(
                [.year, .month, .day], from: Date(timeIntervalSince1970: Double(number) * 86400))
            let date = CivilDate(daysSince1970: number)
            #expect([date.year, date.month, date.day] == [parts.year, parts.month, parts.day])
        }
    }

    @Test(
        "Days that do not exist are refused",
        arguments: [
            (2026, 2, 29), (2100, 2, 29), (1900, 2, 29), (2026, 4, 31), (2026, 0, 1), (2026, 13, 1), (2026, 1, 0),
            (2026, 1, 32), (0, 1, 1), (-1, 1, 1), (10_000, 1, 1), (.max, .max, .max), (.min, .min, .min),
        ])
    func refuses(year: Int, month: Int, day: Int) {
        #expect(CivilDate(year: year, month: month, day: day) == nil)
    }

    @Test(
        "Leap years",
        arguments: [(1900, 28), (2000, 29), (2024, 29), (2026, 28), (2100, 28), (2400, 29)])
    func leapYears(year: Int, days: Int) {
        #expect(CivilDate.days(inMonth: 2, of: year) == days)
    }

    @Test("Dates are written with four and two digits, and ordered")
    func text() throws {
        let early = try #require(CivilDate(year: 987, month: 6, day: 5))
        let late = try #require(CivilDate(year: 2026, month: 3, day: 2))
        #expect(early.description == "0987-06-05")
        #expect(late.description == "2026-03-02")
        #expect(early < late)
    }

    @Test("A day begins at midnight of its clocks")
    func startOfDay() throws {
        let date = try #require(CivilDate(year: 2026, month: 3, day: 2))
        let start = Instant(startOf: date, at: .shanghai)
        #expect(start.description == "2026-03-01T16:00:00Z")
        #expect(start.date(at: .shanghai) == date)
        #expect(Instant(microseconds: start.microseconds - 1).date(at: .shanghai).description == "2026-03-01")
        #expect(start.date(at: .utc).description == "2026-03-01")
    }

    @Test(
        "Arithmetic on the time line saturates and never traps",
        arguments: [
            (Instant(seconds: .max), Instant.distantFuture),
            (Instant(seconds: .min), .distantPast),
            (Instant(milliseconds: .max), .distantFuture),
            (Instant(milliseconds: .min), .distantPast),
            (Instant(milliseconds: 1500), Instant(microseconds: 1_500_000)),
            (Instant(seconds: 1).advanced(bySeconds: 0.25), Instant(microseconds: 1_250_000)),
            (Instant(seconds: 1).advanced(bySeconds: -2), Instant(seconds: -1)),
            (Instant(seconds: 1).advanced(bySeconds: 1e300), .distantFuture),
            (Instant(seconds: 1).advanced(bySeconds: -.infinity), .distantPast),
            (Instant.distantFuture.advanced(bySeconds: 1e9), .distantFuture),
            (Instant.distantPast.advanced(bySeconds: -1e9), .distantPast),
        ])
    func saturates(result: Instant, expected: Instant) {
        #expect(result == expected)
    }

    @Test("Spans are in seconds, with a sign")
    func spans() {
        #expect(Instant(milliseconds: 2500).seconds(since: Instant(seconds: 1)) == 1.5)
        #expect(Instant(seconds: 1).seconds(since: Instant(milliseconds: 2500)) == -1.5)
        #expect(Instant.distantFuture.seconds(since: .distantPast) > 9e12)
        #expect(Instant.distantPast.seconds(since: .distantFuture) < -9e12)
    }

    @Test("Instants are coded as their microseconds")
    func coding() throws {
        let data = try JSONEncoder().encode([Instant(microseconds: 42)])
        #expect(String(decoding: data, as: UTF8.self) == "[42]")
        #expect(try JSONDecoder().decode([Instant].self, from: data) == [Instant(microseconds: 42)])
    }
}
