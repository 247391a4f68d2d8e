import Safety

/// The numbers of a safety day in the order of the columns of `safety_day`.
enum SafetyDayNumbers {
    static var paths: [WritableKeyPath<SafetyDay, Int64>] {
        [
            \.exposure.days, \.exposure.seenMillimetres, \.exposure.bridgedMillimetres, \.exposure.odometerMillimetres,
            \.exposure.comparedMillimetres, \.exposure.drivenMillimetres, \.exposure.unseenMillimetres,
            \.exposure.movingMicroseconds, \.exposure.turnSeenMicroseconds, \.exposure.rightTurns,
            \.camera.movingMicroseconds.ok, \.camera.movingMicroseconds.lost, \.camera.movingMicroseconds.occluded,
            \.camera.movingMicroseconds.fault, \.camera.movingMicroseconds.unknown, \.camera.turns.ok,
            \.camera.turns.lost, \.camera.turns.occluded, \.camera.turns.fault, \.camera.turns.unknown,
            \.camera.turnSeenMicroseconds, \.camera.daysHeard, \.camera.daysMoving, \.track.records, \.track.qualified,
            \.track.trackMillimetres, \.track.completeMillimetres, \.track.jumps, \.track.jumpDays,
        ]
    }

    static func values(of day: SafetyDay) -> [Int64] { Self.paths.map { day[keyPath: $0] } }

    static func day(_ number: (Int) -> Int64?) -> SafetyDay {
        var day = SafetyDay()
        for (index, path) in Self.paths.enumerated() { day[keyPath: path] = number(index) ?? 0 }
        return day
    }
}
