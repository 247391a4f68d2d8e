/// The additional items of a location: an id, a length, a value. What we have no use for is passed over; what we do not
/// know, or what has another length than its own, is passed over and counted.
struct JT808Items: Hashable, Sendable {
    /// 0.1 km
    var mileage: UInt32?
    /// 0.1 l. This, the recorder's speed, the signals and the signal strength are carried by no report: no rule asks
    /// for them. They are read again from the frame, which is kept, see `UnreportedItems`.
    var fuel: UInt16?
    /// 0.1 km/h, from the driving recorder.
    var recorderSpeed: UInt16?
    /// Lamps, turn signals, brake: bit 0 is the low beam, bit 2 the right turn signal.
    var signals: UInt32?
    var signalStrength: UInt8?
    var satellites: UInt8?
    var drum: Drum?
    var video = Video()
    var safety: [SafetyAlarm] = []
    /// Not known, of another length than theirs, or cut off.
    var unknownCount = 0

    /// Which way the drum turns, item 0x52 of many concrete trucks' terminals. What forward means differs by vendor.
    enum Drum: UInt8, Hashable, Sendable {
        case forward = 1
        case reverse = 2
        case stopped = 3
    }

    /// What the video recorder says (JT/T 1078). Bit 0 of a mask of channels is channel 1.
    struct Video: Hashable, Sendable {
        /// Bit 0 signal loss, 1 occlusion, 2 store, 3 other, 4 overcrowding, 5 driver, 6 recording; others mean
        /// nothing, and one real terminal sets bit 31.
        var alarms: UInt32?
        var lostChannels: UInt32?
        var occludedChannels: UInt32?
        /// Bits 0–11 are main stores, 12–15 disaster stores.
        var failedStores: UInt16?
        /// Bit 0 fatigue, 1 telephone, 2 smoking.
        var driver: UInt16?
        /// How tired, where the terminal says it.
        var fatigueLevel: UInt8?
    }

    /// The items by their ids.
    enum ID {
        static let mileage: UInt8 = 0x01
        static let fuel: UInt8 = 0x02
        static let recorderSpeed: UInt8 = 0x03
        static let videoAlarms: UInt8 = 0x14
        static let lostChannels: UInt8 = 0x15
        static let occludedChannels: UInt8 = 0x16
        static let failedStores: UInt8 = 0x17
        static let driver: UInt8 = 0x18
        static let signals: UInt8 = 0x25
        static let signalStrength: UInt8 = 0x30
        static let satellites: UInt8 = 0x31
        static let drum: UInt8 = 0x52
        /// Driving assistance, driver monitoring, tyres, blind spots.
        static let safety: ClosedRange<UInt8> = 0x64...0x67

        /// Of the standard, and of no use here: alarm confirmation, tyres, temperature, area and route details, inputs.
        static func isUnused(_ id: UInt8) -> Bool {
            switch id {
            case 0x04, 0x05, 0x06, 0x11, 0x12, 0x13, 0x2A, 0x2B: true
            default: false
            }
        }
    }

    /// Reads the items of a frame up to the end of `bytes`; a last one that is cut off is counted.
    mutating func read(_ bytes: Span<UInt8>) {
        var index = 0
        while index < bytes.count {
            guard index + 2 <= bytes.count, case let end = index + 2 + Int(bytes[index + 1]), end <= bytes.count else {
                self.unknownCount += 1
                return
            }
            self.read(bytes[index], bytes.extracting((index + 2)..<end))
            index = end
        }
    }

    /// Reads one item's value. Of an item that comes twice the last counts, but every safety alarm does.
    mutating func read(_ id: UInt8, _ value: Span<UInt8>) {
        switch (id, value.count) {
        case (ID.mileage, 4): self.mileage = value.bigEndian32(at: 0)
        case (ID.fuel, 2): self.fuel = value.bigEndian16(at: 0)
        case (ID.recorderSpeed, 2): self.recorderSpeed = value.bigEndian16(at: 0)
        case (ID.videoAlarms, 4): self.video.alarms = value.bigEndian32(at: 0)
        case (ID.lostChannels, 4): self.video.lostChannels = value.bigEndian32(at: 0)
        case (ID.occludedChannels, 4): self.video.occludedChannels = value.bigEndian32(at: 0)
        case (ID.failedStores, 2): self.video.failedStores = value.bigEndian16(at: 0)
        case (ID.driver, 2...3):
            // The standard has three bytes; terminals are about that leave the level out.
            self.video.driver = value.bigEndian16(at: 0)
            self.video.fatigueLevel = value.count == 3 ? value[2] : nil
        case (ID.signals, 4): self.signals = value.bigEndian32(at: 0)
        case (ID.signalStrength, 1): self.signalStrength = value[0]
        case (ID.satellites, 1): self.satellites = value[0]
        case (ID.drum, 1): self.drum = Drum(rawValue: value[0])
        case (ID.safety, _):
            if let alarm = SafetyAlarm(item: id, value) { self.safety.append(alarm) } else { self.unknownCount += 1 }
        default: self.unknownCount += ID.isUnused(id) ? 0 : 1
        }
    }
}
