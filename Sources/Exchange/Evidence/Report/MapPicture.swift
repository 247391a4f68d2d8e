import Chronology
import Deliveries
import Exchange
import Geodesy
import Registers
import Suspicions
import Telemetry

/// The trail over the fences of then, drawn without any map service: north is up, metres are to scale.
struct MapPicture {
    private static let width = 1000.0
    private static let height = 720.0
    private static let border = 46.0

    private let projection: Projection
    private var drawing = SVGText(width: Self.width, height: Self.height)

    /// Longitude and latitude onto the sheet: equirectangular around the middle, which is exact enough for a city.
    private struct Projection {
        let center: Coordinate
        let metresPerPoint: Double
        let cosine: Double

        init(_ box: BoundingBox) {
            self.center = box.center
            self.cosine = max(0.01, Self.cosine(box.center.latitude))
            let north = Double(box.north) - Double(box.south)
            let east = (Double(box.east) - Double(box.west)) * self.cosine
            let metres = Sphere.metresPerDegree / 1e7
            let across = east * metres / (MapPicture.width - 2 * MapPicture.border)
            let up = north * metres / (MapPicture.height - 2 * MapPicture.border)
            self.metresPerPoint = max(across, up, 0.5)
        }

        func point(_ place: Coordinate) -> (x: Double, y: Double) {
            let metres = Sphere.metresPerDegree / self.metresPerPoint
            return (
                MapPicture.width / 2 + (place.longitude - self.center.longitude) * self.cosine * metres,
                MapPicture.height / 2 - (place.latitude - self.center.latitude) * metres
            )
        }

        /// By the haversine of one degree of longitude, so that no mathematical library is needed.
        private static func cosine(_ latitude: Double) -> Double {
            guard let one = Coordinate(latitude: latitude, longitude: 0),
                let other = Coordinate(latitude: latitude, longitude: 0.1)
            else { return 1 }
            return one.distanceMetres(to: other) / (Sphere.metresPerDegree * 0.1)
        }
    }

    static func draw(_ evidence: EvidenceCase, trail: [DecodedReports.Row<PositionReport>]) -> String {
        let delivery = evidence.judged.delivery
        var points = trail.map(\.report.coordinate)
        points += [delivery.origin.coordinate, delivery.destination.coordinate].compactMap { $0 }
        let box = BoundingBox(around: points) ?? BoundingBox(south: 0, west: 0, north: 1000, east: 1000)
        var picture = MapPicture(projection: Projection(box.expanded(byMetres: 150)))
        for row in evidence.registers where row.wasKnown(at: evidence.derivedAt) { picture.fence(row.record) }
        picture.trail(trail, delivery)
        picture.stops(delivery)
        picture.legend()
        return picture.drawing.document(title: "轨迹与围栏 Trail and fences \(delivery.deliveryID)")
    }

    private init(projection: Projection) {
        self.projection = projection
    }

    private mutating func fence(_ record: RegisterRecord) {
        guard let fence = record.fence else { return }
        let (color, name): (String, String) =
            switch record {
            case .plant(let row): ("#1b6ca8", row.name)
            case .site(let row): ("#2e7d32", row.name)
            case .zone(let row): ("#c62828", row.name)
            case .place(let row): ("#6d6d6d", row.name)
            default: ("#6d6d6d", record.key)
            }
        let rings: [[Coordinate]] =
            switch fence {
            case .circle(let center, let radius):
                [(0..<72).map { center.moved(metres: radius, bearingDegrees: Double($0) * 5) }]
            case .polygon(let polygon): polygon.rings
            }
        for ring in rings {
            self.drawing.line(
                ring.map(self.projection.point), stroke: color, width: 1.5, fill: color, closed: true, opacity: 0.12)
        }
        let middle = self.projection.point(fence.boundingBox.center)
        guard (0...Self.width).contains(middle.x), (0...Self.height).contains(middle.y) else { return }
        self.drawing.text(name, middle.x, middle.y, size: 12, anchor: "middle", fill: color)
    }

    /// Dashed where nobody knows how the truck went; strong where it was loaded.
    private mutating func trail(_ trail: [DecodedReports.Row<PositionReport>], _ delivery: Delivery) {
        var start = 0
        func isLoaded(_ time: Instant) -> Bool {
            delivery.loadEnd.map { time >= $0 && time <= delivery.unloadStart } ?? false
        }
        for index in trail.indices.dropFirst() {
            let (before, now) = (trail[index - 1].report, trail[index].report)
            let isGap = now.recordedAt.seconds(since: before.recordedAt) > TrailWriter.longestGapSeconds
            guard isGap || isLoaded(before.recordedAt) != isLoaded(now.recordedAt) else { continue }
            self.stretch(trail[start..<(isGap ? index : index + 1)], isLoaded: isLoaded(before.recordedAt))
            if isGap {
                self.drawing.line(
                    [self.projection.point(before.coordinate), self.projection.point(now.coordinate)],
                    stroke: "#c62828", width: 1.5, dash: "3 5")
            }
            start = index
        }
        if start < trail.count { self.stretch(trail[start...], isLoaded: isLoaded(trail[start].report.recordedAt)) }
    }

    private mutating func stretch(_ rows: ArraySlice<DecodedReports.Row<PositionReport>>, isLoaded: Bool) {
        self.drawing.line(
            rows.map { self.projection.point($0.report.coordinate) }, stroke: isLoaded ? "#d84315" : "#78909c",
            width: isLoaded ? 3 : 1.8)
    }

    private mutating func stops(_ delivery: Delivery) {
        for halt in delivery.haul?.halts ?? [] {
            let at = self.projection.point(halt.coordinate)
            self.drawing.circle(at.x, at.y, radius: 5, fill: "#f9a825")
            self.drawing.text(
                "停 halt \(ChinaTime.clock(halt.start)), \(Int(halt.seconds / 60)) min", at.x + 8, at.y + 18, size: 11)
        }
        let ends = [
            ("装 load", delivery.origin, delivery.loadStart, "#1b6ca8"),
            ("卸 unload", delivery.destination, delivery.unloadStart, "#2e7d32"),
        ]
        for (name, end, time, color) in ends {
            guard let place = end.coordinate else { continue }
            let at = self.projection.point(place)
            self.drawing.circle(at.x, at.y, radius: 8, fill: color)
            let clock = time.map { " " + ChinaTime.clock($0) } ?? ""
            self.drawing.text(name + clock, at.x + 12, at.y - 8, size: 14, fill: color, bold: true)
        }
    }

    private mutating func legend() {
        let steps = [50.0, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000]
        let metres = steps.first { $0 / self.projection.metresPerPoint >= 90 } ?? 100_000
        let length = metres / self.projection.metresPerPoint
        let y = Self.height - 18
        self.drawing.line([(20, y), (20 + length, y)], stroke: "#222", width: 3)
        self.drawing.text(metres < 1000 ? "\(Int(metres)) m" : "\(Int(metres / 1000)) km", 26 + length, y + 4)
        self.drawing.text("北 N ↑", Self.width - 60, 26, size: 14, bold: true)
        self.drawing.text(
            "WGS-84；橙 负载 loaded，灰 空载 unloaded，红虚线 断点 gap；蓝 站 plant，绿 工地 site，灰 地点 place，红 限行 zone", Self.width - 20,
            y + 4,
            size: 11, anchor: "end")
    }
}
