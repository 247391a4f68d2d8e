import Foundation
import Geodesy
import Testing

/// One terminal's reports as a replay file has them, from 2026-03-02 10:00 in China on.
struct RecordedTrack {
    private(set) var lines: [String] = []
    /// Seconds since then.
    var seconds = 0.0
    private var place: Coordinate
    let terminal: String

    init(_ terminal: String, latitude: Double, longitude: Double) {
        self.terminal = terminal
        self.place = Coordinate(latitude: latitude, longitude: longitude) ?? Coordinate(latitudeE7: 0, longitudeE7: 0)
    }

    private var time: String {
        ISO8601DateFormatter().string(from: Date(timeIntervalSince1970: 1_772_416_800 + self.seconds))
    }

    mutating func camera(_ state: String) {
        self.lines.append(
            #"{"topic":"fleet/v1/\#(self.terminal)/camera","payload":{"time":"\#(self.time)","cameras":{"right_blind_spot":"\#(state)"}}}"#
        )
    }

    /// - Parameter more: further members of each report, each after a comma.
    mutating func drive(_ bearing: Double, metres: Double, every step: Double, times: Int, more: String = "") {
        for _ in 0..<times {
            self.seconds += step
            self.place = self.place.moved(metres: metres, bearingDegrees: bearing)
            let place = #""lat":\#(self.place.latitude),"lon":\#(self.place.longitude)"#
            let motion = #""speed_kmh":\#(metres / step * 3.6),"heading_deg":\#(bearing)\#(more)"#
            self.lines.append(
                #"{"topic":"fleet/v1/\#(self.terminal)/position","payload":{"time":"\#(self.time)",\#(place),\#(motion)}}"#
            )
        }
    }

    /// The position stays where it is, the recorder drives.
    mutating func stand(kmh: Double, every step: Double, times: Int) {
        for _ in 0..<times {
            self.seconds += step
            let place = #""lat":\#(self.place.latitude),"lon":\#(self.place.longitude)"#
            self.lines.append(
                #"{"topic":"fleet/v1/\#(self.terminal)/position","payload":{"time":"\#(self.time)",\#(place),"speed_kmh":\#(kmh)}}"#
            )
        }
    }

    /// Hands over what has come so far.
    mutating func take() -> [String] {
        defer { self.lines = [] }
        return self.lines
    }

    static func replay(_ lines: [String], _ installation: Installation, _ folder: String) async throws {
        let file = "\(folder)/traffic.ndjson"
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: file))
        let outcome = try await installation.run("replay", file)
        #expect(outcome.code == 0, "\(outcome.errors)")
    }

    static func importing(
        _ kind: String, _ text: String, _ installation: Installation, _ folder: String
    ) async throws {
        let file = "\(folder)/\(kind).csv"
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        let outcome = try await installation.run("import", kind, file)
        #expect(outcome.code == 0, "\(outcome.errors)")
    }
}
