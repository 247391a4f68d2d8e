/// The river through the city, from north to south between two columns of the grid. Every road from west to east
/// crosses it: one by a ferry, the others by tunnel or bridge in turn.
enum River {
    static let x = -1400.0
    /// Metres from the middle to the banks.
    static let halfWidth = 450.0
    /// Metres from the middle to the tunnels' mouths.
    static let tunnelHalfLength = 800.0
    /// The row of the grid whose road ends at a ferry.
    static let ferryRow = 3
    /// A ferry crosses at 20 km/h.
    static let ferrySpeed = 5.5

    /// No plant, site or other place is built so near to it.
    static func isNear(_ point: Point) -> Bool { (point.x - Self.x).magnitude < Self.tunnelHalfLength + 200 }

    static func isTunnel(_ point: Point) -> Bool {
        (point.x - Self.x).magnitude < Self.tunnelHalfLength && Self.isTunnelRow(point.y)
    }

    /// Whether the way from one point to the next leads through a tunnel.
    static func isTunnel(from a: Point, to b: Point) -> Bool {
        Self.isBetween(a, b) && Self.isTunnelRow((a.y + b.y) / 2)
    }

    /// Whether one point lies on the western and the other on the eastern side.
    static func isBetween(_ a: Point, _ b: Point) -> Bool { (a.x < Self.x) != (b.x < Self.x) }

    private static func isTunnelRow(_ y: Double) -> Bool {
        let row = Int((y / RoadNetwork.spacing + Double(RoadNetwork.rows - 1) / 2).rounded())
        return row.isMultiple(of: 2)
    }
}
