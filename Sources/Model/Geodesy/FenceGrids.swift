/// The grids of the index: which fences' boxes overlap which cell.
///
/// A grid is cut into blocks of 16 × 16 cells. Only blocks that hold something exist; they are found by a small hash
/// table, their cells by position. So two cities far apart cost no memory in between, and what a look-up reads is
/// close together. All grids lie in the same arrays.
struct FenceGrids: Sendable {
    /// Cells are 2^shift of 1e-7 degree wide and high: 0.0016° (180 m), then eight times as coarse each, to 6.7°.
    private static let shifts: [UInt32] = [14, 17, 20, 23, 26]
    /// A box goes into a grid when it is no more than this many cells wide and high.
    private static let widestInCells: Int64 = 3
    /// Cells of a block, as a power of two, along each side.
    private static let blockShift: UInt32 = 4
    private static let cellsPerBlock = 1 << (2 * Self.blockShift)

    /// Those that hold anything.
    private(set) var grids: [Grid] = []
    /// Fence indices, cell after cell.
    private(set) var members: [Int32] = []
    /// Fences too large for any grid.
    private(set) var everywhere: [Int32] = []
    /// Hash tables of blocks, one after the other.
    private var slots: [Slot] = []
    /// Where each cell's members begin, block after block, and at the end where they all end. A cell ends where the
    /// next one begins.
    private var starts: [UInt32] = []

    /// One grid: the size of its cells and where its hash table stands. Open addressing with linear probing; the
    /// count is a power of two, at most half of it used.
    struct Grid: Sendable {
        fileprivate var shift: UInt32
        fileprivate var firstSlot: Int
        fileprivate var mask: Int
    }

    /// A block and where its cells stand in `starts`; negative in a free slot.
    private struct Slot {
        var key: UInt64
        var firstCell: Int
    }

    init(boxes: [BoundingBox]) {
        var perGrid = [[Int32]](repeating: [], count: Self.shifts.count)
        for (index, box) in boxes.enumerated() {
            if let grid = Self.shifts.firstIndex(where: { Self.fits(box, shift: $0) }) {
                perGrid[grid].append(Int32(index))
            } else {
                self.everywhere.append(Int32(index))
            }
        }
        for (shift, fences) in zip(Self.shifts, perGrid) where !fences.isEmpty {
            self.add(fences, boxes: boxes, shift: shift)
        }
        self.starts.append(UInt32(self.members.count))
    }

    /// The positions in `members` of the fences that overlap the point's cell.
    @inline(__always)
    func cell(_ grid: Grid, at point: Coordinate) -> Range<Int> {
        let row = Self.line(point.latitudeE7, grid.shift)
        let column = Self.line(point.longitudeE7, grid.shift)
        let key = Self.blockKey(row, column)
        var index = Self.hash(key) & grid.mask
        while true {
            let slot = self.slots[grid.firstSlot &+ index]
            if slot.firstCell < 0 { return 0..<0 }
            if slot.key == key {
                let cell = slot.firstCell &+ Self.cellInBlock(row, column)
                return Range(uncheckedBounds: (Int(self.starts[cell]), Int(self.starts[cell &+ 1])))
            }
            index = (index &+ 1) & grid.mask
        }
    }

    private static func fits(_ box: BoundingBox, shift: UInt32) -> Bool {
        let widest = self.widestInCells << Int64(shift)
        return Int64(box.north) - Int64(box.south) <= widest && Int64(box.east) - Int64(box.west) <= widest
    }

    private mutating func add(_ fences: [Int32], boxes: [BoundingBox], shift: UInt32) {
        var entries: [(block: UInt64, cell: Int, fence: Int32)] = []
        for fence in fences {
            let box = boxes[Int(fence)]
            for row in Self.line(box.south, shift)...Self.line(box.north, shift) {
                for column in Self.line(box.west, shift)...Self.line(box.east, shift) {
                    entries.append((Self.blockKey(row, column), Self.cellInBlock(row, column), fence))
                }
            }
        }
        entries.sort { ($0.block, $0.cell, $0.fence) < ($1.block, $1.cell, $1.fence) }

        var blocks: [Slot] = []
        var next = 0
        while next < entries.count {
            let block = entries[next].block
            blocks.append(Slot(key: block, firstCell: self.starts.count))
            for cell in 0..<Self.cellsPerBlock {
                self.starts.append(UInt32(self.members.count))
                while next < entries.count, entries[next].block == block, entries[next].cell == cell {
                    self.members.append(entries[next].fence)
                    next += 1
                }
            }
        }
        self.addTable(of: blocks, shift: shift)
    }

    private mutating func addTable(of blocks: [Slot], shift: UInt32) {
        var capacity = 16
        while capacity < blocks.count * 2 { capacity *= 2 }
        let grid = Grid(shift: shift, firstSlot: self.slots.count, mask: capacity - 1)
        self.grids.append(grid)
        self.slots += Array(repeating: Slot(key: 0, firstCell: -1), count: capacity)
        for block in blocks {
            var index = Self.hash(block.key) & grid.mask
            while self.slots[grid.firstSlot + index].firstCell >= 0 { index = (index + 1) & grid.mask }
            self.slots[grid.firstSlot + index] = block
        }
    }

    /// The row or column that a coordinate falls in, counted from the lowest Int32.
    @inline(__always)
    private static func line(_ value: Int32, _ shift: UInt32) -> UInt32 {
        UInt32(bitPattern: value &- Int32.min) &>> shift
    }

    @inline(__always)
    private static func blockKey(_ row: UInt32, _ column: UInt32) -> UInt64 {
        UInt64(row &>> self.blockShift) &<< 32 | UInt64(column &>> self.blockShift)
    }

    @inline(__always)
    private static func cellInBlock(_ row: UInt32, _ column: UInt32) -> Int {
        let mask: UInt32 = 1 &<< self.blockShift &- 1
        return Int((row & mask) &<< self.blockShift | column & mask)
    }

    /// Fibonacci hashing: the golden ratio's multiplier, the product's upper half.
    @inline(__always)
    private static func hash(_ key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) &>> 32)
    }
}
