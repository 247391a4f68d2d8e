import Chronology
import Geodesy
import Telemetry
import Tracks

/// Goes through a day's reports in the order of their time: turns, cameras, quality.
struct DayWalk {
    private let terminal: TerminalID
    private let parameters: SafetyParameters
    private let analysis: AnalysisParameters
    private var watch: CameraWatch
    private var turns: [ObservedTurn] = []

    init(terminal: TerminalID, parameters: SafetyParameters, analysis: AnalysisParameters) {
        self.terminal = terminal
        self.parameters = parameters
        self.analysis = analysis
        self.watch = CameraWatch(terminal: terminal)
    }

    /// The camera's tally of the day, and the right turns that began on it.
    mutating func tally(
        _ date: CivilDate, _ positions: [PositionReport], cameras: [CameraReport]
    ) -> (CameraTally, [DayTurn]) {
        let words = cameras.sorted { $0.recordedAt < $1.recordedAt }
        var next = words.startIndex
        for position in positions {
            // A word of the same moment comes first: the position is what passes the time.
            while next < words.endIndex, words[next].recordedAt <= position.recordedAt {
                _ = self.watch.take(words[next], self.parameters.cameras)
                next += 1
            }
            var turn: ObservedTurn?
            _ = self.watch.take(position, self.parameters.cameras, self.analysis, turn: &turn)
            if let turn { self.turns.append(turn) }
        }
        for word in words[next...] { _ = self.watch.take(word, self.parameters.cameras) }
        let tally = self.watch.fold.finished(self.parameters.cameras).first { $0.date == date }?.tally ?? CameraTally()
        let own = self.turns.filter { $0.start.date(at: .shanghai) == date }
        return (tally, own.map { DayTurn(turn: $0, condition: self.condition(around: $0, words)) })
    }

    /// ok only if the camera was ok all around the turn; else what it was for the longest of the rest.
    private func condition(around turn: ObservedTurn, _ words: [CameraReport]) -> CameraCondition {
        let from = turn.start.advanced(bySeconds: -self.parameters.cameras.turnBefore)
        let to = turn.end.advanced(bySeconds: self.parameters.cameras.turnAfter)
        let reach = from.advanced(bySeconds: -self.parameters.cameras.lead)
        let near = words.filter {
            $0.recordedAt >= reach && $0.recordedAt <= to.advanced(bySeconds: self.parameters.cameras.hysteresis)
        }
        let spans = CameraTimeline.spans(of: near, from: from, to: to, self.parameters.cameras)
        var seconds: [CameraCondition: Double] = [:]
        for span in spans where span.condition != .ok {
            seconds[span.condition, default: 0] += span.to.seconds(since: span.from)
        }
        return CameraCondition.allCases.filter { seconds[$0] != nil }
            .max { (seconds[$0] ?? 0) < (seconds[$1] ?? 0) } ?? .ok
    }

    static func quality(
        _ reports: [PositionReport], before: PositionReport?, parameters: SafetyParameters.Quality,
        cleaning: AnalysisParameters.Cleaning
    ) -> TrackQuality {
        var quality = TrackQuality()
        var cleaner = TrackCleaner()
        // A step that is no more than noise is not left out but waits: by the second a truck takes no longer ones.
        var (last, counted): (PositionReport?, PositionReport?) = (nil, nil)
        if let before, case .accepted = cleaner.take(before, cleaning) { (last, counted) = (before, before) }
        for report in reports {
            quality.records += 1
            quality.qualified += TrackQuality.isQualified(report, parameters) ? 1 : 0
            switch cleaner.take(report, cleaning) {
            case .accepted:
                if let from = counted, let before = last {
                    let metres = from.coordinate.distanceMetres(to: report.coordinate)
                    if metres >= parameters.noise, metres < 1e8 {
                        let millimetres = Int64((metres * 1000).rounded())
                        quality.trackMillimetres &+= millimetres
                        // How close together the fixes were is a matter of the two that follow each other.
                        let step = before.coordinate.distanceMetres(to: report.coordinate)
                        if step <= parameters.completeMetres { quality.completeMillimetres &+= millimetres }
                        counted = report
                    }
                } else {
                    counted = report
                }
                last = report
            case .restarted: (last, counted) = (report, report)
            case .spike: quality.jumps += 1
            case .withoutFix, .frozen, .notLater: break
            }
        }
        quality.jumpDays = quality.jumps > 0 ? 1 : 0
        return quality
    }
}
