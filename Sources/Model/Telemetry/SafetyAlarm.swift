/// An active-safety alarm as items 0x64–0x67 say it (苏标 Su-biao, DB32/T 3610; 粤标 Yue-biao, T/GDRTA, with a longer
/// alarm identity): its kind's own fields, then speed, place, time and state, then the identity, which is not read.
struct SafetyAlarm: Hashable, Sendable {
    /// The item: 0x64 driving assistance, 0x65 driver, 0x66 tyres, 0x67 blind spots.
    var item: UInt8
    var number: UInt32
    /// 1 begins, 2 ends, others say nothing.
    var flag: UInt8
    /// What happened, by the item's own list; 0 for tyres.
    var type: UInt8
    /// 1 or 2; 0 where the item has none.
    var level: UInt8
    /// km/h
    var speed: UInt8
    /// Metres
    var altitude: UInt16
    /// 1e-6 degree
    var latitude: UInt32
    var longitude: UInt32
    var time: BeijingTime
    /// Bit 0 ignition, 1 left signal, 2 right signal, 3 wiper, 4 brake, 5 card, 10 positioned.
    var vehicleState: UInt16

    /// Speed, altitude, place, time and state.
    private static let sharedBytes = 19
    /// How long the alarm's identity is in the two standards.
    private static let identityBytes = [16, 40]

    /// `nil` for a length that neither standard has.
    init?(item: UInt8, _ value: Span<UInt8>) {
        let hasLevel = item == 0x64 || item == 0x65
        let shared = item == 0x66 ? 5 : item == 0x67 ? 6 : 12
        let known = shared + Self.sharedBytes
        // The tyres' list follows the identity: its count and any number of tyres.
        let fits = Self.identityBytes.contains { identity in
            item == 0x66 ? value.count > known + identity : value.count == known + identity
        }
        guard fits else { return nil }
        self.item = item
        self.number = value.bigEndian32(at: 0)
        self.flag = value[4]
        self.type = item == 0x66 ? 0 : value[5]
        self.level = hasLevel ? value[6] : 0
        self.speed = value[shared]
        self.altitude = value.bigEndian16(at: shared + 1)
        self.latitude = value.bigEndian32(at: shared + 3)
        self.longitude = value.bigEndian32(at: shared + 7)
        self.time = BeijingTime(value, at: shared + 11)
        self.vehicleState = value.bigEndian16(at: shared + 17)
    }
}
