package import Chronology
import Geodesy
package import Telemetry

/// The reports of a trail as stretches that may be drawn: without a fix and at (0, 0) nothing is drawn, and a gap
/// in time is no road.
package struct TrailStretches: Hashable, Sendable {
    /// Each at least one report long, oldest first.
    package private(set) var stretches: [[PositionReport]] = []

    /// The line is broken where more than `gap` seconds lie between two fixes.
    package init(_ reports: some Sequence<PositionReport>, gap: Double) {
        var current: [PositionReport] = []
        for report in reports where report.isUsable {
            if let last = current.last, report.recordedAt.seconds(since: last.recordedAt) > gap {
                self.stretches.append(current)
                current = []
            }
            current.append(report)
        }
        if !current.isEmpty { self.stretches.append(current) }
    }
}

extension Trail {
    /// A GeoJSON feature: the line in parts, and in its properties every drawn report with its time.
    /// `next` is the time of the first report that was left out for length; `nil` when none was.
    package func json(gap: Double, continuesAt next: Instant?) -> [UInt8] {
        let parts = TrailStretches(self.reports, gap: gap).stretches
        return JSONWriter.document(reserving: 256 + self.reports.count * 180) { feature in
            feature.member("type", "Feature")
            feature.member("id", self.terminal.text)
            feature.line("geometry", parts.filter { $0.count > 1 })
            feature.objectMember("properties") { properties in
                properties.member("terminal", self.terminal.text)
                properties.member("plate", self.plate)
                properties.member("gap_limit_s", gap)
                properties.member("reports", self.reports.count)
                properties.member("next_from", next)
                properties.arrayMember("points") { list in
                    for part in parts {
                        for report in part {
                            report.writePoint(to: &list, lateSeconds: self.lateSeconds[report.recordedAt])
                        }
                    }
                }
            }
        }
    }
}

extension PositionReport {
    fileprivate func writePoint(to writer: inout JSONWriter, lateSeconds: Int?) {
        writer.object { point in
            point.member("time", self.recordedAt)
            point.member("lon", degrees: self.coordinate.longitudeE7)
            point.member("lat", degrees: self.coordinate.latitudeE7)
            point.member("speed_kmh", tenths: self.speed)
            point.member("heading_deg", tenths: self.course)
            point.member("drum_rpm", tenths: self.drum)
            point.member("ignition", self.ignition)
            if let lateSeconds { point.member("late_s", lateSeconds) }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func line(_ name: String, _ parts: [[PositionReport]]) {
        self.name(name)
        guard !parts.isEmpty else { return self.null() }
        self.object {
            $0.member("type", "MultiLineString")
            $0.arrayMember("coordinates") { lines in
                for part in parts {
                    lines.array { line in part.forEach { line.position($0.coordinate) } }
                }
            }
        }
    }
}
