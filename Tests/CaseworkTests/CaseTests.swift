import Casework
import Chronology
import Testing

/// What may follow upon what, and which term ends when.
struct CaseTests {
    private static func time(_ text: String) -> Instant { Instant(rfc3339: text) ?? .distantPast }

    /// Begin and end as days in China.
    @Test(arguments: [
        // Friday: the working days begin on Monday.
        (CaseTerm.preservation, "2026-03-06", "2026-03-17"), (.hearingRequest, "2026-03-06", "2026-03-13"),
        (.complaint, "2026-03-08", "2026-03-17"), (.decision, "2026-03-02", "2026-05-31"),
        (.rectification, "2026-03-02", "2026-06-02"), (.rectification, "2026-11-30", "2027-02-28"),
        (.review, "2026-03-02", "2026-05-01"), (.lawsuit, "2026-08-31", "2027-02-28"),
        (.lawsuit, "2027-08-31", "2028-02-29"), (.limitation, "2024-02-29", "2026-02-28"),
        (.limitation, "2026-12-31", "2028-12-31"),
    ])
    func aTermEndsWithItsLastDay(term: CaseTerm, start: String, end: String) {
        // Half past eleven in the evening in China is still that day.
        let found = term.end(from: Self.time(start + "T23:30:00+08:00"))
        #expect(found == Self.time(end + "T23:59:59+08:00"), "\(found)")
    }

    private static func file(_ contents: [CaseEntry.Content]) -> CaseFile {
        let entries = contents.enumerated().map { index, content in
            CaseEntry(
                entryID: Int64(index + 1), at: Instant(seconds: Int64(index)), by: "li", role: "", content: content)
        }
        return CaseFile(
            caseID: "AJ-1", title: "x", openedAt: Instant(seconds: 0), openedBy: "li", district: nil, entries: entries)
    }

    @Test func theFileFollowsFromItsEntries() {
        let (one, other) = (CaseItem(.delivery, "D-1"), CaseItem(.alert, "A-1"))
        let due = Instant(seconds: 9000)
        let file = Self.file([
            .item(one), .item(other), .itemRemoved(one, note: "错"), .status(.filed, note: ""),
            .deadline(.decision, due, ""), .deadline(.other, Instant(seconds: 10), "现场"), .deadlineMet(6, note: ""),
        ])
        #expect(file.items == [other] && file.status == .filed)
        #expect(file.deadlines.map(\.entryID) == [6, 5] && file.nextDeadline?.dueAt == due)
        #expect(Self.file([]).status == .verifying)
    }

    /// A term is met by the stage that it is for, and no term runs on in a case that is over.
    @Test func termsEndWithTheStageThatTheyAreFor() {
        let due = Instant(seconds: 2)
        let terms: [CaseEntry.Content] = [
            .deadline(.decision, due, ""), .deadline(.hearingRequest, due, ""), .deadline(.review, due, ""),
            .deadline(.lawsuit, due, ""), .deadline(.other, due, "现场"),
        ]
        func state(_ contents: [CaseEntry.Content]) -> [String] {
            Self.file(terms + contents).deadlines.map { term in
                term.metAt.map { "met \($0.microseconds / 1_000_000)" }
                    ?? term.endedAt.map { "ended \($0.microseconds / 1_000_000)" } ?? "runs"
            }
        }
        #expect(state([.status(.filed, note: "")]) == ["runs", "runs", "runs", "runs", "runs"])
        let decided: [CaseEntry.Content] = [.status(.decided, note: "")]
        #expect(state(decided) == ["met 5", "ended 5", "runs", "runs", "runs"])
        #expect(
            state([.appeal(.hearing, note: "x")] + decided + [.appeal(.review, note: "x")])
                == ["met 6", "met 5", "met 7", "runs", "runs"])
        #expect(
            state(decided + [.status(.closed, note: "x")]) == ["met 5", "ended 5", "ended 6", "ended 6", "ended 6"])
        #expect(state([.status(.withdrawn, note: "x")]) == Array(repeating: "ended 5", count: 5))
        #expect(Self.file(terms + decided + [.status(.closed, note: "x")]).nextDeadline == nil)
        // Taken up again, it has the terms that begin from then on.
        let again = Self.file(terms + [.status(.closed, note: "x"), .status(.verifying, note: "")])
        #expect(again.nextDeadline == nil)
        #expect(throws: CaseworkRefusal.self) { try again.requireTakes(.deadlineMet(1, note: "")) }
    }

    @Test func whatIsTakenOutStaysInTheRecord() {
        let (one, other) = (CaseItem(.delivery, "D-1"), CaseItem(.alert, "A-1"))
        let twice = Self.file([
            .item(one), .item(other), .itemRemoved(one, note: "误"), .item(one), .itemRemoved(other, note: "重复"),
            .itemRemoved(one, note: "另案"),
        ])
        #expect(twice.items == [])
        #expect(twice.withdrawnItems.map(\.item) == [other, one])
        #expect(twice.withdrawnItems.map(\.note) == ["重复", "另案"])
        #expect(twice.withdrawnItems.map(\.at) == [Instant(seconds: 4), Instant(seconds: 5)])
        // Put in again, it is withdrawn no more, and the entries still tell of both.
        let back = Self.file([.item(one), .itemRemoved(one, note: "误"), .item(one)])
        #expect(back.items == [one] && back.withdrawnItems == [] && back.entries.count == 3)
    }

    @Test func whatDoesNotFollowIsRefused() throws {
        let item = CaseItem(.delivery, "D-1")
        let file = Self.file([.item(item), .deadline(.other, Instant(seconds: 10), "x"), .deadlineMet(2, note: "")])
        for content in [
            CaseEntry.Content.item(item), .itemRemoved(CaseItem(.alert, "A"), note: "x"), .deadlineMet(2, note: ""),
            .status(.decided, note: ""), .note(" \n"), .status(.withdrawn, note: ""), .appeal(.defence, note: ""),
            .deadline(.other, Instant(seconds: 1), ""),
        ] {
            #expect(throws: CaseworkRefusal.self, "\(content)") { try file.requireTakes(content) }
        }
        try file.requireTakes(.status(.filed, note: ""))
        try file.requireTakes(.status(.withdrawn, note: "不成立"))
    }

    @Test func everyStageCanBeReachedAndLeft() {
        var reached: Set<CaseStatus> = [.verifying]
        for _ in CaseStatus.allCases { reached.formUnion(reached.flatMap(\.followers)) }
        #expect(reached == Set(CaseStatus.allCases))
        for status in CaseStatus.allCases { #expect(!status.followers.contains(status) && !status.followers.isEmpty) }
    }

    @Test func decisionsFollowAndLeadBack() throws {
        for kind in DeliveryDecision.Kind.allCases {
            #expect(kind.followers.contains(.reopen) == (kind != .reopen))
        }
        try DeliveryDecision(.dispatch).requireFollows(nil)
        #expect(throws: CaseworkRefusal.self) { try DeliveryDecision(.reopen, note: "x").requireFollows(nil) }
        #expect(throws: CaseworkRefusal.self) { try DeliveryDecision(.confirm, note: "x").requireFollows(.dismiss) }
    }

    @Test func urgentAlertsAreLookedAtFirst() {
        let clocks = (1...4).map { AlertClock(severity: $0, raisedAt: Instant(seconds: 0)) }
        for (calm, grave) in zip(clocks, clocks.dropFirst()) {
            #expect(grave.acknowledgeBy < calm.acknowledgeBy && grave.closeBy < calm.closeBy)
        }
        #expect(AlertClock(severity: 9, raisedAt: Instant(seconds: 0)) == clocks[3])
        #expect(AlertClock(severity: -1, raisedAt: Instant(seconds: 0)) == clocks[0])
    }
}
