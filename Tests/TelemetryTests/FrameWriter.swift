/// Writes JT/T 808 frames as a terminal does.
struct FrameWriter {
    var id: UInt16 = 0x0200
    /// The standard of 2019, with a version byte and a longer phone number.
    var is2019 = false
    var phone = "13700000001"
    var serial: UInt16 = 1
    /// 1 is RSA.
    var encryption: UInt16 = 0
    /// The number of parts and which of them this is.
    var fragment: (total: UInt16, index: UInt16)?
    var body: [UInt8] = []

    /// The frame with its ends, checksum and escapes.
    var bytes: [UInt8] {
        var properties = UInt16(self.body.count) & 0x3FF | self.encryption << 10
        properties |= (self.is2019 ? 0x4000 : 0) | (self.fragment == nil ? 0 : 0x2000)
        var inner = Self.word(self.id) + Self.word(properties) + (self.is2019 ? [1] : [])
        inner += Self.packed(self.phone, bytes: self.is2019 ? 10 : 6) + Self.word(self.serial)
        if let fragment { inner += Self.word(fragment.total) + Self.word(fragment.index) }
        inner += self.body
        inner.append(inner.reduce(0, ^))
        return [0x7E] + inner.flatMap { $0 == 0x7E ? [0x7D, 2] : $0 == 0x7D ? [0x7D, 1] : [$0] } + [0x7E]
    }

    /// The topic that the frame belongs under.
    var topic: String { "jt808/\(self.phone)/raw" }

    static func word(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }

    static func double(_ value: UInt32) -> [UInt8] {
        self.word(UInt16(value >> 16)) + self.word(UInt16(value & 0xFFFF))
    }

    /// Decimal digits, two a byte, with zeros in front.
    static func packed(_ digits: String, bytes count: Int) -> [UInt8] {
        let padded =
            Array(repeating: UInt8(0), count: max(0, count * 2 - digits.utf8.count)) + digits.utf8.map { $0 - 0x30 }
        return (0..<count).map { padded[$0 * 2] << 4 | padded[$0 * 2 + 1] }
    }
}

/// The body of a location with items behind it.
struct LocationWriter {
    var alarm: UInt32 = 0
    /// Ignition on, with a fix.
    var status: UInt32 = 3
    var latitude: UInt32 = 30_746_123
    var longitude: UInt32 = 120_755_512
    var altitude: UInt16 = 12
    var speed: UInt16 = 425
    var direction: UInt16 = 187
    /// 2026-03-02T08:15:30Z on China's clocks.
    var time = "260302161530"
    var items: [(id: UInt8, value: [UInt8])] = []

    var bytes: [UInt8] {
        var bytes = [self.alarm, self.status, self.latitude, self.longitude].flatMap(FrameWriter.double)
        bytes += [self.altitude, self.speed, self.direction].flatMap(FrameWriter.word)
        bytes += FrameWriter.packed(self.time, bytes: 6)
        return bytes + self.items.flatMap { [$0.id, UInt8($0.value.count)] + $0.value }
    }
}

/// A batch 0x0704 of locations.
func batchBody(_ locations: [[UInt8]], count: UInt16? = nil) -> [UInt8] {
    FrameWriter.word(count ?? UInt16(locations.count)) + [0]
        + locations.flatMap { FrameWriter.word(UInt16($0.count)) + $0 }
}

/// The bytes that hexadecimal digits say.
func bytes(hex: String) -> [UInt8] {
    let digits = Array(hex.utf8)
    return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
        UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)
    }
}
