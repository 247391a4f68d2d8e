import Chronology
import Geodesy

/// A position as the native dialect (`fleet/v1/{terminal}/position`) says it: what stands there, in the dialect's
/// units, not yet judged. `nil` is a field that is missing.
struct NativePosition: ~Copyable {
    var time: Instant?
    var latitude: Double?
    var longitude: Double?
    /// km/h
    var speed: Double?
    /// Degrees
    var heading: Double?
    /// Metres
    var altitude: Double?
    var ignition: Bool?
    /// km
    var odometer: Double?
    var satellites: Int64?
    var hdop: Double?
    /// Revolutions a minute
    var drum: Double?
    /// kg
    var load: Double?
    var sequence: Int64?
    var coordinates: CoordinateSystem?
    var fix: Bool?
    var terminal: String?

    /// The dialect's names, in the contract's order.
    enum Field: String, CaseIterable, Sendable {
        case time, lat, lon
        case speed = "speed_kmh"
        case heading = "heading_deg"
        case altitude = "altitude_m"
        case ignition
        case odometer = "odometer_km"
        case satellites, hdop
        case drum = "drum_rpm"
        case load = "load_kg"
        case sequence = "seq"
        case coordinates, fix, terminal
    }

    static let table = FieldTable<Field>(.time)

    /// Reads the object at hand. What is wrong with a field is noted in `reader`; only broken JSON throws.
    init(
        _ scanner: inout JSONScanner, _ bytes: Span<UInt8>, reader: inout FieldReader<Field>
    ) throws(JSONFailure) {
        try scanner.beginObject(bytes)
        while let field = try reader.nextField(&scanner, bytes) {
            switch field {
            case .time: self.time = try reader.instant(field, &scanner, bytes)
            case .lat: self.latitude = try reader.number(field, &scanner, bytes)
            case .lon: self.longitude = try reader.number(field, &scanner, bytes)
            case .speed: self.speed = try reader.number(field, &scanner, bytes)
            case .heading: self.heading = try reader.number(field, &scanner, bytes)
            case .altitude: self.altitude = try reader.number(field, &scanner, bytes)
            case .ignition: self.ignition = try reader.boolean(field, &scanner, bytes)
            case .odometer: self.odometer = try reader.number(field, &scanner, bytes)
            case .satellites: self.satellites = try reader.whole(field, &scanner, bytes)
            case .hdop: self.hdop = try reader.number(field, &scanner, bytes)
            case .drum: self.drum = try reader.number(field, &scanner, bytes)
            case .load: self.load = try reader.number(field, &scanner, bytes)
            case .sequence: self.sequence = try reader.whole(field, &scanner, bytes)
            case .fix: self.fix = try reader.boolean(field, &scanner, bytes)
            case .terminal: self.terminal = try reader.text(field, &scanner, bytes)?.string(bytes)
            case .coordinates:
                guard let text = try reader.text(field, &scanner, bytes) else { continue }
                self.coordinates = CoordinateSystem(rawValue: text.string(bytes))
                if self.coordinates == nil { reader.note(.outOfRange, field) }
            }
        }
    }
}
