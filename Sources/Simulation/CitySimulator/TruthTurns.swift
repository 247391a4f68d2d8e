/// Right turns as they really were: the corners of the ways that trucks drove.
extension TruthDriving {
    /// A corner to the right.
    private struct Turn {
        /// Of the day.
        var seconds: Range<Int>
        /// Metres per second.
        var slowest: Double
        var fastest: Double
        /// About a right angle, with no other corner near it, driven through without a halt, and heard of.
        var isClear: Bool
    }

    /// Seconds between two reports beyond which no turn shows.
    private static let resolution = 6

    /// Turns taken faster than 30 km/h, one thing for all of a drive; turns while the camera was not known to work, one
    /// for all until it was. Of a terminal that reports more rarely no turn can be seen, and nothing is expected.
    var rightTurns: [Thing] {
        guard self.sampling <= Self.resolution else { return [] }
        var (things, turns) = ([Thing](), [Turn]())
        for segment in self.day.segments {
            let here = self.turns(of: segment)
            turns += here
            let fast = here.filter { $0.fastest > (Self.limit - 1) / 3.6 }
            guard let first = fast.first, let last = fast.last else { continue }
            things.append(
                Thing(
                    rule: "fast-right-turn", seconds: first.seconds.lowerBound..<last.seconds.upperBound,
                    isCertain: fast.contains { $0.isClear && $0.slowest > (Self.limit + 1.5) / 3.6 }))
        }
        return things + self.blind(turns)
    }

    private static let limit = 30.0

    private func turns(of segment: TruckDay.Segment) -> [Turn] {
        guard let drive = segment.drive else { return [] }
        let bends = drive.path.bends
        return bends.indices.compactMap { index -> Turn? in
            let bend = bends[index]
            let near = bends.indices.filter {
                $0 != index && bends[$0].to > bend.from - Self.near && bends[$0].from < bend.to + Self.near
            }
            // Two slight corners are one turn.
            let right = bend.right + near.map { max(0, bends[$0].right) }.reduce(0, +)
            guard bend.right > 15, right > 40 else { return nil }
            let (from, to) = (drive.second(at: bend.from), drive.second(at: bend.to))
            let within = (max(1, from)...max(1, to)).map { drive.speed(at: $0) }
            let around = (max(1, from - 8)...min(max(1, to + 8), drive.seconds)).map { drive.speed(at: $0) }
            let seconds = segment.start + from..<segment.start + to + 1
            let isClear =
                near.isEmpty && (65...115).contains(bend.right) && (around.min() ?? 0) > 6 / 3.6
                && self.isHeard(seconds.lowerBound - 30..<seconds.upperBound + 30)
                && self.isAwake(at: seconds.lowerBound - 30)
            return Turn(
                seconds: seconds, slowest: within.min() ?? 0, fastest: within.max() ?? 0, isClear: isClear)
        }
    }

    /// Whether the terminal reports as it does on the move: with the ignition off it does so once a minute, or in five,
    /// or sleeps and looks for its satellites first, and finds out with its next report that the truck is off.
    private func isAwake(at second: Int) -> Bool {
        let pause =
            switch self.truck.habits.parked {
            case .reports: 60
            case .signsOfLife: 300
            case .sleepsWhenOff, .sleepsWhenStill: 30
            }
        let parked = self.day.segments.last { !$0.activity.isIgnitionOn && $0.start <= second }
        return second >= (parked?.end ?? 0) + pause
    }

    /// Metres within which two corners are not told apart.
    private static let near = 60.0

    /// By what the camera said: a word holds for ten minutes, and a camera that has said nothing is not known to work.
    private func blind(_ turns: [Turn]) -> [Thing] {
        let words = CameraRecorder.record(self.day, of: self.truck, plan: self.city.plan).map { sample in
            (second: Int(sample.second), isOK: sample.states.first == .ok)
        }
        func isBlind(at second: Int) -> Bool {
            words.last { $0.second <= second }.map { !$0.isOK || second - $0.second > Self.hold } ?? true
        }
        var things: [Int: Thing] = [:]
        for turn in turns {
            let (start, end) = (turn.seconds.lowerBound, turn.seconds.upperBound)
            let readings = [start - 45, start - 10, start, end, end + 5, end + 45].map(isBlind)
            guard readings.contains(true) else { continue }
            let isCertain = turn.isClear && readings.allSatisfy(\.self)
            // Until the camera has said that it works, all are one.
            let spell = words.count { $0.isOK && $0.second <= start }
            let known = things[spell]
            things[spell] = Thing(
                rule: "blind-right-turn", seconds: (known?.seconds.lowerBound ?? start)..<end,
                isCertain: isCertain || known?.isCertain ?? false)
        }
        return things.sorted { $0.key < $1.key }.map(\.value)
    }

    /// Seconds for which a word of the camera holds.
    private static let hold = 600
}

extension TruthDriving {
    /// Seconds of driving without a word of the camera after which that is told.
    static let silentCamera = 24 * 3600

    /// Driven on this day and on those before without a word of any camera; nothing of a truck whose cameras speak.
    static func silentCamera(_ days: [TruckDay], of truck: Truck, plan: CityPlan) -> Thing? {
        guard !plan.hasCameras || truck.habits.cameras.isEmpty, let today = days.last else { return nil }
        var before = 0
        for day in days.dropLast() { before += Self.driven(on: day).count }
        let driven = Self.driven(on: today)
        // The reports at both ends of a drive, and what a silent terminal hides, make it a little more or less.
        let least = Self.silentCamera - Self.silentCamera / 33
        guard before + driven.count > least else { return nil }
        let from = before >= least ? 0 : driven[least - before]
        return Thing(
            rule: "camera-silent", seconds: from..<TruckDay.length,
            isCertain: before + driven.count > Self.silentCamera + Self.silentCamera / 33)
    }

    private static func driven(on day: TruckDay) -> [Int] {
        day.segments.flatMap { segment -> [Int] in
            guard let drive = segment.drive else { return [] }
            return drive.runs(fasterThan: TruthExposure.walkingSpeed, for: 1).flatMap { run in
                run.map { segment.start + $0 }
            }
        }
    }
}
