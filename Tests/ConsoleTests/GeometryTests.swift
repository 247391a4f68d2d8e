import Chronology
import Console
import Geodesy
import Telemetry
import Testing

/// How reports become a line.
struct TrailStretchTests {
    /// `.` a fix, `x` one without, `0` one at (0, 0), a digit n ≥ 1 a silence of n minutes; fixes are 60 s apart.
    @Test(arguments: [
        ("", []), ("...", [3]), ("..9..", [4]), ("..99..", [2, 2]), ("x..x.", [3]), ("00", []), (".99.99.", [1, 1, 1]),
        ("..xxxxxxxxxxx..", [2, 2]),
    ])
    func lineBreaksAtGaps(pattern: String, lengths: [Int]) {
        var time: Int64 = 0
        var reports: [PositionReport] = []
        for letter in pattern {
            time += 60
            switch letter {
            case ".": reports.append(report(time))
            case "x": reports.append(report(time, fix: false))
            case "0": reports.append(report(time, 0, 0))
            default: time += Int64(String(letter)).map { $0 * 60 - 60 } ?? 0
            }
        }
        #expect(TrailStretches(reports, gap: 600).stretches.map(\.count) == lengths)
    }

    @Test func aGapOfExactlyTheLimitIsDrawn() {
        #expect(TrailStretches([report(0), report(600)], gap: 600).stretches.map(\.count) == [2])
        #expect(TrailStretches([report(0), report(601)], gap: 600).stretches.map(\.count) == [1, 1])
    }
}

/// How the rings of an even-odd polygon become GeoJSON.
struct PolygonPartTests {
    private func square(_ latitude: Double, _ longitude: Double, _ half: Double, clockwise: Bool = false)
        -> [Coordinate]
    {
        let ring = [(-1.0, -1.0), (-1, 1), (1, 1), (1, -1)]
            .map { coordinate(latitude + $0.0 * half, longitude + $0.1 * half) }
        return clockwise ? ring.reversed() : ring
    }

    @Test func holeGoesToTheRingAroundIt() {
        let outer = self.square(30, 120, 1, clockwise: true)
        let hole = self.square(30, 120, 0.5)
        let parts = PolygonParts(Polygon(rings: [hole, outer])).parts
        #expect(parts == [[outer.reversed(), hole.reversed()]])
    }

    @Test func ringsSideBySideAreParts() {
        let parts = PolygonParts(Polygon(rings: [self.square(30, 120, 0.4), self.square(30, 121, 0.4)])).parts
        #expect(parts.map(\.count) == [1, 1])
    }

    @Test func islandInAHoleIsAPart() {
        let rings = [self.square(30, 120, 1), self.square(30, 120, 0.5), self.square(30, 120, 0.2)]
        #expect(PolygonParts(Polygon(rings: rings)).parts.map(\.count).sorted() == [1, 2])
    }

    @Test func ringsWithoutAreaAreLeftOut() {
        #expect(PolygonParts(Polygon(rings: [[coordinate(30, 120)], []])).parts.isEmpty)
    }
}

/// What a truck's newest report says of its camera and its place.
struct LatestPositionTests {
    /// `age` is how old the camera's word is at the time of the report.
    @Test(arguments: [
        (CameraStatus.State.ok, 0.0, "ok"), (.ok, 600, "ok"), (.ok, 601, "unknown"), (.lost, 10, "lost"),
        (.occluded, 10, "occluded"), (.fault, 2000, "unknown"), (.ok, -60, "ok"),
    ])
    func aSilentCameraIsUnknown(state: CameraStatus.State, age: Double, shown: String) throws {
        let position = LatestPosition(
            terminal: try terminal(), report: report(0), receivedAt: testNow,
            rightCamera: CameraReading(state: state, recordedAt: testNow.advanced(bySeconds: -age)))
        #expect(position.rightCameraState(hold: 600) == shown)
    }

    @Test func aCameraThatNeverSpokeIsUnknown() throws {
        let position = LatestPosition(terminal: try terminal(), report: report(0), receivedAt: testNow)
        #expect(position.rightCameraState(hold: 600) == "unknown")
    }

    @Test func withoutAFixTheLastKnownPlaceIsDrawn() throws {
        let known = coordinate(30.5, 120.5)
        var position = LatestPosition(
            terminal: try terminal(), report: report(0, 0, 0), receivedAt: testNow, lastFix: known)
        #expect(position.drawnAt == known)
        position.lastFix = nil
        #expect(position.drawnAt == nil)
        position.report = report(0)
        #expect(position.drawnAt == position.report.coordinate)
    }
}
