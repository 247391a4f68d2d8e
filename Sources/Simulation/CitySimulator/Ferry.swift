/// The ferry over the river, with the quickest ways to both of its banks.
struct Ferry: Sendable {
    /// Where trucks drive on board, or ashore.
    struct Bank: Sendable {
        var node: Int
        var ways: RouteTree
    }

    var west: Bank
    var east: Bank

    /// `nil` where no ferry crosses.
    init?(in roads: RoadNetwork) {
        guard let ferry = roads.roads.first(where: \.isFerry) else { return nil }
        let even = Array(repeating: 1.0, count: roads.roads.count)
        func bank(_ node: Int) -> Bank { Bank(node: node, ways: RouteTree(to: node, in: roads, weights: even)) }
        let isEastward = roads.nodes[ferry.from].x < roads.nodes[ferry.to].x
        self.west = bank(isEastward ? ferry.from : ferry.to)
        self.east = bank(isEastward ? ferry.to : ferry.from)
    }
}
