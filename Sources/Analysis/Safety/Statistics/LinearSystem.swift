/// Linear equations by Gaussian elimination with partial pivoting.
enum LinearSystem {
    /// The unknowns of n rows of n coefficients and a right side; `nil` where they are not determined.
    static func solve(_ rows: inout [[Double]]) -> [Double]? {
        let size = rows.count
        guard rows.allSatisfy({ $0.count == size + 1 }) else { return nil }
        for column in 0..<size {
            guard let pivot = (column..<size).max(by: { rows[$0][column].magnitude < rows[$1][column].magnitude }),
                rows[pivot][column].magnitude > 0
            else { return nil }
            rows.swapAt(column, pivot)
            for row in (column + 1)..<max(size, column + 1) {
                let factor = rows[row][column] / rows[column][column]
                guard factor != 0 else { continue }
                for index in column...size { rows[row][index] -= factor * rows[column][index] }
            }
        }
        var unknowns = [Double](repeating: 0, count: size)
        for row in (0..<size).reversed() {
            var right = rows[row][size]
            for index in (row + 1)..<max(size, row + 1) { right -= rows[row][index] * unknowns[index] }
            unknowns[row] = right / rows[row][row]
        }
        return unknowns.allSatisfy(\.isFinite) ? unknowns : nil
    }
}
