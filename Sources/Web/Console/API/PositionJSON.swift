import Chronology
package import Geodesy
import Registers
package import Telemetry

extension LatestPosition {
    /// Where to draw the truck: its newest report if that has a fix, else the last place where it had one.
    package var drawnAt: Coordinate? {
        self.report.isUsable ? self.report.coordinate : self.lastFix
    }

    /// `ok`, `lost`, `occluded`, `fault`; `unknown` when the camera said nothing for `hold` seconds before the newest
    /// report, or never: a silent camera is not an ok one.
    package func rightCameraState(hold: Double) -> String {
        guard let camera = self.rightCamera, self.report.recordedAt.seconds(since: camera.recordedAt) <= hold else {
            return "unknown"
        }
        return camera.state.rawValue
    }

    /// Writes a GeoJSON feature; member names are those of the native dialect (`contract.md` §1).
    package func writeFeature(to writer: inout JSONWriter, cameraHold: Double) {
        writer.object { feature in
            feature.member("type", "Feature")
            feature.member("id", self.terminal.text)
            feature.point("geometry", self.drawnAt)
            feature.objectMember("properties") { properties in
                properties.member("terminal", self.terminal.text)
                properties.member("plate", self.plate)
                properties.member("kind", self.kind?.rawValue)
                properties.member("company", self.company)
                properties.member("time", self.report.recordedAt)
                properties.member("received_at", self.receivedAt)
                properties.member("fix", self.report.isUsable)
                properties.member("speed_kmh", tenths: self.report.speed)
                properties.member("heading_deg", tenths: self.report.course)
                properties.member("ignition", self.report.ignition)
                properties.member("drum_rpm", tenths: self.report.drum)
                properties.member("load_kg", self.report.load)
                properties.member("load_state", self.load)
                properties.objectMember("right_camera") {
                    $0.member("state", self.rightCameraState(hold: cameraHold))
                    $0.member("time", self.rightCamera?.recordedAt)
                }
            }
        }
    }
}

extension PositionReport {
    /// Whether the report may move anything: it has a fix, and is not at (0, 0).
    package var isUsable: Bool { self.hasFix && !self.coordinate.isNullIsland }
}

extension JSONWriter {
    /// A GeoJSON point, or null where the place is not known.
    package mutating func point(_ name: String, _ coordinate: Coordinate?) {
        self.name(name)
        guard let coordinate else { return self.null() }
        self.object {
            $0.member("type", "Point")
            $0.name("coordinates")
            $0.position(coordinate)
        }
    }
}
