import Chronology
import Geodesy

/// Writes the native dialect's JSON, digit by digit: no floating point, so that the bytes are the same everywhere.
struct PayloadWriter {
    private(set) var bytes: [UInt8] = []
    private let habits: TerminalHabits
    private let dayStart: Instant
    private var isFirst = true

    /// - Parameters:
    ///   - habits: of the terminal that writes.
    ///   - dayStart: what the seconds of the samples count from.
    init(habits: TerminalHabits, dayStart: Instant) {
        self.habits = habits
        self.dayStart = dayStart
        self.bytes.reserveCapacity(256)
    }

    /// One object, or an array when there are several.
    static func positions(_ samples: ArraySlice<Sample>, habits: TerminalHabits, dayStart: Instant) -> [UInt8] {
        var writer = PayloadWriter(habits: habits, dayStart: dayStart)
        writer.list(samples) { $0.position($1) }
        return writer.bytes
    }

    static func cameras(_ samples: ArraySlice<CameraSample>, habits: TerminalHabits, dayStart: Instant) -> [UInt8] {
        var writer = PayloadWriter(habits: habits, dayStart: dayStart)
        writer.list(samples) { $0.camera($1) }
        return writer.bytes
    }

    private mutating func list<Element>(
        _ elements: ArraySlice<Element>, _ write: (inout PayloadWriter, Element) -> Void
    ) {
        if elements.count != 1 { self.bytes.append(UInt8(ascii: "[")) }
        for (index, element) in elements.enumerated() {
            if index > 0 { self.bytes.append(UInt8(ascii: ",")) }
            self.bytes.append(UInt8(ascii: "{"))
            self.isFirst = true
            write(&self, element)
            self.bytes.append(UInt8(ascii: "}"))
        }
        if elements.count != 1 { self.bytes.append(UInt8(ascii: "]")) }
    }

    private mutating func position(_ sample: Sample) {
        self.time(sample.second)
        self.decimal("lat", Int(sample.latitudeE6), digits: 6)
        self.decimal("lon", Int(sample.longitudeE6), digits: 6)
        if let speed = sample.speed { self.decimal("speed_kmh", Int(speed), digits: 1) }
        if let heading = sample.heading { self.decimal("heading_deg", Int(heading), digits: 1) }
        if let altitude = sample.altitude { self.decimal("altitude_m", Int(altitude), digits: 0) }
        if let ignition = sample.ignition { self.member("ignition", ignition ? "true" : "false") }
        if let odometer = sample.odometer { self.decimal("odometer_km", Int(odometer), digits: 2) }
        if let satellites = sample.satellites { self.decimal("satellites", Int(satellites), digits: 0) }
        if let hdop = sample.hdop { self.decimal("hdop", Int(hdop), digits: 1) }
        if let drum = sample.drum { self.decimal("drum_rpm", Int(drum), digits: 1) }
        if let load = sample.load { self.decimal("load_kg", Int(load), digits: 0) }
        if let sequence = sample.sequence { self.decimal("seq", Int(sequence), digits: 0) }
        if self.habits.coordinates != .wgs84 {
            self.member("coordinates", "\"" + self.habits.coordinates.rawValue + "\"")
        }
        if !sample.hasFix { self.member("fix", "false") }
    }

    private mutating func camera(_ sample: CameraSample) {
        self.time(sample.second)
        self.member("cameras", "{")
        self.isFirst = true
        for (name, state) in zip(self.habits.cameras, sample.states) { self.member(name, "\"\(state.rawValue)\"") }
        self.bytes.append(UInt8(ascii: "}"))
    }

    private mutating func time(_ second: Int32) {
        let seconds = self.dayStart.microseconds / 1_000_000 + Int64(second) + Int64(self.habits.clockOffset)
        if self.habits.writesMilliseconds {
            self.decimal("time", Int(seconds) * 1000, digits: 0)
        } else {
            self.member("time", "\"")
            self.bytes.append(contentsOf: Instant(seconds: seconds).description.utf8)
            self.bytes.append(UInt8(ascii: "\""))
        }
    }

    private mutating func member(_ name: String, _ value: String) {
        if !self.isFirst { self.bytes.append(UInt8(ascii: ",")) }
        self.isFirst = false
        self.bytes.append(UInt8(ascii: "\""))
        self.bytes.append(contentsOf: name.utf8)
        self.bytes.append(contentsOf: [UInt8(ascii: "\""), UInt8(ascii: ":")])
        self.bytes.append(contentsOf: value.utf8)
    }

    /// `value` / 10^`digits`.
    private mutating func decimal(_ name: String, _ value: Int, digits: Int) {
        self.member(name, value < 0 ? "-" : "")
        var number = String(value.magnitude)
        if digits > 0 {
            if number.utf8.count <= digits {
                number = String(repeating: "0", count: digits + 1 - number.utf8.count) + number
            }
            number.insert(".", at: number.index(number.endIndex, offsetBy: -digits))
        }
        self.bytes.append(contentsOf: number.utf8)
    }
}
