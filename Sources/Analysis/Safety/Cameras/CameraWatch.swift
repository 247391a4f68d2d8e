import Chronology
package import Telemetry
package import Tracks

/// One terminal's positions and camera reports, in the order of their time, to its right turns and camera alerts.
///
/// The state is small and can be written down at any report; restored it goes on in the same way.
package struct CameraWatch: Hashable, Sendable, Codable {
    private(set) var fold: CameraFold
    private var cleaner = TrackCleaner()
    private var watch = TurnWatch()
    private var lastPosition: Instant?

    package init(terminal: TerminalID) {
        self.fold = CameraFold(terminal: terminal)
    }

    /// The alerts that stand open.
    package var standing: [CameraAlert] { self.fold.alerts.standing }

    /// Takes what the cameras say; what follows from it shows at once, or with the next position.
    package mutating func take(_ report: CameraReport, _ parameters: SafetyParameters.Cameras) -> [CameraAlert.Change] {
        self.fold.take(report, parameters)
    }

    /// Takes the next position.
    package mutating func take(
        _ position: PositionReport, _ parameters: SafetyParameters.Cameras, _ analysis: AnalysisParameters
    ) -> [CameraAlert.Change] {
        var turn: ObservedTurn?
        return self.take(position, parameters, analysis, turn: &turn)
    }

    /// The same, and gives the right turn that ended with this position.
    mutating func take(
        _ position: PositionReport, _ parameters: SafetyParameters.Cameras, _ analysis: AnalysisParameters,
        turn: inout ObservedTurn?
    ) -> [CameraAlert.Change] {
        let seconds = self.lastPosition.map { position.recordedAt.seconds(since: $0) }
        self.lastPosition = position.recordedAt
        switch self.cleaner.take(position, analysis.cleaning) {
        case .accepted:
            if let seen = self.watch.take(position, analysis.turns) {
                let observed = ObservedTurn(
                    start: seen.start, end: seen.end, coordinate: seen.coordinate, angle: seen.angle,
                    maximumSpeed: seen.maximumSpeed)
                self.fold.take(observed)
                turn = observed
            }
        case .restarted: self.watch = TurnWatch()
        case .withoutFix, .frozen, .spike, .notLater: break
        }
        let seesTurns = seconds.map { $0 <= analysis.turns.resolution } ?? false
        return self.fold.take(position, seesTurns: seesTurns, parameters)
    }

    /// Another vehicle carries the terminal from here on: what went on is over, and alerts begin anew.
    package mutating func handOver(_ parameters: SafetyParameters.Cameras) -> [CameraAlert.Change] {
        self.watch = TurnWatch()
        return self.fold.handOver(parameters)
    }

    /// Forgets what was counted of the days before the last report's: alerts need none of it.
    package mutating func forgetDays() {
        guard let lastPosition else { return }
        _ = self.fold.takeDays(before: lastPosition.date(at: .shanghai))
    }
}

extension SafetyParameters.Cameras {
    /// As the driving parameters of the analysis set them, by which alerts are raised.
    package mutating func take(_ driving: AnalysisParameters.Driving) {
        self.alertSeconds = driving.cameraSeconds
        self.silenceLimit = driving.cameraHold
        self.movingSpeed = driving.movingSpeed
        self.turnSpeed = driving.turnLimit
        self.silentDriving = driving.cameraSilentSeconds
    }
}
