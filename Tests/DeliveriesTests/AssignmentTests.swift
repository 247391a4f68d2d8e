import Testing

@testable import Deliveries

/// The cheapest assignment against trying everything.
@Suite struct AssignmentTests {
    /// Numbers from 0 up to, not including, a bound.
    struct Dice {
        var scatter: Scatter

        mutating func roll(_ bound: Int) -> Int { min(bound - 1, Int((self.scatter.next() + 1) / 2 * Double(bound))) }
    }

    static func table(seed: UInt64) -> (rows: [[Assignment.Pair]], columns: Int, unmatched: Int) {
        var dice = Dice(scatter: Scatter(seed: seed))
        let columns = dice.roll(6)
        let rows = (0..<dice.roll(7)).map { _ in
            (0..<columns).filter { _ in dice.roll(10) < 6 }.map { column in
                // Few different costs, so that there are ties.
                Assignment.Pair(column: column, cost: seed.isMultiple(of: 2) ? dice.roll(4) : dice.roll(9000))
            }
        }
        return (rows, columns, seed.isMultiple(of: 2) ? dice.roll(8) : 5000)
    }

    static func cheapestByTrying(
        _ rows: ArraySlice<[Assignment.Pair]>, taken: Set<Int> = [], unmatched: Int
    ) -> Int {
        guard let first = rows.first else { return 0 }
        var best = unmatched + Self.cheapestByTrying(rows.dropFirst(), taken: taken, unmatched: unmatched)
        for pair in first where !taken.contains(pair.column) {
            let rest = Self.cheapestByTrying(rows.dropFirst(), taken: taken.union([pair.column]), unmatched: unmatched)
            best = min(best, pair.cost + rest)
        }
        return best
    }

    @Test func nothingIsCheaper() {
        for seed in UInt64(0)..<1500 {
            let (rows, columns, unmatched) = Self.table(seed: seed)
            let found = Assignment.cheapest(rows, columns: columns, unmatchedCost: unmatched)
            let taken = found.compactMap(\.self)
            #expect(Set(taken).count == taken.count)
            var cost = 0
            for (row, column) in zip(rows, found) {
                guard let column else {
                    cost += unmatched
                    continue
                }
                cost += row.first { $0.column == column }?.cost ?? 1_000_000
            }
            #expect(cost == Self.cheapestByTrying(rows[...], unmatched: unmatched), "seed \(seed)")
        }
    }

    @Test func theGreedyChoiceIsNotTaken() {
        let rows: [[Assignment.Pair]] = [
            [.init(column: 0, cost: 1), .init(column: 1, cost: 2)], [.init(column: 0, cost: 2)],
        ]
        #expect(Assignment.cheapest(rows, columns: 2, unmatchedCost: 100) == [1, 0])
    }

    @Test func severalHundredAtOnce() {
        var dice = Dice(scatter: Scatter(seed: 5))
        let rows = (0..<300).map { row in
            (0..<300).map { Assignment.Pair(column: $0, cost: abs($0 - row) * 10 + dice.roll(3)) }
        }
        let found = Assignment.cheapest(rows, columns: 300, unmatchedCost: 1_000_000)
        #expect(found.compactMap(\.self).sorted() == Array(0..<300))
    }
}
