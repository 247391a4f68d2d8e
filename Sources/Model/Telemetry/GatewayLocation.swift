/// A location of the gateway's JSON on its way to a `JT808Location`: the standard's units under names, its items under
/// `extra`.
struct GatewayLocation {
    private(set) var problem: ReportProblem?
    private(set) var unknownFieldCount = 0
    private var alarm: UInt32?
    private var status: UInt32?
    private var latitude: UInt32?
    private var longitude: UInt32?
    private var altitude: UInt16?
    private var speed: UInt16?
    private var direction: UInt16?
    private var time: BeijingTime?
    private var items = JT808Items()

    /// The fixed part by its names; the gateway always writes all of it.
    private enum Field: String, CaseIterable, Sendable {
        case alarm, altitude, direction, latitude, longitude, speed, status, time, extra
    }

    private static let table = FieldTable<Field>(.alarm)

    /// The location, or why it is none.
    var result: Result<JT808Location, ReportProblem> {
        if let problem { return .failure(problem) }
        guard let alarm = self.alarm else { return .failure(Self.missing(.alarm)) }
        guard let status = self.status else { return .failure(Self.missing(.status)) }
        guard let latitude = self.latitude else { return .failure(Self.missing(.latitude)) }
        guard let longitude = self.longitude else { return .failure(Self.missing(.longitude)) }
        guard let altitude = self.altitude else { return .failure(Self.missing(.altitude)) }
        guard let speed = self.speed else { return .failure(Self.missing(.speed)) }
        guard let direction = self.direction else { return .failure(Self.missing(.direction)) }
        guard let time = self.time else { return .failure(Self.missing(.time)) }
        var location = JT808Location(
            alarm: alarm, status: status, latitude: latitude, longitude: longitude, altitude: altitude, speed: speed,
            direction: direction, time: time)
        location.items = self.items
        return .success(location)
    }

    private static func missing(_ field: Field) -> ReportProblem {
        ReportProblem(reason: .missingField, detail: field.rawValue)
    }

    /// Reads the object at hand.
    mutating func read(_ scanner: inout JSONScanner, _ bytes: Span<UInt8>) throws(JSONFailure) {
        var reader = FieldReader(Self.table)
        try scanner.beginObject(bytes)
        while let field = try reader.nextField(&scanner, bytes) {
            switch field {
            case .alarm: self.alarm = try reader.unsigned(field, &scanner, bytes)
            case .status: self.status = try reader.unsigned(field, &scanner, bytes)
            case .latitude: self.latitude = try reader.unsigned(field, &scanner, bytes)
            case .longitude: self.longitude = try reader.unsigned(field, &scanner, bytes)
            case .altitude: self.altitude = try reader.unsigned(field, &scanner, bytes)
            case .speed: self.speed = try reader.unsigned(field, &scanner, bytes)
            case .direction: self.direction = try reader.unsigned(field, &scanner, bytes)
            case .time:
                guard let text = try reader.text(field, &scanner, bytes) else { continue }
                self.time = BeijingTime(text.string(bytes))
                if self.time == nil { reader.note(.badTime, field) }
            case .extra:
                guard try reader.expect(.object, field, &scanner, bytes) else { continue }
                var extra = GatewayItems(self.items)
                try extra.read(&scanner, bytes)
                self.items = extra.items
                if let problem = extra.problem { reader.note(problem.reason, field, suffix: "." + problem.detail) }
            }
        }
        self.unknownFieldCount = reader.unknownFieldCount
        self.problem = reader.problem
    }
}

extension FieldReader {
    /// A whole number in the range of the standard's field.
    mutating func unsigned<Value: FixedWidthInteger>(
        _ field: Field, _ scanner: inout JSONScanner, _ bytes: Span<UInt8>
    ) throws(JSONFailure) -> Value? {
        guard let whole = try self.whole(field, &scanner, bytes) else { return nil }
        guard let value = Value(exactly: whole) else {
            self.note(.outOfRange, field)
            return nil
        }
        return value
    }
}
