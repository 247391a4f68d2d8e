import Chronology
import Geodesy
package import Telemetry

/// Finds right turns in the course of a terminal's reports: the course over ground, or where that is missing the
/// direction from fix to fix.
///
/// A turn is the shortest stretch of reports, each close to the next, over which the course went right by enough,
/// within the seconds and on a way so short that it was a junction and not a bend. It is told when the course has
/// settled, so that its whole angle is known, or the truck stands.
package struct TurnWatch: Codable, Hashable, Sendable {
    package private(set) var coverage = TurnCoverage()
    /// The last report that was taken.
    private var last: Fix?
    private var samples: [Sample] = []

    /// A report that shows where the truck is heading.
    private struct Sample: Codable, Hashable, Sendable {
        var fix: Fix
        /// Degrees; `nil` only of the first.
        var course: Double?
        var speed: Double?
        /// Metres and degrees to the right since the sample before.
        var metres: Double
        var turned: Double
    }

    package init() {}

    /// Takes the next believed report in the order of time; gives the turn that it ends.
    package mutating func take(_ report: PositionReport, _ turns: AnalysisParameters.Turns) -> RightTurn? {
        let fix = Fix(report)
        let speed = report.speed.map { Double($0) / 10 }
        let first = Sample(fix: fix, course: report.course.map { Double($0) / 10 }, speed: speed, metres: 0, turned: 0)
        guard let last = self.last, let before = self.samples.last else {
            (self.last, self.samples) = (fix, [first])
            return nil
        }
        let seconds = fix.time.seconds(since: last.time)
        guard seconds > 0 else { return nil }
        self.last = fix
        let driven = last.coordinate.nearbyMetres(to: fix.coordinate) / seconds * 3.6
        let isSeen = seconds <= turns.resolution
        if max(speed ?? 0, driven) >= turns.drivingSpeed { self.coverage.add(seconds, isSeen: isSeen) }
        guard isSeen else {
            let turn = self.turn(turns)
            self.samples = [first]
            return turn
        }
        var sample = first
        sample.metres = before.fix.coordinate.nearbyMetres(to: fix.coordinate)
        sample.course = Self.course(of: report, after: before, metres: sample.metres, turns)
        // A truck that stands, or has hardly moved, heads nowhere; after a while nothing more belongs to the turn.
        guard let course = sample.course else {
            guard fix.time.seconds(since: before.fix.time) > turns.seconds, let turn = self.turn(turns) else {
                return nil
            }
            self.samples = [before]
            return turn
        }
        if let earlier = before.course { sample.turned = Self.right(from: earlier, to: course) }
        // While the course still goes right the turn is not over.
        let ended = sample.turned <= turns.straight ? self.turn(turns) : nil
        if ended != nil { self.samples = [before] }
        self.samples.append(sample)
        self.samples.removeAll { fix.time.seconds(since: $0.fix.time) > turns.seconds }
        if self.samples.count > turns.reportLimit { self.samples.removeFirst() }
        return ended
    }

    /// The turn that the samples show, if any.
    private func turn(_ turns: AnalysisParameters.Turns) -> RightTurn? {
        var (angle, metres) = (0.0, 0.0)
        for index in self.samples.indices.dropFirst().reversed() {
            angle += self.samples[index].turned
            metres += self.samples[index].metres
            // Before it the truck went straight, or left.
            let isBeginning = index == 1 || self.samples[index - 1].turned <= turns.straight
            guard isBeginning, angle >= turns.smallest else { continue }
            let part = self.samples[(index - 1)...]
            guard let first = part.first, let last = part.last else { return nil }
            // At both ends about half of the way between two reports was straight.
            let bent = metres - (self.samples[index].metres + last.metres) / 2
            guard angle <= turns.largest, bent <= turns.radius * angle * .pi / 180 else { return nil }
            return RightTurn(
                start: first.fix.time, end: last.fix.time,
                coordinate: part[part.startIndex + part.count / 2].fix.coordinate, angle: angle,
                maximumSpeed: Self.speed(in: part, turns))
        }
        return nil
    }

    /// The highest speed that the truck surely had in a turn: of each stretch in which it turned the lower of the
    /// speeds at its ends. Before a turn trucks brake and after it they speed up, and of reports seconds apart one end
    /// of a stretch, or both, lie on the straight.
    private static func speed(in part: ArraySlice<Sample>, _ turns: AnalysisParameters.Turns) -> Double? {
        zip(part, part.dropFirst()).compactMap { before, after -> Double? in
            guard after.turned > turns.straight, let entry = before.speed, let exit = after.speed else { return nil }
            return min(entry, exit)
        }.max()
    }

    /// The report's course while it moves, else the direction from the last sample if that is far enough away.
    private static func course(
        of report: PositionReport, after before: Sample, metres: Double, _ turns: AnalysisParameters.Turns
    ) -> Double? {
        if let course = report.course {
            // A standing receiver's course is noise.
            let isMoving =
                report.speed.map { Double($0) / 10 >= turns.drivingSpeed } ?? (metres >= turns.courseDistance)
            return isMoving ? Double(course) / 10 : nil
        }
        guard metres >= turns.courseDistance else { return nil }
        return before.fix.coordinate.bearingDegrees(to: report.coordinate)
    }

    /// Degrees from one course to the other, −180 to 180, positive to the right.
    private static func right(from: Double, to: Double) -> Double {
        let turned = (to - from).truncatingRemainder(dividingBy: 360)
        return turned > 180 ? turned - 360 : turned <= -180 ? turned + 360 : turned
    }
}
