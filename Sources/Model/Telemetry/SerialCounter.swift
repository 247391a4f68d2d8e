import Chronology

/// Turns serial numbers that wrap at 65,536, in order of arrival, into numbers that do not, and finds out where the
/// terminal began to count again.
///
/// A step back is a restart, or a message that was late or delivered again; the number alone does not tell. The log
/// does: what it had already never begins a count and never moves it, and a new message under a number that was used
/// is a second count. Messages of which the log knows nothing (heartbeats, refused ones) go with their neighbours.
struct SerialCounter {
    /// What a number means for the count.
    enum Step: Hashable {
        /// The terminal began to count again; `atZero`: so near to 0 that the numbers below are missing.
        case restart(atZero: Bool)
        case number(Int64, Instant)
    }

    /// A message whose number does not simply go on with the count.
    private struct Stray {
        var serial: UInt16
        var time: Instant
    }

    /// What a number can be next to the count so far.
    private enum Place {
        case next(Int64), back(Int64), restart, unplaced
    }

    /// The lowest and the highest number of this count, and all of it.
    private var first: Int64 = 0
    private var last: Int64?
    private var seen: Set<Int64> = []
    /// Strays that followed one another up to now: if the next message is a restart, they began it.
    private var strays: [Stray] = []
    /// How many of the strays are known to be late.
    private var settled = 0
    /// The number that was delivered again last, until the count goes on.
    private var lastAgain: UInt16?
    /// Numbers ahead of the count that came with what was there already, as when a device repeats itself under new
    /// numbers: they move nothing, and are no gap when the count passes them.
    private var early: [Int64: Instant] = [:]
    private var lastEarly: Int64?

    /// A jump forward by more than this, to a number nearer to 0 than this, is a restart rather than a loss; so is a
    /// step back by more.
    private static let window: Int64 = 1000
    /// So far before the first number that was seen, a message is late; further, it is of another count.
    private static let disorder: Int64 = 100

    mutating func take(_ serial: UInt16, _ delivery: SerialRun.Delivery, at time: Instant) -> [Step] {
        switch delivery {
        case .first: self.takeFirst(serial, time)
        case .again: self.takeAgain(serial, time)
        case .unknown: self.takeUnknown(serial, time)
        }
    }

    /// Decides on what is left.
    mutating func finish() -> [Step] { self.settleStrays() }

    // MARK: - By delivery

    private mutating func takeFirst(_ serial: UInt16, _ time: Instant) -> [Step] {
        var steps: [Step] = []
        if !self.continuesStrays(serial) { steps += self.settleStrays(before: serial) }
        switch self.place(serial) {
        case .next(let number):
            // A count that goes on after the strays, rather than from where it was.
            if let last, number > last + Self.window, let head = self.strays.first, self.isRestart(head.serial) {
                return steps + self.restart(with: serial, time)
            }
            return steps + self.absorbStrays() + self.advance(to: number, time)
        case .back(let number) where self.isUsed(number) && !self.follows(serial, self.lastAgain):
            return steps + self.restart(with: serial, time)
        case .restart:
            return steps + self.restart(with: serial, time)
        case .back(let number):
            steps += self.absorbStrays() + self.fill(number, time)
        case .unplaced:
            steps += self.absorbStrays()
        }
        self.strays.append(Stray(serial: serial, time: time))
        self.settled = self.strays.count
        return steps
    }

    private mutating func takeAgain(_ serial: UInt16, _ time: Instant) -> [Step] {
        var steps = self.continuesStrays(serial) ? self.absorbStrays(asAgain: true) : self.settleStrays()
        self.forgetStrays()
        self.lastAgain = serial
        // Nothing can begin with it: what lies between it and the next new one may have come before.
        if let last { steps += self.takeKnown(self.number(of: serial, near: last), time) }
        return steps
    }

    private mutating func takeUnknown(_ serial: UInt16, _ time: Instant) -> [Step] {
        var steps: [Step] = []
        if !self.continuesStrays(serial) { steps += self.settleStrays(before: serial) }
        if let last, self.strays.isEmpty, self.lastAgain == nil, self.number(of: serial, near: last) == last + 1 {
            return steps + self.advance(to: last + 1, time)
        }
        self.strays.append(Stray(serial: serial, time: time))
        return steps
    }

    // MARK: - Places

    private func number(of serial: UInt16, near last: Int64) -> Int64 {
        let forward = Int64(serial &- UInt16(truncatingIfNeeded: last))
        // Half of the circle ahead is progress, the other half a message that comes late or again.
        return forward < 32_768 ? last + forward : last + forward - 65_536
    }

    /// As far as the number alone tells.
    private func isRestart(_ serial: UInt16) -> Bool {
        guard let last else { return false }
        let number = self.number(of: serial, near: last)
        let isFarAhead = number > max(last, self.lastEarly ?? last) + Self.window && Int64(serial) < Self.window
        return isFarAhead || number < last - Self.window || number < 0
    }

    private func place(_ serial: UInt16) -> Place {
        guard let last else { return .next(Int64(serial)) }
        let number = self.number(of: serial, near: last)
        if number > last { return self.isRestart(serial) ? .restart : .next(number) }
        if number >= self.first { return .back(number) }
        // Before all that was seen there is nothing to say of a message that is late.
        let isLate = number >= max(0, self.first - Self.disorder) || Int64(serial) >= Self.window
        return isLate ? .unplaced : .restart
    }

    /// Whether an earlier message of this count had the number. The last one's may stand for the same message, or for a
    /// terminal that does not count at all.
    private func isUsed(_ number: Int64) -> Bool { number != self.last && self.seen.contains(number) }

    private func follows(_ serial: UInt16, _ other: UInt16?) -> Bool {
        other.map { (1...Self.window).contains(Int64(serial &- $0)) } ?? false
    }

    private func continuesStrays(_ serial: UInt16) -> Bool { self.follows(serial, self.strays.last?.serial) }

    // MARK: - Steps

    private mutating func advance(to number: Int64, _ time: Instant) -> [Step] {
        if self.last == nil { self.first = number }
        var steps: [Step] = []
        if let last, number > last + 1, !self.early.isEmpty {
            for (known, time) in self.early.sorted(by: { $0.key < $1.key }) where known < number {
                steps.append(.number(known, time))
                self.seen.insert(known)
            }
            self.early = self.early.filter { $0.key > number }
        } else {
            // Nothing lies between this one and the last.
            self.early[number] = nil
        }
        self.last = number
        self.seen.insert(number)
        self.lastAgain = nil
        self.forgetStrays()
        return steps + [.number(number, time)]
    }

    /// A number that the count has passed: it came all the same.
    private mutating func fill(_ number: Int64, _ time: Instant) -> [Step] {
        guard number >= self.first, self.seen.insert(number).inserted else { return [] }
        return [.number(number, time)]
    }

    /// A number that came with what was there already.
    private mutating func takeKnown(_ number: Int64, _ time: Instant) -> [Step] {
        guard let last else { return [] }
        guard number > last else { return self.fill(number, time) }
        if number <= max(last, self.lastEarly ?? last) + Self.window {
            self.early[number] = time
            self.lastEarly = max(number, self.lastEarly ?? number)
        }
        return []
    }

    /// The count begins again with the strays that lead up to this number, or with it.
    private mutating func restart(with serial: UInt16, _ time: Instant) -> [Step] {
        let begun = self.strays + [Stray(serial: serial, time: time)]
        let head = Int64(begun[0].serial)
        self = SerialCounter()
        var steps: [Step] = [.restart(atZero: head < Self.window)]
        for stray in begun {
            steps += self.advance(to: self.last.map { self.number(of: stray.serial, near: $0) } ?? head, stray.time)
        }
        return steps
    }

    private mutating func forgetStrays() {
        self.strays.removeAll(keepingCapacity: true)
        self.settled = 0
    }

    /// The strays that are not settled came late, or with what was delivered again.
    private mutating func absorbStrays(asAgain: Bool = false) -> [Step] {
        var steps: [Step] = []
        let open = self.strays[self.settled...]
        self.settled = self.strays.count
        for stray in open {
            guard let last else {
                if !asAgain { steps += self.advance(to: Int64(stray.serial), stray.time) }
                continue
            }
            let number = self.number(of: stray.serial, near: last)
            if asAgain || number <= last {
                steps += self.takeKnown(number, stray.time)
            } else {
                steps += self.advance(to: number, stray.time)
            }
        }
        return steps
    }

    /// No neighbour has told what the strays are: with what was delivered again they belong, or else their numbers
    /// alone must tell.
    /// - Parameter next: a message that does not follow them; where it goes on with the count, they began no other.
    private mutating func settleStrays(before next: UInt16? = nil) -> [Step] {
        guard let head = self.strays.first else { return [] }
        defer { self.forgetStrays() }
        if self.follows(head.serial, self.lastAgain) { return self.absorbStrays(asAgain: true) }
        if let last, let next, self.follows(next, UInt16(truncatingIfNeeded: last)) {
            return self.absorbStrays(asAgain: true)
        }
        guard self.settled == 0, self.isRestart(head.serial) else { return self.absorbStrays() }
        guard let tail = self.strays.popLast() else { return [] }
        return self.restart(with: tail.serial, tail.time)
    }
}
