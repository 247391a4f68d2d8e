import Chronology
import Exchange
import Foundation
import Geodesy
import Testing

@Suite struct TrailWriterTests {
    private func point(_ second: Int64, altitude: Double? = nil, speed: Double? = nil, course: Double? = nil)
        -> TrailPoint
    {
        TrailPoint(
            time: Instant(seconds: second),
            coordinate: Coordinate(latitudeE7: 305_000_000 + Int32(second), longitudeE7: 1_206_000_000),
            altitude: altitude, speed: speed, course: course)
    }

    /// Two minutes, a gap of ten minutes and a second, and one point more; given in the wrong order.
    private func writer(name: String = "浙F12345") -> TrailWriter {
        TrailWriter(
            name: name,
            points: [
                self.point(721), self.point(0, altitude: 12.5, speed: 36, course: 187), self.point(120, speed: .nan),
            ])
    }

    private func text(_ format: TrailFormat) -> String {
        String(decoding: self.writer().write(as: format), as: UTF8.self)
    }

    @Test(
        arguments: [
            ([0, 600, 1200], [3]), ([0, 601], [1, 1]), ([0, 10, 611, 612, 2000], [2, 2, 1]), ([], []), ([5], [1]),
            ([5, 5], [2]),
            ([2000, 0], [1, 1]),
        ] as [([Int64], [Int])])
    func linesEndAtGapsOfMoreThanTenMinutes(seconds: [Int64], counts: [Int]) {
        #expect(TrailWriter(name: "", points: seconds.map { self.point($0) }).segments.map(\.count) == counts)
    }

    @Test func tablesHaveARowAPoint() {
        #expect(
            self.text(.csv) == """
                time,lat,lon,altitude_m,speed_kmh,heading_deg
                1970-01-01T00:00:00Z,30.5,120.6,12.5,36,187
                1970-01-01T00:02:00Z,30.500012,120.6,,,
                1970-01-01T00:12:01Z,30.5000721,120.6,,,

                """)
        #expect(
            self.text(.ndjson).hasSuffix(
                #"{"time":"1970-01-01T00:12:01Z","lat":30.5000721,"lon":120.6,"altitude_m":null,"#
                    + #""speed_kmh":null,"heading_deg":null}"#
                    + "\n"))
        #expect(self.text(.json).hasPrefix("[\n{"))
    }

    @Test func geoJSONHasAFeatureASegment() {
        #expect(
            self.text(.geojson) == """
                {"type":"FeatureCollection","features":[
                {"type":"Feature","geometry":{"type":"LineString","coordinates":[[120.6,30.5],[120.6,30.500012]]},\
                "properties":{"name":"浙F12345","segment":1,"from":"1970-01-01T00:00:00Z","to":"1970-01-01T00:02:00Z",\
                "points":2,"times":["1970-01-01T00:00:00Z","1970-01-01T00:02:00Z"]}},
                {"type":"Feature","geometry":{"type":"Point","coordinates":[120.6,30.5000721]},\
                "properties":{"name":"浙F12345","segment":2,"from":"1970-01-01T00:12:01Z","to":"1970-01-01T00:12:01Z",\
                "points":1,"times":["1970-01-01T00:12:01Z"]}}
                ]}

                """)
    }

    @Test func gpxIsVersion11() {
        #expect(
            self.text(.gpx) == """
                <?xml version="1.0" encoding="UTF-8"?>
                <gpx version="1.1" creator="Tongxing" xmlns="http://www.topografix.com/GPX/1/1" \
                xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v2">
                  <trk>
                    <name>浙F12345</name>
                    <trkseg>
                      <trkpt lat="30.5" lon="120.6"><ele>12.5</ele><time>1970-01-01T00:00:00Z</time>\
                <extensions><gpxtpx:TrackPointExtension>\
                <gpxtpx:speed>10</gpxtpx:speed><gpxtpx:course>187</gpxtpx:course>\
                </gpxtpx:TrackPointExtension></extensions></trkpt>
                      <trkpt lat="30.500012" lon="120.6"><time>1970-01-01T00:02:00Z</time></trkpt>
                    </trkseg>
                    <trkseg>
                      <trkpt lat="30.5000721" lon="120.6"><time>1970-01-01T00:12:01Z</time></trkpt>
                    </trkseg>
                  </trk>
                </gpx>

                """)
    }

    @Test func kmlHasALineASegment() {
        #expect(
            self.text(.kml) == """
                <?xml version="1.0" encoding="UTF-8"?>
                <kml xmlns="http://www.opengis.net/kml/2.2">
                  <Document>
                    <name>浙F12345</name>
                    <Placemark><name>浙F12345 1</name>\
                <TimeSpan><begin>1970-01-01T00:00:00Z</begin><end>1970-01-01T00:02:00Z</end></TimeSpan>\
                <LineString><tessellate>1</tessellate><coordinates>120.6,30.5,12.5 120.6,30.500012</coordinates>\
                </LineString></Placemark>
                    <Placemark><name>浙F12345 2</name>\
                <TimeSpan><begin>1970-01-01T00:12:01Z</begin><end>1970-01-01T00:12:01Z</end></TimeSpan>\
                <Point><coordinates>120.6,30.5000721</coordinates></Point></Placemark>
                  </Document>
                </kml>

                """)
    }

    @Test(arguments: [TrailFormat.gpx, .kml])
    func hostileNamesStayText(format: TrailFormat) {
        let name = "<a>&\"'\u{0}\u{1F}]]>\r\u{FFFE}站"
        let text = String(decoding: self.writer(name: name).write(as: format), as: UTF8.self)
        let escaped = "<name>&lt;a&gt;&amp;&quot;&apos;\u{FFFD}\u{FFFD}]]&gt;&#13;\u{FFFD}站"
        #expect(text.contains(escaped))
        let names = text.components(separatedBy: "<name>").count - 1
        #expect(names == (format == .gpx ? 1 : 3))
    }

    @Test(arguments: TrailFormat.allCases)
    func anEmptyTrailIsAWholeFile(format: TrailFormat) {
        let text = String(decoding: TrailWriter(name: "", points: []).write(as: format), as: UTF8.self)
        switch format {
        case .csv: #expect(text == TrailWriter.columns.joined(separator: ",") + "\n")
        case .json: #expect(text == "[]\n")
        case .ndjson: #expect(text.isEmpty)
        case .geojson: #expect(text.hasSuffix("[]}\n"))
        case .gpx: #expect(text.hasSuffix("</gpx>\n"))
        case .kml: #expect(text.hasSuffix("</kml>\n"))
        }
    }
}
