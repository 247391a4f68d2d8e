import Chronology
import Geodesy

/// The trail as XML for maps and receivers.
extension TrailWriter {
    /// GPX 1.1; its schema has no speed and course in a track, so they stand in Garmin's TrackPointExtension v2, in
    /// metres per second and degrees.
    func gpx() -> String {
        let name = TextEscapes.xml(self.name)
        var text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <gpx version="1.1" creator="Tongxing" xmlns="http://www.topografix.com/GPX/1/1" \
            xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v2">
              <trk>
                <name>\(name)</name>

            """
        for segment in self.segments {
            text += "    <trkseg>\n"
            for point in segment { text += Self.trackPoint(point) }
            text += "    </trkseg>\n"
        }
        text += "  </trk>\n</gpx>\n"
        return text
    }

    private static func trackPoint(_ point: TrailPoint) -> String {
        let latitude = NumberText.shortest(point.coordinate.latitude)
        let longitude = NumberText.shortest(point.coordinate.longitude)
        var text = "      <trkpt lat=\"\(latitude)\" lon=\"\(longitude)\">"
        if let altitude = Self.finite(point.altitude) { text += "<ele>\(altitude)</ele>" }
        text += "<time>\(point.time)</time>"
        let speed = Self.finite(point.speed.map { $0 / 3.6 }).map { "<gpxtpx:speed>\($0)</gpxtpx:speed>" } ?? ""
        let course = Self.finite(point.course).map { "<gpxtpx:course>\($0)</gpxtpx:course>" } ?? ""
        if !speed.isEmpty || !course.isEmpty {
            text +=
                "<extensions><gpxtpx:TrackPointExtension>\(speed)\(course)</gpxtpx:TrackPointExtension></extensions>"
        }
        return text + "</trkpt>\n"
    }

    /// KML 2.2: a line a segment with its time span, drawn on the ground, whatever altitudes the receiver gave.
    func kml() -> String {
        let name = TextEscapes.xml(self.name)
        var text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <kml xmlns="http://www.opengis.net/kml/2.2">
              <Document>
                <name>\(name)</name>

            """
        for (index, segment) in self.segments.enumerated() {
            guard let first = segment.first, let last = segment.last else { continue }
            text += "    <Placemark><name>\(name) \(index + 1)</name>"
            text += "<TimeSpan><begin>\(first.time)</begin><end>\(last.time)</end></TimeSpan>"
            let shape = segment.count == 1 ? "Point" : "LineString"
            text += "<\(shape)>"
            if segment.count > 1 { text += "<tessellate>1</tessellate>" }
            text += "<coordinates>"
            text += segment.map { point in
                let place = point.coordinate
                let height = Self.finite(point.altitude).map { ",\($0)" } ?? ""
                return "\(NumberText.shortest(place.longitude)),\(NumberText.shortest(place.latitude))\(height)"
            }.joined(separator: " ")
            text += "</coordinates></\(shape)></Placemark>\n"
        }
        text += "  </Document>\n</kml>\n"
        return text
    }

    /// XML's decimals know neither infinity nor an exponent; no such altitude, speed or course is real.
    private static func finite(_ number: Double?) -> String? {
        guard let number, number.isFinite else { return nil }
        let text = NumberText.shortest(number)
        return text.contains("e") ? nil : text
    }
}
