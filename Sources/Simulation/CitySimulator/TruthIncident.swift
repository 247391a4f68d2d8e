package import Chronology

/// Something that happened to a truck and led to no drop: whatever the analysis finds there is invented.
package struct TruthIncident: Hashable, Sendable, Codable {
    package var edgeCase: EdgeCase
    package var plate: String
    package var terminal: String
    package var start: Instant
    package var end: Instant

    package init(edgeCase: EdgeCase, plate: String, terminal: String, start: Instant, end: Instant) {
        self.edgeCase = edgeCase
        self.plate = plate
        self.terminal = terminal
        self.start = start
        self.end = end
    }
}

/// `truth-incidents.csv`.
extension TruthIncident {
    package static func csv(_ incidents: [TruthIncident]) -> String {
        var writer = CommaSeparatedWriter(header: ["edge_case", "plate", "terminal", "start", "end"])
        for incident in incidents {
            writer.append([
                incident.edgeCase.rawValue, incident.plate, incident.terminal, incident.start.description,
                incident.end.description,
            ])
        }
        return writer.text
    }

    /// Reads what `csv` writes; the first value that cannot be read is the error.
    package static func read(csv text: String) throws(TruthFileError) -> [TruthIncident] {
        let reader = CommaSeparatedReader(text)
        var incidents: [TruthIncident] = []
        for (index, row) in reader.rows.enumerated() {
            let row = TruthRow(reader: reader, row: row, line: index + 2)
            incidents.append(
                TruthIncident(
                    edgeCase: try row.value("edge_case", EdgeCase.init(rawValue:)), plate: try row.text("plate"),
                    terminal: try row.text("terminal"), start: try row.instant("start"),
                    end: try row.instant("end")))
        }
        return incidents
    }
}
