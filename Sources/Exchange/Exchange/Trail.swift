package import Chronology
package import Geodesy

/// Where one vehicle went: its positions in event time. A missing value is unknown, never zero.
package struct TrailPoint: Hashable, Sendable, Codable {
    package var time: Instant
    package var coordinate: Coordinate
    /// Metres.
    package var altitude: Double?
    /// Speed over ground in km/h.
    package var speed: Double?
    /// Course over ground in degrees, 0 is north, 90 east.
    package var course: Double?

    package init(
        time: Instant, coordinate: Coordinate, altitude: Double? = nil, speed: Double? = nil, course: Double? = nil
    ) {
        self.time = time
        self.coordinate = coordinate
        self.altitude = altitude
        self.speed = speed
        self.course = course
    }
}

/// The formats of a trail: the machine formats of a table, and those of maps.
package enum TrailFormat: String, Sendable, CaseIterable {
    case csv, json, ndjson, geojson, gpx, kml

    /// What HTTP calls it.
    package var mediaType: String {
        switch self {
        case .gpx: "application/gpx+xml"
        case .kml: "application/vnd.google-earth.kml+xml"
        case .csv, .json, .ndjson, .geojson:
            TableFormat(rawValue: self.rawValue)?.mediaType ?? "application/octet-stream"
        }
    }
}

/// Writes the trail of one vehicle.
///
/// The tables have one row a point. GeoJSON, GPX and KML have lines, and a line never bridges a gap of more than ten
/// minutes: nobody knows how the vehicle went there.
package struct TrailWriter: Sendable {
    /// Names of the columns as in the position messages of the contract.
    package static let columns = ["time", "lat", "lon", "altitude_m", "speed_kmh", "heading_deg"]
    /// A longer time between two points ends a line, in seconds.
    package static let longestGapSeconds = 600.0

    /// The plate or the terminal.
    let name: String
    private let points: [TrailPoint]

    /// Points may come in any order.
    package init(name: String, points: some Sequence<TrailPoint>) {
        self.name = name
        self.points = points.sorted { $0.time < $1.time }
    }

    package func write(as format: TrailFormat) -> [UInt8] {
        switch format {
        case .csv: self.table(as: .csv)
        case .json: self.table(as: .json)
        case .ndjson: self.table(as: .ndjson)
        case .geojson: self.geoJSON()
        case .gpx: Array(self.gpx().utf8)
        case .kml: Array(self.kml().utf8)
        }
    }

    /// The points between gaps, each part with at least one.
    package var segments: [ArraySlice<TrailPoint>] {
        var segments: [ArraySlice<TrailPoint>] = []
        var start = 0
        for index in self.points.indices.dropFirst()
        where self.points[index].time.seconds(since: self.points[index - 1].time) > Self.longestGapSeconds {
            segments.append(self.points[start..<index])
            start = index
        }
        if start < self.points.count { segments.append(self.points[start...]) }
        return segments
    }

    private func table(as format: TableFormat) -> [UInt8] {
        var writer = TableWriter(columns: Self.columns, format: format)
        for point in self.points {
            writer.append([
                .time(point.time), .number(point.coordinate.latitude), .number(point.coordinate.longitude),
                .number(point.altitude), .number(point.speed), .number(point.course),
            ])
        }
        return writer.finish()
    }

    /// One feature a segment: a line, or a point where the vehicle was seen only once between two gaps. `times` has
    /// one entry a position (null never occurs), so that the line can be drawn by the hour.
    private func geoJSON() -> [UInt8] {
        var writer = TableWriter(columns: ["name", "segment", "from", "to", "points", "times"], format: .geojson)
        for (index, segment) in self.segments.enumerated() {
            guard let first = segment.first, let last = segment.last else { continue }
            let line = segment.map(\.coordinate)
            writer.append(
                [
                    .text(self.name), .integer(index + 1), .time(first.time), .time(last.time),
                    .integer(segment.count), .times(segment.map(\.time)),
                ], geometry: line.count == 1 ? .point(first.coordinate) : .line(line))
        }
        return writer.finish()
    }
}
