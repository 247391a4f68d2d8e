/// The items of a location under `extra` of the gateway's JSON: some by name and as numbers, all others by their
/// decimal id and as base64 of their bytes.
struct GatewayItems {
    private(set) var items: JT808Items
    private(set) var problem: ReportProblem?

    init(_ items: JT808Items) {
        self.items = items
    }

    /// Names of items as numbers, and what has a name and no use here. `signal` is among the latter: the gateway reads
    /// the bits from the wrong end, so that a right turn is never there.
    private enum Name: String, CaseIterable, Sendable {
        case mileage
        case fuel = "fuel_meter"
        case speed
        case signalStrength = "rssi"
        case satellites = "gnss_sat_num"
        case alarmID = "alarm_id"
        case tyrePressure = "tire_pressure"
        case carriageTemperature = "carriage_temp"
        case overspeed = "overspeed_alarm"
        case area = "in_out_alarm"
        case section = "path_time_alarm"
        case signal
        case inputs = "io_status"
        case analog
    }

    /// Reads the object at hand.
    mutating func read(_ scanner: inout JSONScanner, _ bytes: Span<UInt8>) throws(JSONFailure) {
        try scanner.beginObject(bytes)
        while let text = try scanner.nextField(bytes) {
            let name = text.string(bytes)
            if let known = Name(rawValue: name) {
                try self.read(known, &scanner, bytes)
            } else if let id = UInt8(name) {
                try self.read(item: id, &scanner, bytes)
            } else {
                // "custome" with the vendors' items among them.
                self.items.unknownCount += 1
                try scanner.skip(bytes)
            }
        }
    }

    private mutating func read(
        _ name: Name, _ scanner: inout JSONScanner, _ bytes: Span<UInt8>
    ) throws(JSONFailure) {
        switch name {
        case .mileage: self.items.mileage = try self.number(name, &scanner, bytes)
        case .fuel: self.items.fuel = try self.number(name, &scanner, bytes)
        case .speed: self.items.recorderSpeed = try self.number(name, &scanner, bytes)
        case .signalStrength: self.items.signalStrength = try self.number(name, &scanner, bytes)
        case .satellites: self.items.satellites = try self.number(name, &scanner, bytes)
        case .alarmID, .tyrePressure, .carriageTemperature, .overspeed, .area, .section, .signal, .inputs, .analog:
            try scanner.skip(bytes)
        }
    }

    private mutating func number<Value: FixedWidthInteger>(
        _ name: Name, _ scanner: inout JSONScanner, _ bytes: Span<UInt8>
    ) throws(JSONFailure) -> Value? {
        guard let number = try scanner.numberIfNext(bytes) else {
            try scanner.skip(bytes)
            self.note(.wrongType, name.rawValue)
            return nil
        }
        guard case .value(let whole) = number.whole(bytes), let value = Value(exactly: whole) else {
            self.note(.outOfRange, name.rawValue)
            return nil
        }
        return value
    }

    private mutating func read(
        item id: UInt8, _ scanner: inout JSONScanner, _ bytes: Span<UInt8>
    ) throws(JSONFailure) {
        guard scanner.isNext(.string, bytes) else {
            try scanner.skip(bytes)
            self.note(.wrongType, "\(id)")
            return
        }
        let text = try scanner.text(bytes).string(bytes)
        guard let value = Base64.bytes(of: text) else {
            self.note(.wrongType, "\(id)")
            return
        }
        self.items.read(id, value.span)
    }

    private mutating func note(_ reason: Refusal.Reason, _ detail: String) {
        if self.problem == nil { self.problem = ReportProblem(reason: reason, detail: detail) }
    }
}

/// RFC 4648, section 4, with padding.
enum Base64 {
    /// `nil` for anything else than base64.
    static func bytes(of text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 4) else { return nil }
        let padding = digits.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 4 * 3)
        var word: UInt32 = 0
        for (index, digit) in digits.enumerated() {
            let isPadding = index >= digits.count - padding
            guard let value = isPadding ? 0 : self.value(of: digit) else { return nil }
            word = word << 6 | UInt32(value)
            guard index % 4 == 3 else { continue }
            bytes.append(UInt8(truncatingIfNeeded: word >> 16))
            bytes.append(UInt8(truncatingIfNeeded: word >> 8))
            bytes.append(UInt8(truncatingIfNeeded: word))
            word = 0
        }
        bytes.removeLast(padding)
        return bytes
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
