/// One grid of the index: which fences' boxes overlap which cell.
struct FenceGrid: Sendable {
    /// Edge lengths in 1e-7 degree: 0.002° is about 220 m, each next grid is eight times as coarse.
    static let cellSizes: [Int32] = [20_000, 160_000, 1_280_000, 10_240_000, 81_920_000]
    /// A box goes into a grid when it is no more than this many cells wide and high.
    private static let widestInCells: Int64 = 3

    /// Fence indices, cell after cell.
    private(set) var members: [Int32]
    private let cellSize: Int32
    /// Open addressing with linear probing; the count is a power of two, at most half of it used.
    private var slots: [Slot]
    private let mask: Int

    private struct Slot {
        var key: UInt64
        var start: UInt32
        var end: UInt32
    }

    static func fits(_ box: BoundingBox, cellSize: Int32) -> Bool {
        let widest = Int64(cellSize) * self.widestInCells
        return Int64(box.north) - Int64(box.south) <= widest && Int64(box.east) - Int64(box.west) <= widest
    }

    init(cellSize: Int32, members: [Int32], boxes: [BoundingBox]) {
        self.cellSize = cellSize
        var entries: [(key: UInt64, member: Int32)] = []
        for member in members {
            let box = boxes[Int(member)]
            for row in Self.line(box.south, cellSize)...Self.line(box.north, cellSize) {
                for column in Self.line(box.west, cellSize)...Self.line(box.east, cellSize) {
                    entries.append((Self.key(row, column), member))
                }
            }
        }
        entries.sort { ($0.key, $0.member) < ($1.key, $1.member) }
        self.members = entries.map(\.member)

        var cells: [Slot] = []
        for (position, entry) in entries.enumerated() {
            if let last = cells.indices.last, cells[last].key == entry.key {
                cells[last].end = UInt32(position + 1)
            } else {
                cells.append(Slot(key: entry.key, start: UInt32(position), end: UInt32(position + 1)))
            }
        }
        var capacity = 16
        while capacity < cells.count * 2 { capacity *= 2 }
        self.mask = capacity - 1
        self.slots = Array(repeating: Slot(key: 0, start: 0, end: 0), count: capacity)
        for cell in cells {
            var index = Self.hash(cell.key) & self.mask
            // An empty cell is never stored, so an empty range marks a free slot.
            while self.slots[index].end != 0 { index = (index + 1) & self.mask }
            self.slots[index] = cell
        }
    }

    /// The positions in `members` of the fences that overlap the point's cell.
    func cell(at point: Coordinate) -> Range<Int> {
        let key = Self.key(Self.line(point.latitudeE7, self.cellSize), Self.line(point.longitudeE7, self.cellSize))
        var index = Self.hash(key) & self.mask
        while true {
            let slot = self.slots[index]
            if slot.end == 0 { return 0..<0 }
            if slot.key == key { return Int(slot.start)..<Int(slot.end) }
            index = (index + 1) & self.mask
        }
    }

    /// The row or column that a coordinate falls in, counted from -180°.
    private static func line(_ value: Int32, _ cellSize: Int32) -> UInt32 {
        UInt32(bitPattern: value &- Int32.min) / UInt32(bitPattern: cellSize)
    }

    private static func key(_ row: UInt32, _ column: UInt32) -> UInt64 { UInt64(row) << 32 | UInt64(column) }

    /// Fibonacci hashing: the golden ratio's multiplier, the product's upper half.
    private static func hash(_ key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32)
    }
}
