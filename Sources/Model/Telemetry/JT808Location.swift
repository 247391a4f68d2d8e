/// A location as JT/T 808 says it (0x0200, or one of the batch 0x0704), in the standard's units, not yet judged. The
/// frame and the gateway's JSON both become this. `nil` is an item that did not come.
struct JT808Location: Hashable, Sendable {
    /// The alarm word.
    var alarm: UInt32
    var status: Status
    /// 1e-6 degree without sign: the hemisphere stands in `status`.
    var latitude: UInt32
    var longitude: UInt32
    /// Metres
    var altitude: UInt16
    /// 0.1 km/h
    var speed: UInt16
    /// Degrees
    var direction: UInt16
    var time: BeijingTime
    var items = JT808Items()

    /// The status word.
    struct Status: OptionSet, Hashable, Sendable {
        let rawValue: UInt32

        static let ignition = Status(rawValue: 1 << 0)
        static let hasFix = Status(rawValue: 1 << 1)
        static let isSouth = Status(rawValue: 1 << 2)
        static let isWest = Status(rawValue: 1 << 3)
        /// The coordinates went through the map makers' plug-in: they are GCJ-02.
        static let isShifted = Status(rawValue: 1 << 5)
    }

    /// The bytes of the fixed part.
    static let fixedBytes = 28

    /// `nil` when the fixed part is not all there. Items that cannot be read are counted in `items`.
    init?(_ body: Span<UInt8>) {
        guard body.count >= Self.fixedBytes else { return nil }
        self.alarm = body.bigEndian32(at: 0)
        self.status = Status(rawValue: body.bigEndian32(at: 4))
        self.latitude = body.bigEndian32(at: 8)
        self.longitude = body.bigEndian32(at: 12)
        self.altitude = body.bigEndian16(at: 16)
        self.speed = body.bigEndian16(at: 18)
        self.direction = body.bigEndian16(at: 20)
        self.time = BeijingTime(body, at: 22)
        self.items.read(body.extracting(Self.fixedBytes..<body.count))
    }

    init(
        alarm: UInt32, status: UInt32, latitude: UInt32, longitude: UInt32, altitude: UInt16, speed: UInt16,
        direction: UInt16, time: BeijingTime
    ) {
        self.alarm = alarm
        self.status = Status(rawValue: status)
        self.latitude = latitude
        self.longitude = longitude
        self.altitude = altitude
        self.speed = speed
        self.direction = direction
        self.time = time
    }
}
