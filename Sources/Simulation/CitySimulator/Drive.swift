/// One drive, second by second.
struct Drive: Sendable {
    /// A halt on the way, at a light or in a queue.
    struct Halt {
        var metres: Double
        var seconds: Int
    }

    /// A stretch of slow traffic.
    struct Jam {
        var from: Double
        var to: Double
        var speed: Double
    }

    /// A stretch driven faster than the road allows, to the end of the way.
    struct Rush {
        var from: Double
        /// Factor on the speeds of road and bends, and the highest that comes of it, in metres per second.
        var factor: Double
        var top: Double
    }

    var path: DrivePath
    /// Metres driven after 0, 1, 2 … seconds; it ends with the length of the path.
    var travelled: [Float]

    var seconds: Int { self.travelled.count - 1 }

    /// The first second at which the truck has come this far.
    func second(at metres: Double) -> Int {
        var (low, high) = (0, self.travelled.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if Double(self.travelled[middle]) >= metres { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// Metres per second in the second that ends at `second`.
    func speed(at second: Int) -> Double {
        guard second > 0, second < self.travelled.count else { return 0 }
        return Double(self.travelled[second] - self.travelled[second - 1])
    }

    /// Metres of the grid on which the allowed speed is kept.
    private static let cell = 5.0
    private static let acceleration = 0.7
    private static let braking = 1.0
    /// A truck that is about to halt still rolls.
    private static let creep = 1.0

    /// Drives the path with bounded acceleration and braking.
    /// - Parameters:
    ///   - path: the line with its speeds.
    ///   - halts: in any order.
    ///   - jams: where the traffic is slow.
    ///   - haste: factor on the speeds.
    ///   - rush: where they are disregarded.
    init(_ path: DrivePath, halts: [Halt], jams: [Jam], haste: Double, rush: Rush? = nil) {
        self.path = path
        let halts = halts.filter { $0.seconds > 0 }.sorted { $0.metres < $1.metres }
        let allowed = Self.allowedSpeeds(path, halts: halts, jams: jams, haste: haste, rush: rush)
        var travelled: [Float] = [0]
        var metres = 0.0
        var speed = 0.0
        var next = 0
        let length = path.length
        while metres < length {
            let limit = allowed[min(Int(metres / Self.cell), allowed.count - 1)]
            speed = max(min(speed + Self.acceleration, limit), Self.creep)
            let halt = next < halts.count ? halts[next] : nil
            if let halt, metres + speed >= halt.metres {
                metres = max(metres, halt.metres)
                travelled.append(contentsOf: repeatElement(Float(metres), count: halt.seconds + 1))
                speed = 0
                next += 1
            } else {
                metres = min(metres + speed, length)
                travelled.append(Float(metres))
            }
        }
        self.travelled = travelled
    }

    /// The speed allowed in each cell, so that braking suffices for whatever comes later.
    private static func allowedSpeeds(
        _ path: DrivePath, halts: [Halt], jams: [Jam], haste: Double, rush: Rush?
    ) -> [Double] {
        let count = Int(path.length / Self.cell) + 1
        var allowed = Array(repeating: 0.0, count: count)
        let (starts, speeds) = (path.metres, path.speeds)
        var part = 0
        for index in 0..<count {
            let metres = (Double(index) + 0.5) * Self.cell
            while part + 2 < starts.count, starts[part + 1] <= metres { part += 1 }
            allowed[index] = speeds[part] * haste
            if let rush, metres > rush.from { allowed[index] = min(allowed[index] * rush.factor, rush.top) }
        }
        for jam in jams {
            let cells = max(0, Int(jam.from / Self.cell))..<min(count, max(0, Int(jam.to / Self.cell)) + 1)
            for index in cells { allowed[index] = min(allowed[index], jam.speed) }
        }
        for halt in halts {
            let index = Int(halt.metres / Self.cell)
            if index >= 0, index < count { allowed[index] = Self.creep }
        }
        allowed[count - 1] = Self.creep
        var index = count - 2
        while index >= 0 {
            let later = allowed[index + 1]
            if later < allowed[index] {
                allowed[index] = min(allowed[index], (later * later + 2 * Self.braking * Self.cell).squareRoot())
            }
            index -= 1
        }
        return allowed
    }
}
