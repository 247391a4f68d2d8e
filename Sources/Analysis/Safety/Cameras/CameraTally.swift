/// What the cameras rates of a truck and day, or of many of them, are made from. Whole numbers, so that the sum does
/// not depend on the order.
package struct CameraTally: Hashable, Sendable, Codable {
    /// Microseconds of moving by the camera's condition.
    package var movingMicroseconds = PerCondition()
    /// Right turns by the worst condition of the camera around them.
    package var turns = PerCondition()
    /// Of the moving time, what was reported closely enough to see turns in it.
    package var turnSeenMicroseconds: Int64 = 0
    /// Whether the camera said anything: counts truck-days when added up.
    package var daysHeard: Int64 = 0
    /// Days on which the truck moved.
    package var daysMoving: Int64 = 0

    package init() {}

    /// A number for each condition.
    package struct PerCondition: Hashable, Sendable, Codable {
        package var ok: Int64 = 0
        package var lost: Int64 = 0
        package var occluded: Int64 = 0
        package var fault: Int64 = 0
        package var unknown: Int64 = 0

        package init() {}

        package subscript(condition: CameraCondition) -> Int64 {
            get {
                switch condition {
                case .ok: self.ok
                case .lost: self.lost
                case .occluded: self.occluded
                case .fault: self.fault
                case .unknown: self.unknown
                }
            }
            set {
                switch condition {
                case .ok: self.ok = newValue
                case .lost: self.lost = newValue
                case .occluded: self.occluded = newValue
                case .fault: self.fault = newValue
                case .unknown: self.unknown = newValue
                }
            }
        }

        package var total: Int64 { CameraCondition.allCases.reduce(0) { $0 &+ self[$1] } }

        static func += (sum: inout Self, other: Self) {
            for condition in CameraCondition.allCases { sum[condition] &+= other[condition] }
        }
    }

    package static func += (sum: inout Self, other: Self) {
        sum.movingMicroseconds += other.movingMicroseconds
        sum.turns += other.turns
        sum.turnSeenMicroseconds &+= other.turnSeenMicroseconds
        sum.daysHeard &+= other.daysHeard
        sum.daysMoving &+= other.daysMoving
    }

    /// Moving time with the camera known to be ok ÷ all moving time; `nil` where nothing moved. Unknown is not ok.
    package var effectiveRate: Double? { Self.share(self.movingMicroseconds.ok, self.movingMicroseconds.total) }
    package var unknownShare: Double? { Self.share(self.movingMicroseconds.unknown, self.movingMicroseconds.total) }
    /// Right turns with the camera known to be ok ÷ all right turns that were seen.
    package var effectiveTurnRate: Double? { Self.share(self.turns.ok, self.turns.total) }
    package var unknownTurnShare: Double? { Self.share(self.turns.unknown, self.turns.total) }
    /// How much of the moving time could show a turn at all: said with each figure of turns.
    package var turnCoverage: Double? { Self.share(self.turnSeenMicroseconds, self.movingMicroseconds.total) }

    private static func share(_ part: Int64, _ all: Int64) -> Double? { all > 0 ? Double(part) / Double(all) : nil }
}
