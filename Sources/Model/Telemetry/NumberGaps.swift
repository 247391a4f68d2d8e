package import Chronology

/// A report that carries its terminal's own number.
package struct NumberedReport: Hashable, Sendable {
    package var number: Int64
    package var recordedAt: Instant
    package var receivedAt: Instant

    package init(number: Int64, recordedAt: Instant, receivedAt: Instant) {
        self.number = number
        self.recordedAt = recordedAt
        self.receivedAt = receivedAt
    }
}

/// Numbers that never arrived between two that did. What arrived is stored or in quarantine, so these were never sent,
/// or were lost on the way.
package struct NumberGap: Hashable, Sendable {
    package var first: Int64
    package var last: Int64
    /// The reports on either side.
    package var before: NumberedReport
    package var after: NumberedReport
    /// The terminal began to count again at 0 between the two, so how many it sent before that is not known.
    package var followsRestart = false

    package var count: Int64 {
        let distance = self.last.subtractingReportingOverflow(self.first)
        return distance.overflow ? .max : distance.partialValue.saturatingSum(1)
    }
}

/// Finds the gaps in one terminal's numbers. Reports come in order of event time, so that one that arrives late stands
/// where it belongs and closes its gap.
package struct NumberGaps: Sendable {
    package private(set) var gaps: [NumberGap] = []
    package private(set) var restarts = 0
    package private(set) var reports = 0

    /// Serial numbers of 16 bits, counted on here beyond their wrap.
    private var isWrapped = false
    private var run: [Int64: NumberedReport] = [:]
    private var newest: NumberedReport?
    private var latest: Instant?
    private var runBefore: NumberedReport?
    /// Whether the run is known to have begun at 0, so that what lacks there is missing.
    private var runBeganAtZero = false

    /// A number may come so much later than a higher one, in numbers and in time, and belong to the same count: two
    /// reports of one second, or a device clock that was set. Anything more is a restart.
    private static let disorder: Int64 = 100
    private static let disorderSeconds = 600.0

    package init(_ reports: some Sequence<NumberedReport>) {
        var ofThisTime: Set<Int64> = []
        for report in reports {
            // Of one time and number: the same report, delivered again.
            if report.recordedAt != self.latest { ofThisTime.removeAll(keepingCapacity: true) }
            self.latest = report.recordedAt
            guard ofThisTime.insert(report.number).inserted else { continue }
            if let newest, self.isRestart(report, after: newest) { self.beginRun() }
            self.take(report)
        }
        self.finish()
    }

    /// Serial numbers in order of arrival; what was delivered again is neither a gap nor a restart.
    package init(serials: some Sequence<(run: SerialRun, receivedAt: Instant)>) {
        self.isWrapped = true
        var counter = SerialCounter()
        for (run, receivedAt) in serials {
            for step in 0..<max(0, run.count) {
                let serial = run.first &+ UInt16(truncatingIfNeeded: step)
                self.take(counter.take(serial, run.delivery, at: receivedAt))
            }
        }
        self.take(counter.finish())
        self.finish()
    }

    private mutating func take(_ steps: [SerialCounter.Step]) {
        for step in steps {
            switch step {
            case .restart(let beginsAtZero): self.beginRun(atZero: beginsAtZero)
            case .number(let number, let time):
                self.take(NumberedReport(number: number, recordedAt: time, receivedAt: time))
            }
        }
    }

    /// A number of a gap as the terminal sends it: serial numbers begin again at 0 after 65,535, so that a gap's last
    /// may be less than its first.
    package func asSent(_ number: Int64) -> Int64 {
        self.isWrapped ? Int64(UInt16(truncatingIfNeeded: number)) : number
    }

    /// At most `Int64.max`: a number is 64 bits wide, and a terminal may say any.
    package var missing: Int64 { self.gaps.reduce(0) { $0.saturatingSum($1.count) } }

    /// Takes the numbers of refused reports out of the gaps: they arrived, and lie in quarantine. Their own time may be
    /// what they were refused for, so of several gaps with such a number the one nearest to its receipt is meant.
    package mutating func close(by arrivals: some Sequence<NumberedReport>) {
        for arrival in arrivals {
            let around = self.gaps.indices.filter { self.gaps[$0].contains(arrival.number) }
            let nearest = around.min {
                self.gaps[$0].seconds(to: arrival.receivedAt) < self.gaps[$1].seconds(to: arrival.receivedAt)
            }
            guard let nearest else { continue }
            self.gaps.replaceSubrange(nearest...nearest, with: self.gaps[nearest].split(by: arrival))
        }
    }

    private mutating func take(_ report: NumberedReport) {
        self.reports += 1
        if self.run[report.number] == nil { self.run[report.number] = report }
        if self.newest.map({ report.number > $0.number }) ?? true { self.newest = report }
    }

    private mutating func beginRun(atZero: Bool = true) {
        self.closeRun()
        self.runBeganAtZero = atZero
        self.restarts += 1
        self.runBefore = self.newest
        self.newest = nil
    }

    private mutating func finish() {
        self.closeRun()
        self.gaps.sort { ($0.before.recordedAt, $0.first) < ($1.before.recordedAt, $1.first) }
    }

    private func isRestart(_ report: NumberedReport, after newest: NumberedReport) -> Bool {
        guard report.number < newest.number else { return false }
        if report.number == 0 || self.run[report.number] != nil { return true }
        let distance = newest.number.subtractingReportingOverflow(report.number)
        return distance.overflow || distance.partialValue > Self.disorder
            || report.recordedAt.seconds(since: newest.recordedAt) > Self.disorderSeconds
    }

    private mutating func closeRun() {
        let ordered = self.run.values.sorted { $0.number < $1.number }
        if self.runBeganAtZero, let before = self.runBefore, let first = ordered.first, first.number > 0 {
            self.gaps.append(
                NumberGap(first: 0, last: first.number - 1, before: before, after: first, followsRestart: true))
        }
        for (before, after) in zip(ordered, ordered.dropFirst()) where after.number > before.number &+ 1 {
            self.gaps.append(
                NumberGap(first: before.number &+ 1, last: after.number &- 1, before: before, after: after))
        }
        self.run.removeAll(keepingCapacity: true)
    }
}

extension NumberGap {
    fileprivate func contains(_ number: Int64) -> Bool { self.first <= number && number <= self.last }

    /// How far a receipt lies outside the receipts of the two neighbours.
    fileprivate func seconds(to time: Instant) -> Double {
        let (start, end) = (
            min(self.before.receivedAt, self.after.receivedAt), max(self.before.receivedAt, self.after.receivedAt)
        )
        return max(0, start.seconds(since: time), time.seconds(since: end))
    }

    /// What is left on either side of a number that the gap contains.
    fileprivate func split(by arrival: NumberedReport) -> [NumberGap] {
        var parts: [NumberGap] = []
        if arrival.number > self.first {
            var lower = self
            (lower.last, lower.after) = (arrival.number - 1, arrival)
            parts.append(lower)
        }
        if arrival.number < self.last {
            parts.append(
                NumberGap(first: arrival.number + 1, last: self.last, before: arrival, after: self.after))
        }
        return parts
    }
}

extension Int64 {
    fileprivate func saturatingSum(_ other: Int64) -> Int64 {
        let sum = self.addingReportingOverflow(other)
        guard sum.overflow else { return sum.partialValue }
        return other > 0 ? .max : .min
    }
}
