package import Chronology
package import Geodesy

/// The formats of a table: those for machines, and XLSX for people.
package enum TableFormat: String, Sendable, CaseIterable {
    case csv, json, ndjson, geojson, xlsx

    /// What HTTP calls it.
    package var mediaType: String {
        switch self {
        case .csv: "text/csv; charset=utf-8; header=present"
        case .json: "application/json"
        case .ndjson: "application/x-ndjson"
        case .geojson: "application/geo+json"
        case .xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        }
    }
}

/// One value of a row. `nil` is undefined: empty in CSV, `null` in JSON.
package enum TableCell: Hashable, Sendable {
    case text(String?)
    /// In the shortest form that reads back the same; infinity is `inf` (a string in JSON, which has no such number).
    case number(Double?)
    case integer(Int?)
    case boolean(Bool?)
    /// RFC 3339 in UTC.
    case time(Instant?)
    /// An array in JSON, separated by `;` in CSV.
    case times([Instant])
}

/// The shape that a row has in GeoJSON.
package enum TableGeometry: Hashable, Sendable {
    case point(Coordinate)
    case line([Coordinate])
}

/// Writes rows one after the other in a machine format: CSV with a header (lines end in LF), one JSON array of
/// objects, one object a line, a GeoJSON feature collection whose features have the row as properties, or a workbook,
/// which comes whole at the end.
///
/// Rows go into a buffer that `takeBytes` empties, so that a long table can be sent piece by piece.
package struct TableWriter: Sendable {
    private let columns: [String]
    private let format: TableFormat
    /// Texts of a CSV are kept from running as formulas; who reads it takes the apostrophe off (`TextEscapes`).
    private let guardsFormulas: Bool
    private var bytes: [UInt8] = []
    private var isFirst = true
    /// Rows of a workbook.
    private var rows: [[TableCell]] = []

    package init(columns: [String], format: TableFormat, guardsFormulas: Bool = false) {
        self.guardsFormulas = guardsFormulas
        self.columns = columns
        self.format = format
        switch format {
        case .csv:
            for (index, column) in columns.enumerated() {
                if index > 0 { self.bytes.append(UInt8(ascii: ",")) }
                TextEscapes.appendCSV(column, to: &self.bytes)
            }
            self.write("\n")
        case .json: self.write("[")
        case .geojson: self.write(#"{"type":"FeatureCollection","features":["#)
        case .ndjson, .xlsx: break
        }
    }

    /// Appends a row; cells beyond the columns are left out, missing ones are undefined. Only GeoJSON has use for
    /// the geometry; without one the feature's geometry is null (RFC 7946 calls that an unlocated feature).
    package mutating func append(_ cells: [TableCell], geometry: TableGeometry? = nil) {
        switch self.format {
        case .csv: self.appendCSV(cells)
        case .xlsx: self.rows.append(cells)
        case .json:
            self.write(self.isFirst ? "\n" : ",\n")
            self.appendObject(cells)
        case .ndjson:
            self.appendObject(cells)
            self.write("\n")
        case .geojson:
            self.write(self.isFirst ? "\n" : ",\n")
            self.write(#"{"type":"Feature","geometry":"#)
            self.append(geometry)
            self.write(#","properties":"#)
            self.appendObject(cells)
            self.write("}")
        }
        self.isFirst = false
    }

    /// What has been written since the last call.
    package mutating func takeBytes() -> [UInt8] {
        defer { self.bytes.removeAll(keepingCapacity: true) }
        return self.bytes
    }

    /// The rest, with what closes the format.
    package consuming func finish() -> [UInt8] {
        switch self.format {
        case .csv, .ndjson: break
        case .xlsx: return XLSXWriter.write(columns: self.columns, rows: self.rows)
        case .json: self.write(self.isFirst ? "]\n" : "\n]\n")
        case .geojson: self.write(self.isFirst ? "]}\n" : "\n]}\n")
        }
        return self.bytes
    }

    private mutating func write(_ text: String) { self.bytes.append(contentsOf: text.utf8) }

    private mutating func appendCSV(_ cells: [TableCell]) {
        for index in self.columns.indices {
            if index > 0 { self.bytes.append(UInt8(ascii: ",")) }
            guard index < cells.count else { continue }
            var text = cells[index].plainText ?? ""
            if self.guardsFormulas, case .text = cells[index] { text = TextEscapes.guarded(text) }
            TextEscapes.appendCSV(text, to: &self.bytes)
        }
        self.write("\n")
    }

    private mutating func appendObject(_ cells: [TableCell]) {
        self.write("{")
        for (index, column) in self.columns.enumerated() {
            if index > 0 { self.write(",") }
            TextEscapes.appendJSON(column, to: &self.bytes)
            self.write(":")
            self.appendValue(index < cells.count ? cells[index] : .text(nil))
        }
        self.write("}")
    }

    private mutating func appendValue(_ cell: TableCell) {
        switch cell {
        case .text(let text?): TextEscapes.appendJSON(text, to: &self.bytes)
        case .number(let number?) where number.isInfinite:
            TextEscapes.appendJSON(NumberText.shortest(number), to: &self.bytes)
        case .number(let number?) where !number.isNaN: self.write(NumberText.shortest(number))
        case .integer(let number?): self.write(String(number))
        case .boolean(let flag?): self.write(flag ? "true" : "false")
        case .time(let instant?): TextEscapes.appendJSON(instant.description, to: &self.bytes)
        case .times(let instants):
            self.write("[" + instants.map { "\"\($0)\"" }.joined(separator: ",") + "]")
        case .text(nil), .number, .integer(nil), .boolean(nil), .time(nil): self.write("null")
        }
    }

    private mutating func append(_ geometry: TableGeometry?) {
        switch geometry {
        case nil: self.write("null")
        case .point(let point):
            self.write(#"{"type":"Point","coordinates":"#)
            self.append(point)
            self.write("}")
        case .line(let points):
            self.write(#"{"type":"LineString","coordinates":["#)
            for (index, point) in points.enumerated() {
                if index > 0 { self.write(",") }
                self.append(point)
            }
            self.write("]}")
        }
    }

    /// GeoJSON says longitude first.
    private mutating func append(_ point: Coordinate) {
        self.write("[\(NumberText.shortest(point.longitude)),\(NumberText.shortest(point.latitude))]")
    }
}
