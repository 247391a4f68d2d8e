package import Chronology

/// What one truck drove on one day in China. Whole numbers, so that sums are the same in any order.
package struct DayExposure: Hashable, Sendable, Codable {
    /// The plate, or the terminal of a truck that no register knows.
    package var truck: String
    package var date: CivilDate
    package var amounts: ExposureAmounts

    package init(truck: String, date: CivilDate, amounts: ExposureAmounts) {
        self.truck = truck
        self.date = date
        self.amounts = amounts
    }
}

/// Amounts of exposure that can be added up.
package struct ExposureAmounts: Hashable, Sendable, Codable {
    /// Truck-days with any position.
    package var days: Int64 = 0
    /// Along the fixes, in millimetres: what was seen of the driving.
    package var seenMillimetres: Int64 = 0
    /// Straight lines over gaps: the least that was driven unseen.
    package var bridgedMillimetres: Int64 = 0
    /// By the odometer, wherever it can be believed …
    package var odometerMillimetres: Int64 = 0
    /// … and by fixes and bridges over the same stretches, which shows how well both agree.
    package var comparedMillimetres: Int64 = 0
    /// The odometer where it can be believed, fixes and bridges elsewhere.
    package var drivenMillimetres: Int64 = 0
    /// What of that lies in gaps.
    package var unseenMillimetres: Int64 = 0
    package var movingMicroseconds: Int64 = 0
    /// Of the moving time, what was reported closely enough to show a turn.
    package var turnSeenMicroseconds: Int64 = 0
    package var rightTurns: Int64 = 0
    package var deliveries: Int64 = 0
    package var litres: Int64 = 0

    package init() {}

    /// Whether anything places the trucks: words of a camera alone, or loads, say nothing of what was driven, and it is
    /// not 0.
    package var isPlaced: Bool { self.days > 0 || self.drivenMillimetres > 0 }

    /// Vehicle-km.
    package var kilometres: Double { Double(self.drivenMillimetres) / 1e6 }
    package var movingHours: Double { Double(self.movingMicroseconds) / 3.6e9 }
    package var cubicMetres: Double { Double(self.litres) / 1000 }

    /// The share of the kilometres that was seen; `nil` where nothing was driven.
    package var coverage: Double? {
        guard self.drivenMillimetres > 0 else { return nil }
        return Double(self.drivenMillimetres &- self.unseenMillimetres) / Double(self.drivenMillimetres)
    }

    /// How much of the moving time could show a turn at all.
    package var turnCoverage: Double? {
        self.movingMicroseconds > 0 ? Double(self.turnSeenMicroseconds) / Double(self.movingMicroseconds) : nil
    }

    /// The odometer over the fixes, where both were there; near 1 they agree. A road is a little longer than the
    /// straight lines between fixes.
    package var agreement: Double? {
        self.comparedMillimetres > 0 ? Double(self.odometerMillimetres) / Double(self.comparedMillimetres) : nil
    }

    package static func += (sum: inout Self, other: Self) {
        for path in Self.amounts { sum[keyPath: path] &+= other[keyPath: path] }
    }

    private static var amounts: [WritableKeyPath<Self, Int64>] {
        [
            \.days, \.seenMillimetres, \.bridgedMillimetres, \.odometerMillimetres, \.comparedMillimetres,
            \.drivenMillimetres, \.unseenMillimetres, \.movingMicroseconds, \.turnSeenMicroseconds, \.rightTurns,
            \.deliveries, \.litres,
        ]
    }
}
