import Glibc

extension Fence {
    /// Whether the point is inside or on the outline: for a circle by distance, for a polygon by the even-odd rule,
    /// exactly.
    package func contains(_ point: Coordinate) -> Bool {
        switch self {
        case .circle(let center, let radius): center.distanceMetres(to: point) <= radius
        case .polygon(let polygon): polygon.contains(point)
        }
    }

    /// Whether every corner of the other fence is inside; of a circle sixteen points of its outline. An outline that
    /// leaves this fence between two corners is not noticed.
    package func encloses(_ other: Fence) -> Bool {
        switch other {
        case .circle(let center, let radius):
            (0..<16).allSatisfy {
                self.contains(center.moved(metres: radius, bearingDegrees: Double($0) * 22.5))
            }
        case .polygon(let polygon): polygon.rings.allSatisfy { $0.allSatisfy(self.contains) }
        }
    }

    /// 0 inside, else metres to the nearest point of the outline.
    package func distanceMetres(to point: Coordinate) -> Double {
        switch self {
        case .circle(let center, let radius): max(0, center.distanceMetres(to: point) - radius)
        case .polygon(let polygon): polygon.contains(point) ? 0 : polygon.distanceToOutline(from: point)
        }
    }

    /// A box that holds the whole fence.
    package var boundingBox: BoundingBox {
        switch self {
        case .circle(let center, let radius):
            BoundingBox(
                south: center.latitudeE7, west: center.longitudeE7, north: center.latitudeE7, east: center.longitudeE7
            ).expanded(byMetres: radius)
        case .polygon(let polygon):
            BoundingBox(around: polygon.rings.joined()) ?? BoundingBox(south: 0, west: 0, north: 0, east: 0)
        }
    }

    /// Whether it is drawn along a road, a track or a pipe: at least so many metres long, from corner to corner of its
    /// box, and on average so many times as long as wide. Of several rings the largest tells; no circle is one.
    package func isStrip(ofMetres length: Double, timesWidth: Double) -> Bool {
        guard case .polygon(let polygon) = self, let (ring, area) = polygon.largestRing,
            let box = BoundingBox(around: ring)
        else { return false }
        let corner = Coordinate(latitudeE7: box.south, longitudeE7: box.west)
        let across = corner.distanceMetres(to: Coordinate(latitudeE7: box.north, longitudeE7: box.east))
        return across >= length && across * across >= timesWidth * area
    }

    /// The middle: of a circle its centre, of a polygon the centre of gravity of its largest ring (which may lie
    /// outside a bent one).
    package var center: Coordinate {
        switch self {
        case .circle(let center, _): center
        case .polygon(let polygon): polygon.centroid
        }
    }
}

extension Polygon {
    func contains(_ point: Coordinate) -> Bool {
        var isInside = false
        for ring in self.rings {
            guard var previous = ring.last else { continue }
            for corner in ring {
                switch PolygonEdge(from: previous, to: corner).side(of: point) {
                case .apart: break
                case .crossed: isInside.toggle()
                case .touched: return true
                }
                previous = corner
            }
        }
        return isInside
    }

    /// The nearest point of the outline is looked for on a plane that touches the sphere at `point` (good to a metre
    /// over ten kilometres), its distance then measured on the sphere.
    func distanceToOutline(from point: Coordinate) -> Double {
        let narrowing = cos(Double(point.latitudeE7) * Sphere.radiansPerE7)
        func local(_ corner: Coordinate) -> (x: Double, y: Double) {
            (
                (Double(corner.longitudeE7) - Double(point.longitudeE7)) * narrowing,
                Double(corner.latitudeE7) - Double(point.latitudeE7)
            )
        }
        var smallest = Double.infinity
        var nearest = (x: 0.0, y: 0.0)
        for ring in self.rings {
            guard let last = ring.last else { continue }
            var start = local(last)
            for corner in ring {
                let end = local(corner)
                let along = (x: end.x - start.x, y: end.y - start.y)
                let length = along.x * along.x + along.y * along.y
                let share = length > 0 ? -(start.x * along.x + start.y * along.y) / length : 0
                let clamped = max(0, min(1, share))
                let foot = (x: start.x + clamped * along.x, y: start.y + clamped * along.y)
                let square = foot.x * foot.x + foot.y * foot.y
                if square < smallest {
                    smallest = square
                    nearest = foot
                }
                start = end
            }
        }
        guard smallest.isFinite else { return .infinity }
        // In doubles, so that a distance below the grid of coordinates is not rounded to it.
        let latitude = Double(point.latitudeE7) * Sphere.radiansPerE7
        let north = sin(nearest.y * Sphere.radiansPerE7 / 2)
        let east = narrowing > 1e-9 ? sin(nearest.x / narrowing * Sphere.radiansPerE7 / 2) : 0
        let square = north * north + cos(latitude) * cos(latitude + nearest.y * Sphere.radiansPerE7) * east * east
        return 2 * Sphere.radiusMetres * asin(min(1, max(0, square).squareRoot()))
    }

    /// The ring that holds most, and its square metres.
    fileprivate var largestRing: (ring: [Coordinate], area: Double)? {
        self.rings.map { ($0, Self.squareMetres(of: $0)) }.max { $0.1 < $1.1 }
    }

    /// On a plane that touches the sphere at the first corner.
    private static func squareMetres(of ring: [Coordinate]) -> Double {
        guard let origin = ring.first, var previous = ring.last else { return 0 }
        var doubled = 0.0
        for corner in ring {
            let (east, north) = (
                Double(corner.longitudeE7) - Double(origin.longitudeE7),
                Double(corner.latitudeE7) - Double(origin.latitudeE7)
            )
            let (eastBefore, northBefore) = (
                Double(previous.longitudeE7) - Double(origin.longitudeE7),
                Double(previous.latitudeE7) - Double(origin.latitudeE7)
            )
            doubled += eastBefore * north - east * northBefore
            previous = corner
        }
        let metres = Sphere.metresPerDegree / 1e7
        return doubled.magnitude / 2 * metres * metres * cos(Double(origin.latitudeE7) * Sphere.radiansPerE7)
    }

    var centroid: Coordinate {
        var best: (area: Double, point: Coordinate)?
        for ring in self.rings {
            guard let origin = ring.first, let last = ring.last else { continue }
            func local(_ corner: Coordinate) -> (x: Double, y: Double) {
                (
                    Double(corner.longitudeE7) - Double(origin.longitudeE7),
                    Double(corner.latitudeE7) - Double(origin.latitudeE7)
                )
            }
            var (doubledArea, momentX, momentY) = (0.0, 0.0, 0.0)
            var start = local(last)
            for corner in ring {
                let end = local(corner)
                let cross = start.x * end.y - end.x * start.y
                doubledArea += cross
                momentX += (start.x + end.x) * cross
                momentY += (start.y + end.y) * cross
                start = end
            }
            guard doubledArea != 0, doubledArea.magnitude > best?.area ?? 0 else { continue }
            let latitude = (Double(origin.latitudeE7) + momentY / (3 * doubledArea)) / 1e7
            let longitude = (Double(origin.longitudeE7) + momentX / (3 * doubledArea)) / 1e7
            if let point = Coordinate(latitude: latitude, longitude: longitude) {
                best = (doubledArea.magnitude, point)
            }
        }
        // A self-crossing ring can balance out to nothing.
        return best?.point ?? Fence.polygon(self).boundingBox.center
    }
}
