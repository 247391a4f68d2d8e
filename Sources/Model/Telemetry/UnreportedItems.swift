package import Chronology

/// What a JT/T 808 location says and no report carries: no rule asks for it, and a column of the log would cost every
/// row. It lies in the sealed message, and is read from there when a person asks.
package struct UnreportedItems: Hashable, Sendable {
    /// By the terminal's clock, as it stands there; `nil` where that is no time.
    package var recordedAt: Instant?
    /// 0.1 l, item 0x02.
    package var fuel: UInt16?
    /// 0.1 km/h by the driving recorder, item 0x03.
    package var recorderSpeed: UInt16?
    /// Lamps, turn signals, brake and others, item 0x25.
    package var signals: VehicleSignals?
    /// Of the mobile network, item 0x30; in the device's own measure.
    package var signalStrength: UInt8?

    /// The bits of item 0x25.
    package struct VehicleSignals: OptionSet, Hashable, Sendable {
        package let rawValue: UInt32

        package init(rawValue: UInt32) { self.rawValue = rawValue }

        /// What each bit means, from bit 0 on.
        package static let names: [(chinese: String, english: String)] = [
            ("近光灯", "low beam"), ("远光灯", "high beam"), ("右转向灯", "right turn signal"),
            ("左转向灯", "left turn signal"), ("制动", "brake"), ("倒挡", "reverse"), ("雾灯", "fog lamp"),
            ("示廓灯", "side marker"), ("喇叭", "horn"), ("空调", "air conditioning"), ("空挡", "neutral"),
            ("缓速器", "retarder"), ("ABS", "ABS"), ("加热器", "heater"), ("离合器", "clutch"),
        ]

        /// Those that are on and have a meaning.
        package var meanings: [(chinese: String, english: String)] {
            Self.names.enumerated().filter { self.rawValue >> UInt32($0.offset) & 1 == 1 }.map(\.element)
        }
    }

    /// Of each location of a message, in order, that says anything of the kind. A message that is no JT/T 808, or
    /// cannot be read, has none; a location may be refused and be read here.
    package static func all(topic: Span<UInt8>, payload: Span<UInt8>) -> [UnreportedItems] {
        do throws(ReportProblem) {
            let topic = try JT808Topic(topic)
            switch topic.dialect {
            case .frame: return Self.all(try JT808Frame(payload))
            case .gateway: return Self.all(gateway: payload)
            }
        } catch {
            return []
        }
    }

    private static func all(gateway payload: Span<UInt8>) -> [UnreportedItems] {
        guard let gateway = try? GatewayMessage(payload) else { return [] }
        return gateway.locations.compactMap { location in (try? location.get()).flatMap { Self($0) } }
    }

    private static func all(_ frame: JT808Frame) -> [UnreportedItems] {
        guard !frame.isFragment, frame.encryption == 0 else { return [] }
        let body = frame.bytes.span.extracting(frame.body)
        func location(_ range: Range<Int>) -> UnreportedItems? {
            JT808Location(body.extracting(range)).flatMap { Self($0) }
        }
        switch frame.messageID {
        case JT808Frame.MessageID.location: return location(0..<body.count).map { [$0] } ?? []
        case JT808Frame.MessageID.locationAnswer where body.count > 2:
            return location(2..<body.count).map { [$0] } ?? []
        case JT808Frame.MessageID.locationBatch:
            var found: [UnreportedItems] = []
            var index = 3
            while index + 2 <= body.count, case let end = index + 2 + Int(body.bigEndian16(at: index)),
                end <= body.count
            {
                if let items = location((index + 2)..<end) { found.append(items) }
                index = end
            }
            return found
        default: return []
        }
    }

    /// `nil` when the location says nothing of the kind.
    private init?(_ location: JT808Location) {
        let items = location.items
        self.recordedAt = location.time.instant
        self.fuel = items.fuel
        self.recorderSpeed = items.recorderSpeed
        self.signals = items.signals.map { VehicleSignals(rawValue: $0) }
        self.signalStrength = items.signalStrength
        let isEmpty =
            self.fuel == nil && self.recorderSpeed == nil && self.signals == nil && self.signalStrength == nil
        if isEmpty { return nil }
    }
}
