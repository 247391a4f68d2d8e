/// The generator of Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014): small, seeded,
/// and the same on every machine.
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        self.state = seed
    }

    package mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mixed(self.state)
    }

    private static func mixed(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// What a stream of random numbers is for. Each purpose, truck and day has a stream of its own, so that a day does not
/// depend on the days before it, nor the trips on whether the terminal has faults.
enum RandomPurpose: UInt64 {
    case roads = 1, places, trucks, shift, trips, noise, faults, network, camera, papers, home, strangers, queues,
        roster
}

extension SplitMix64 {
    init(seed: UInt64, for purpose: RandomPurpose, truck: Int = 0, day: Int = 0) {
        var state = seed
        for part in [purpose.rawValue, UInt64(bitPattern: Int64(truck)), UInt64(bitPattern: Int64(day))] {
            state = Self.mixed((state ^ part) &+ 0x9E37_79B9_7F4A_7C15)
        }
        self.init(seed: state)
    }

    /// Uniform in [0, 1). The library's own `Double.random` does not promise the same numbers in the next release.
    mutating func unit() -> Double {
        Double(self.next() >> 11) * 0x1p-53
    }

    mutating func uniform(_ low: Double, _ high: Double) -> Double {
        low + (high - low) * self.unit()
    }

    /// Uniform in `range`. The bias of the multiplication is below 2⁻⁵⁰ for the small ranges used here.
    mutating func integer(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(self.unit() * Double(range.count))
    }

    mutating func chance(_ probability: Double) -> Bool {
        self.unit() < probability
    }

    /// `nil` for an empty collection.
    mutating func pick<Element>(_ choices: [Element]) -> Element? {
        choices.isEmpty ? nil : choices[self.integer(0...choices.count - 1)]
    }

    /// Mean 0 and deviation 1 as the sum of four uniforms of sixteen bits (Irwin–Hall): a bell that ends at ± 3.46, and
    /// needs one number and no logarithm.
    mutating func gaussian() -> Double {
        let bits = self.next()
        let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + bits >> 48
        return (Double(sum) / 65_536 - 2) * 3.0.squareRoot()
    }

    /// A direction, uniform on the circle.
    mutating func direction() -> Point {
        while true {
            let point = Point(x: self.uniform(-1, 1), y: self.uniform(-1, 1))
            let length = point.length
            if length > 0.01, length <= 1 { return point * (1 / length) }
        }
    }

    /// A duration in seconds.
    mutating func draw(_ prior: DurationPrior) -> Int {
        let unit = self.unit()
        let minutes =
            unit < 0.5
            ? prior.low + (prior.median - prior.low) * unit * 2
            : prior.median + (prior.high - prior.median) * (unit * 2 - 1)
        return Int(minutes * 60)
    }
}

/// How long something takes, in minutes: linear between the least and the median, and between it and the most.
struct DurationPrior {
    var low: Double
    var median: Double
    var high: Double

    init(_ low: Double, _ median: Double, _ high: Double) {
        self.low = low
        self.median = median
        self.high = high
    }

    // Ranges as haulage studies and plant practice give them.
    static let loadMixer = DurationPrior(5, 8, 15)
    static let loadBulk = DurationPrior(10, 20, 40)
    static let queueAtPlant = DurationPrior(1, 8, 35)
    static let queueAtSite = DurationPrior(1, 9, 40)
    static let pour = DurationPrior(6, 12, 25)
    static let unloadCement = DurationPrior(30, 50, 90)
    static let unloadMortar = DurationPrior(25, 45, 80)
    static let wash = DurationPrior(2, 5, 12)
    static let weigh = DurationPrior(1, 2, 4)
    static let refuel = DurationPrior(5, 8, 15)
    static let lunch = DurationPrior(25, 40, 60)
    static let breakdown = DurationPrior(3, 6, 15)
    static let ferry = DurationPrior(2, 6, 15)
    static let pumping = DurationPrior(60, 120, 240)
}
