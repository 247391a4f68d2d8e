package import Chronology
package import Geodesy
package import Telemetry

/// A stretch in which a terminal went on reporting and saw no satellite.
package struct DarkSpell: Codable, Hashable, Sendable {
    /// The last position before it.
    package var seenAt: Instant
    package var coordinate: Coordinate
    package var start: Instant
    package var end: Instant
    package var reports = 1
    /// Reports in it that name no number of satellites.
    package var unnamed = 0
    /// Reports in it with a speed above walking; metres by the odometer; whether either is reported at all.
    package var movingReports = 0
    package var metres = 0.0
    package var isMotionKnown = false
    private var odometer: Int32?

    package init(seenAt: Instant, coordinate: Coordinate, start: Instant, end: Instant) {
        self.seenAt = seenAt
        self.coordinate = coordinate
        self.start = start
        self.end = end
    }

    package var seconds: Double { self.end.seconds(since: self.start) }

    mutating func take(_ report: PositionReport, _ movingSpeed: Double) {
        self.end = report.recordedAt
        if report.satellites == nil { self.unnamed += 1 }
        if let speed = report.speed {
            self.isMotionKnown = true
            if Double(speed) / 10 >= movingSpeed { self.movingReports += 1 }
        }
        if let odometer = report.odometer {
            if let before = self.odometer {
                self.isMotionKnown = true
                self.metres += max(0, Double(Int64(odometer) - Int64(before)) * 10)
            }
            self.odometer = odometer
        }
    }
}

/// Notices that a terminal sees no satellite though it reports.
package struct DarkSpellWatch: Codable, Hashable, Sendable {
    private var seenAt: Instant?
    private var coordinate: Coordinate?
    /// The spell that goes on.
    package private(set) var spell: DarkSpell?

    package init() {}

    /// Takes the next report in the order of time.
    package mutating func take(_ report: PositionReport, _ parameters: AnalysisParameters) {
        let isDark = report.satellites.map { $0 == 0 } ?? !report.hasFix
        guard isDark else {
            self.spell = nil
            if report.hasFix, !report.coordinate.isNullIsland {
                (self.seenAt, self.coordinate) = (report.recordedAt, report.coordinate)
            }
            return
        }
        guard let seenAt = self.seenAt, let coordinate = self.coordinate else { return }
        var spell =
            self.spell
            ?? DarkSpell(seenAt: seenAt, coordinate: coordinate, start: report.recordedAt, end: report.recordedAt)
        if self.spell != nil { spell.reports = min(spell.reports + 1, 1_000_000) }
        spell.take(report, parameters.driving.movingSpeed)
        self.spell = spell
    }
}
