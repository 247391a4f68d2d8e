package import Chronology
package import Geodesy
package import Suspicions

/// One place where loads seem to be taken though no register knows a plant there: a lead to check, not a verdict.
package struct SuspectedPlantRow: Hashable, Sendable, Codable {
    package var suspectedPlantID: String
    package var coordinate: Coordinate
    /// How many loads, by how many trucks, to how many sites.
    package var loads: Int
    package var trucks: Int
    package var sites: Int
    package var firstSeen: Instant
    package var lastSeen: Instant
    package var score: Double
    package var status: String

    package init(
        suspectedPlantID: String, coordinate: Coordinate, loads: Int, trucks: Int, sites: Int, firstSeen: Instant,
        lastSeen: Instant, score: Double, status: String
    ) {
        self.suspectedPlantID = suspectedPlantID
        self.coordinate = coordinate
        self.loads = loads
        self.trucks = trucks
        self.sites = sites
        self.firstSeen = firstSeen
        self.lastSeen = lastSeen
        self.score = score
        self.status = status
    }
}

/// Suspected plants as a table, with the columns of `contract.md` §5.
package enum SuspectedPlantsTable {
    package static let columns = [
        "suspected_plant_id", "lat", "lon", "loads", "trucks", "sites", "first_seen", "last_seen", "score", "status",
    ]

    package static func write(_ rows: some Sequence<SuspectedPlantRow>, as format: TableFormat) -> [UInt8] {
        var writer = TableWriter(columns: Self.columns, format: format)
        for row in rows {
            writer.append(
                [
                    .text(row.suspectedPlantID), .number(row.coordinate.latitude), .number(row.coordinate.longitude),
                    .integer(row.loads), .integer(row.trucks), .integer(row.sites), .time(row.firstSeen),
                    .time(row.lastSeen), .number(row.score), .text(row.status),
                ], geometry: .point(row.coordinate))
        }
        return writer.finish()
    }
}

extension SuspectedPlantRow {
    /// The card of a suspect, in short.
    package init(_ suspect: SuspectedPlant) {
        let card = suspect.evidence
        self.init(
            suspectedPlantID: suspect.suspectedPlantID, coordinate: suspect.coordinate, loads: card.loads,
            trucks: card.trucks, sites: card.sites, firstSeen: card.firstSeen, lastSeen: card.lastSeen,
            score: suspect.score, status: suspect.status.rawValue)
    }
}
