/// Finds the fences around a point among thousands: grids of cells over the fences' bounding boxes, then the exact
/// test.
///
/// Cells are kept in hash tables, so that two cities far apart cost no memory in between. There are grids of several
/// cell sizes, each fence being in the finest that holds it in few cells; those too large for any are tried for every
/// point.
package struct FenceIndex: Sendable {
    /// The fences, by the index that the look-ups give.
    package let fences: [Fence]
    /// How far outside a fence's bounding box a point is still its candidate.
    package let marginMetres: Double
    private let shapes: [Shape]
    /// Bounding boxes, and the same with the margin.
    private let boxes: [BoundingBox]
    private let widened: [BoundingBox]
    private let edges: [PolygonEdge]
    private let grids: FenceGrids

    /// What the exact test needs, without a pointer to follow.
    private enum Shape {
        case circle(center: Coordinate, radiusMetres: Double)
        case polygon(firstEdge: Int32, endEdge: Int32)
    }

    package init(_ fences: [Fence], marginMetres: Double = 0) {
        self.fences = fences
        self.marginMetres = max(0, marginMetres)
        let margin = self.marginMetres
        var shapes: [Shape] = []
        var edges: [PolygonEdge] = []
        for fence in fences {
            switch fence {
            case .circle(let center, let radius): shapes.append(.circle(center: center, radiusMetres: radius))
            case .polygon(let polygon):
                let first = Int32(edges.count)
                edges += polygon.edges
                shapes.append(.polygon(firstEdge: first, endEdge: Int32(edges.count)))
            }
        }
        let boxes = fences.map(\.boundingBox)
        let widened = boxes.map { $0.expanded(byMetres: margin) }
        self.shapes = shapes
        self.edges = edges
        self.boxes = boxes
        self.widened = widened
        self.grids = FenceGrids(boxes: widened)
    }

    /// Calls `body` once with the index of every fence whose bounding box, widened by the margin, holds the point:
    /// all fences within the margin, and some that are farther. The order is always the same, but not ascending.
    package func forEachCandidate(at point: Coordinate, _ body: (Int) -> Void) {
        self.forEach(in: self.widened, at: point, body)
    }

    /// Calls `body` with the index of every fence that contains the point, as `forEachCandidate` does.
    package func forEachContaining(_ point: Coordinate, _ body: (Int) -> Void) {
        self.forEach(in: self.boxes, at: point) { index in
            if self.contains(point, index) { body(index) }
        }
    }

    /// The indices of all fences that contain the point, ascending.
    package func containing(_ point: Coordinate) -> [Int] {
        var found: [Int] = []
        self.forEachContaining(point) { found.append($0) }
        if found.count > 1 { found.sort() }
        return found
    }

    @inline(__always)
    private func forEach(in boxes: [BoundingBox], at point: Coordinate, _ body: (Int) -> Void) {
        for grid in self.grids.grids {
            for position in self.grids.cell(grid, at: point) {
                let index = Int(self.grids.members[position])
                if boxes[index].contains(point) { body(index) }
            }
        }
        for index in self.grids.everywhere where boxes[Int(index)].contains(point) { body(Int(index)) }
    }

    private func contains(_ point: Coordinate, _ index: Int) -> Bool {
        switch self.shapes[index] {
        case .circle(let center, let radius): return center.distanceMetres(to: point) <= radius
        case .polygon(let first, let end):
            var isInside = false
            for index in Int(first)..<Int(end) {
                switch self.edges[index].side(of: point) {
                case .apart: break
                case .crossed: isInside.toggle()
                case .touched: return true
                }
            }
            return isInside
        }
    }
}
