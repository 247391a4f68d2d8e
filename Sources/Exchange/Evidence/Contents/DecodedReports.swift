import Chronology
import Exchange
import Geodesy
import Telemetry

/// What the raw messages say: the decoded tables, one row a report, made from nothing but the messages and the rules of
/// decoding, so that a verifier makes them again.
struct DecodedReports {
    /// One message with the register entry by whose settings it is read.
    struct Source {
        var place: MessagePlace
        var device: Int64
        var message: Originals.Message
    }

    /// One report of one message; `report` counts the reports of its message.
    struct Row<Report> {
        var place: MessagePlace
        var receivedAt: Instant
        var ordinal: Int
        var terminal: String
        var report: Report
    }

    private(set) var positions: [Row<PositionReport>] = []
    private(set) var cameras: [Row<CameraReport>] = []
    private(set) var alarms: [Row<AlarmReport>] = []
    private(set) var refusals: [Row<Refusal>] = []

    init(_ sources: [Source], _ decoders: [Int64: MessageDecoder]) {
        for source in sources {
            guard let decoder = decoders[source.device] else { continue }
            let decoded = Self.decode(source.message, decoder)
            func row<Report>(_ ordinal: Int, _ report: Report) -> Row<Report> {
                Row(
                    place: source.place, receivedAt: source.message.receivedAt, ordinal: ordinal,
                    terminal: decoded.terminal?.text ?? "", report: report)
            }
            self.positions += decoded.positions.enumerated().map { row($0.offset, $0.element) }
            self.cameras += decoded.cameras.enumerated().map { row($0.offset, $0.element) }
            self.alarms += decoded.alarms.enumerated().map { row($0.offset, $0.element) }
            self.refusals += decoded.refusals.enumerated().map { row($0.offset, $0.element) }
        }
        self.positions.sort { Self.isOrdered($0, $1, by: \.recordedAt) }
        self.cameras.sort { Self.isOrdered($0, $1, by: \.recordedAt) }
        self.alarms.sort { Self.isOrdered($0, $1, by: \.recordedAt) }
    }

    static func decode(_ message: Originals.Message, _ decoder: MessageDecoder) -> DecodedMessage {
        var decoded = DecodedMessage()
        decoder.decode(
            topic: message.topic.span, payload: message.payload.span, receivedAt: message.receivedAt, into: &decoded)
        return decoded
    }

    private static func isOrdered<Report>(
        _ one: Row<Report>, _ other: Row<Report>, by time: KeyPath<Report, Instant>
    ) -> Bool {
        let (first, second) = (one.report[keyPath: time], other.report[keyPath: time])
        return (first, one.place, one.ordinal) < (second, other.place, other.ordinal)
    }

    static let positionColumns =
        ["time"] + Self.placeColumns + [
            "lat", "lon", "fix", "speed_kmh", "heading_deg", "altitude_m", "ignition", "odometer_km", "satellites",
            "hdop", "drum_rpm", "load_kg", "seq", "in_log",
        ]
    private static let placeColumns = ["received_at", "lane_id", "batch", "index", "report", "terminal"]

    private static func cells<Report>(_ row: Row<Report>) -> [TableCell] {
        [
            .time(row.receivedAt), .integer(Int(row.place.lane)), .integer(Int(row.place.batch)),
            .integer(row.place.index), .integer(row.ordinal), .text(row.terminal),
        ]
    }

    /// - Parameter inLog: by row, whether the log holds this very report; `nil` where the package does not cover its
    ///   time.
    func positionTable(inLog: [Bool?]) -> [UInt8] {
        var writer = TableWriter(columns: Self.positionColumns, format: .csv)
        for (index, row) in self.positions.enumerated() {
            let report = row.report
            func tenths(_ value: (some BinaryInteger)?) -> TableCell { .number(value.map { Double($0) / 10 }) }
            writer.append(
                [.time(report.recordedAt)] + Self.cells(row) + [
                    .number(report.coordinate.latitude), .number(report.coordinate.longitude), .boolean(report.hasFix),
                    tenths(report.speed), tenths(report.course), tenths(report.altitude), .boolean(report.ignition),
                    .number(report.odometer.map { Double($0) / 100 }), .integer(report.satellites.map { Int($0) }),
                    tenths(report.hdop), tenths(report.drum), .integer(report.load.map { Int($0) }),
                    .integer(report.sequence.map { Int($0) }),
                    .boolean(inLog.indices.contains(index) ? inLog[index] : nil),
                ])
        }
        return writer.finish()
    }

    func cameraTable() -> [UInt8] {
        var writer = TableWriter(columns: ["time"] + Self.placeColumns + ["camera", "state"], format: .csv)
        for row in self.cameras {
            for camera in row.report.cameras {
                writer.append(
                    [.time(row.report.recordedAt)] + Self.cells(row) + [
                        .text(camera.name), .text(camera.state.rawValue),
                    ])
            }
        }
        return writer.finish()
    }

    func alarmTable() -> [UInt8] {
        var writer = TableWriter(
            columns: ["time"] + Self.placeColumns + ["kind", "item", "level", "edge"], format: .csv)
        for row in self.alarms {
            writer.append(
                [.time(row.report.recordedAt)] + Self.cells(row) + [
                    .text(row.report.kind.rawValue), .integer(Int(row.report.item)),
                    .integer(row.report.level.map { Int($0) }), .text(row.report.edge?.rawValue),
                ])
        }
        return writer.finish()
    }

    /// Reports that were not accepted, and why.
    func refusalTable() -> [UInt8] {
        var writer = TableWriter(columns: Self.placeColumns + ["report_index", "reason", "detail"], format: .csv)
        for row in self.refusals {
            writer.append(
                Self.cells(row) + [
                    .integer(row.report.reportIndex), .text(row.report.reason.rawValue), .text(row.report.detail),
                ])
        }
        return writer.finish()
    }

    /// The positions of the log, drawn: with a fix, and not at (0, 0).
    func trail(inLog: [Bool?]) -> [Row<PositionReport>] {
        zip(self.positions, inLog).filter { row, isInLog in
            isInLog == true && row.report.hasFix && !row.report.coordinate.isNullIsland
        }.map(\.0)
    }

    static func trailWriter(_ rows: [Row<PositionReport>], name: String) -> TrailWriter {
        TrailWriter(
            name: name,
            points: rows.map { row in
                let report = row.report
                return TrailPoint(
                    time: report.recordedAt, coordinate: report.coordinate,
                    altitude: report.altitude.map { Double($0) / 10 }, speed: report.speed.map { Double($0) / 10 },
                    course: report.course.map { Double($0) / 10 })
            })
    }
}
