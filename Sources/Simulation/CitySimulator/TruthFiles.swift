import Chronology
import Geodesy

/// What is wrong with a file of truth, and where.
package struct TruthFileError: Error, Hashable, CustomStringConvertible {
    /// The first line of the file is 1.
    package var line: Int
    package var column: String

    package var description: String {
        "真值文件第 \(self.line) 行的 \(self.column) 列缺失或无法读取 / "
            + "truth file, line \(self.line): column \(self.column) is missing or cannot be read"
    }
}

/// `truth-deliveries.csv`: written by the simulator, read by `tongxing score`.
extension TruthDelivery {
    package static let columns = [
        "truth_id", "load_id", "plate", "terminal", "origin_kind", "origin_id", "origin_lat", "origin_lon",
        "load_start", "load_end", "destination_kind", "destination_id", "destination_lat", "destination_lon",
        "unload_start", "unload_end", "is_black_supply", "expected_rules", "edge_cases",
    ]

    package static func csv(_ deliveries: [TruthDelivery]) -> String {
        var writer = CommaSeparatedWriter(header: self.columns)
        for delivery in deliveries { writer.append(delivery.fields) }
        return writer.text
    }

    private var fields: [String] {
        [
            self.truthID, self.loadID, self.plate, self.terminal, self.originKind.rawValue, self.originID,
            self.originCoordinate.latitude.description, self.originCoordinate.longitude.description,
            self.loadStart.description, self.loadEnd.description, self.destinationKind.rawValue, self.destinationID,
            self.destinationCoordinate.latitude.description, self.destinationCoordinate.longitude.description,
            self.unloadStart.description, self.unloadEnd.description, self.isBlackSupply ? "true" : "false",
            self.expectedRules.joined(separator: ";"), self.edgeCases.map(\.rawValue).joined(separator: ";"),
        ]
    }

    /// Reads what `csv` writes, with the columns in any order; the first value that cannot be read is the error.
    package static func read(csv text: String) throws(TruthFileError) -> [TruthDelivery] {
        let reader = CommaSeparatedReader(text)
        var deliveries: [TruthDelivery] = []
        for (index, row) in reader.rows.enumerated() {
            deliveries.append(try TruthDelivery(TruthRow(reader: reader, row: row, line: index + 2)))
        }
        return deliveries
    }

    private init(_ row: TruthRow) throws(TruthFileError) {
        self.init(
            truthID: try row.text("truth_id"), loadID: try row.text("load_id"), plate: try row.text("plate"),
            terminal: try row.text("terminal"),
            originKind: try row.value("origin_kind", OriginKind.init(rawValue:)),
            originID: try row.text("origin_id"), originCoordinate: try row.coordinate("origin_lat", "origin_lon"),
            loadStart: try row.instant("load_start"), loadEnd: try row.instant("load_end"),
            destinationKind: try row.value("destination_kind", DestinationKind.init(rawValue:)),
            destinationID: try row.text("destination_id"),
            destinationCoordinate: try row.coordinate("destination_lat", "destination_lon"),
            unloadStart: try row.instant("unload_start"), unloadEnd: try row.instant("unload_end"),
            isBlackSupply: try row.value("is_black_supply", Bool.init),
            expectedRules: try row.text("expected_rules").split(separator: ";").map(String.init),
            edgeCases: try row.text("edge_cases").split(separator: ";").compactMap { EdgeCase(rawValue: String($0)) })
    }
}

/// `truth-hidden-plants.csv`.
extension TruthHiddenPlant {
    /// Reads what `csv` writes; the first value that cannot be read is the error.
    package static func read(csv text: String) throws(TruthFileError) -> [TruthHiddenPlant] {
        let reader = CommaSeparatedReader(text)
        var plants: [TruthHiddenPlant] = []
        for (index, row) in reader.rows.enumerated() {
            let row = TruthRow(reader: reader, row: row, line: index + 2)
            plants.append(
                TruthHiddenPlant(
                    hiddenPlantID: try row.text("hidden_plant_id"), coordinate: try row.coordinate("lat", "lon"),
                    radiusMetres: try row.value("radius_m", Double.init), loads: try row.value("loads", Int.init)))
        }
        return plants
    }

    package static func csv(_ plants: [TruthHiddenPlant]) -> String {
        var writer = CommaSeparatedWriter(header: [
            "hidden_plant_id", "lat", "lon", "radius_m", "loads", "first_load", "last_load",
        ])
        for plant in plants {
            writer.append([
                plant.hiddenPlantID, plant.coordinate.latitude.description, plant.coordinate.longitude.description,
                plant.radiusMetres.description, plant.loads.description, plant.firstLoad?.description ?? "",
                plant.lastLoad?.description ?? "",
            ])
        }
        return writer.text
    }
}

/// One line of the file, with the errors that its values can have.
struct TruthRow {
    var reader: CommaSeparatedReader
    var row: [String]
    var line: Int

    func text(_ column: String) throws(TruthFileError) -> String {
        try self.value(column) { $0 }
    }

    func instant(_ column: String) throws(TruthFileError) -> Instant {
        try self.value(column) { Instant(rfc3339: $0) }
    }

    func coordinate(_ latitude: String, _ longitude: String) throws(TruthFileError) -> Coordinate {
        let degrees = (try self.value(latitude) { Double($0) }, try self.value(longitude) { Double($0) })
        guard let coordinate = Coordinate(latitude: degrees.0, longitude: degrees.1) else {
            throw TruthFileError(line: self.line, column: latitude)
        }
        return coordinate
    }

    func value<Value>(_ column: String, _ read: (String) -> Value?) throws(TruthFileError) -> Value {
        guard let value = self.reader.value(column, of: self.row).flatMap(read) else {
            throw TruthFileError(line: self.line, column: column)
        }
        return value
    }
}
