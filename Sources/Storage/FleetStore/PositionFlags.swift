import Telemetry

/// The bits of `position.flags`.
struct PositionFlags: OptionSet {
    var rawValue: Int16

    static let hasFix = PositionFlags(rawValue: 1)
    static let ignitionKnown = PositionFlags(rawValue: 2)
    static let ignitionOn = PositionFlags(rawValue: 4)

    init(rawValue: Int16) { self.rawValue = rawValue }

    init(_ report: PositionReport) {
        self = report.hasFix ? .hasFix : []
        if let ignition = report.ignition {
            self.insert(.ignitionKnown)
            if ignition { self.insert(.ignitionOn) }
        }
    }

    var ignition: Bool? { self.contains(.ignitionKnown) ? self.contains(.ignitionOn) : nil }
}
