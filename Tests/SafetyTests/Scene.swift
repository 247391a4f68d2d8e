import Chronology
import Geodesy
import Safety
import Telemetry
import Testing

/// One truck driving east along a straight road at 36 km/h (10 m a second), with words of its camera in between.
struct Scene {
    static let start = Instant(seconds: 1_780_000_000)
    static let terminal = TerminalID("T1")

    static func at(_ second: Double) -> Instant { Self.start.advanced(bySeconds: second) }

    /// `speed` in km/h; the place is that of a steady drive.
    static func position(_ second: Double, speed: Double? = 36, odometer: Int32? = nil) -> PositionReport {
        let place = Coordinate(latitudeE7: 307_000_000, longitudeE7: 1_207_000_000 + Int32(second * 10 / 0.009561133))
        var report = PositionReport(recordedAt: Self.at(second), coordinate: place)
        report.speed = speed.map { Int16($0 * 10) }
        report.odometer = odometer
        return report
    }

    static func camera(_ second: Double, _ state: CameraStatus.State) -> CameraReport {
        CameraReport(recordedAt: Self.at(second), cameras: [CameraStatus(name: "right_blind_spot", state: state)])
    }

    static func turn(_ second: Double, speed: Double? = 15) -> ObservedTurn {
        ObservedTurn(
            start: Self.at(second), end: Self.at(second + 8),
            coordinate: Coordinate(latitudeE7: 307_000_000, longitudeE7: 1_207_000_000), angle: 88, maximumSpeed: speed)
    }
}

/// The camera fold over a scene, second by second.
struct CameraScene {
    var fold: CameraFold
    var opened: [CameraAlert] = []
    var closed: [CameraAlert] = []
    let parameters = SafetyParameters.Cameras()

    init() throws {
        self.fold = CameraFold(terminal: try #require(Scene.terminal))
    }

    /// Drives from one second to another with a position every `step`, and the camera's words and turns at theirs.
    mutating func drive(
        _ range: ClosedRange<Int>, step: Int = 10, speed: Double = 36, cameras: [Int: CameraStatus.State] = [:],
        turns: [Int] = [], turnSpeed: Double = 15
    ) {
        for second in range {
            if let state = cameras[second] {
                self.note(self.fold.take(Scene.camera(Double(second), state), self.parameters))
            }
            if turns.contains(second - 8) { self.fold.take(Scene.turn(Double(second - 8), speed: turnSpeed)) }
            if second.isMultiple(of: step) {
                self.note(
                    self.fold.take(Scene.position(Double(second), speed: speed), seesTurns: step <= 6, self.parameters))
            }
        }
    }

    private mutating func note(_ changes: [CameraAlert.Change]) {
        for change in changes {
            switch change {
            case .opened(let alert): self.opened.append(alert)
            case .closed(let alert): self.closed.append(alert)
            }
        }
    }

    var tally: CameraTally {
        self.fold.finished(self.parameters).reduce(into: CameraTally()) { $0 += $1.tally }
    }

    func seconds(_ condition: CameraCondition) -> Double { Double(self.tally.movingMicroseconds[condition]) / 1e6 }
}
