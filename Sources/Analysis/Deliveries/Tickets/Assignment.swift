/// The cheapest way to give each row at most one column: shortest augmenting paths over the pairs that are possible
/// (Kuhn's Hungarian method as Jonker and Volgenant run it, on a sparse table).
enum Assignment {
    /// One possible pair.
    struct Pair: Hashable {
        var column: Int
        var cost: Int
    }

    /// For each row its column, or `nil` where leaving it alone, at `unmatchedCost`, is cheaper for all. Costs are not
    /// negative. Of several cheapest ways always the same one is found for the same table.
    static func cheapest(_ rows: [[Pair]], columns: Int, unmatchedCost: Int) -> [Int?] {
        // A row's own spare column stands for leaving it alone.
        let pairs = rows.enumerated().map { $1 + [Pair(column: columns + $0, cost: unmatchedCost)] }
        let width = columns + rows.count
        var owner = [Int?](repeating: nil, count: width)
        var column = [Int](repeating: 0, count: rows.count)
        var rowPotential = [Int](repeating: 0, count: rows.count)
        var columnPotential = [Int](repeating: 0, count: width)
        for start in rows.indices {
            var distance = [Int: Int]()
            var from = [Int: Int]()
            var reached: [Int] = []
            var settled: [Int] = []
            var isSettled = Set<Int>()
            var (row, base) = (start, 0)
            var end: Int?
            while end == nil {
                for pair in pairs[row] where !isSettled.contains(pair.column) {
                    let length = base + pair.cost - rowPotential[row] - columnPotential[pair.column]
                    if let known = distance[pair.column], known <= length { continue }
                    if distance[pair.column] == nil { reached.append(pair.column) }
                    distance[pair.column] = length
                    from[pair.column] = row
                }
                guard
                    let nearest = reached.lazy.filter({ !isSettled.contains($0) })
                        .min(by: { (distance[$0] ?? 0, $0) < (distance[$1] ?? 0, $1) })
                else { break }
                isSettled.insert(nearest)
                settled.append(nearest)
                base = distance[nearest] ?? 0
                if let next = owner[nearest] { row = next } else { end = nearest }
            }
            guard var free = end else { continue }
            for settledColumn in settled where settledColumn != free {
                let slack = base - (distance[settledColumn] ?? 0)
                columnPotential[settledColumn] -= slack
                if let owning = owner[settledColumn] { rowPotential[owning] += slack }
            }
            rowPotential[start] += base
            while let taker = from[free] {
                let before = column[taker]
                owner[free] = taker
                column[taker] = free
                if taker == start { break }
                free = before
            }
        }
        return column.map { $0 < columns ? $0 : nil }
    }
}
