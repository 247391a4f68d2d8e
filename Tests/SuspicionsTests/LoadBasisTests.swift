import Chronology
import Deliveries
import Suspicions
import Testing
import Tracks

/// What says that a truck is loaded which stood at a plant for the ten minutes before `Case.loaded`.
@Suite struct LoadBasisTests {
    struct Row: Sendable, CustomStringConvertible {
        var description: String
        var expected: LoadBasis
        var isSensed: Bool?
        /// Minutes after it left: notes of the plant for it, and for others, and when it is asked.
        var own: [Double] = []
        var others: [Double] = []
        var at = 25.0
        var isTankers = false

        func cargo(isCertain: Bool = true) -> Cargo {
            Cargo(
                key: Case.minutes(-10), plantID: "P1", loadedAt: Case.minutes(0), isCertain: isCertain,
                isSensed: self.isSensed, isTankers: self.isTankers)
        }

        var notes: LoadNotes {
            LoadNotes(own: self.own.map(Case.minutes), ofPlant: (self.own + self.others).map(Case.minutes))
        }
    }

    static let rows = [
        Row(description: "nobody could say more", expected: .stay),
        Row(description: "its sensors", expected: .sensor, isSensed: true),
        Row(description: "its sensors show none", expected: .silence, isSensed: false),
        Row(description: "a note as it left", expected: .note, own: [0]),
        Row(description: "a note, though its sensors show none", expected: .note, isSensed: false, own: [0]),
        Row(description: "a note ten minutes before it came", expected: .note, own: [-20]),
        Row(description: "the note of its last load", expected: .silence, own: [-21]),
        Row(description: "a note half an hour later", expected: .note, own: [30], at: 30),
        Row(description: "a note that is not written yet", expected: .stay, own: [30], at: 29),
        Row(description: "the note of its next load", expected: .silence, own: [31], at: 60),
        Row(description: "others have notes", expected: .silence, others: [-120]),
        Row(description: "others have had notes long ago", expected: .stay, others: [-121]),
        Row(description: "others have notes since", expected: .silence, others: [25]),
        Row(description: "others will have notes", expected: .stay, others: [26]),
        Row(description: "a tanker, of whose cement no notes are written", expected: .tanker, isTankers: true),
        Row(
            description: "a tanker whose scales show no load", expected: .silence, isSensed: false, isTankers: true),
    ]

    @Test(arguments: Self.rows)
    func basis(row: Row) {
        let basis = LoadBasis(of: row.cargo(), row.notes, at: Case.minutes(row.at), .standard)
        #expect(basis == row.expected)
    }

    /// The limit of a loaded truck is held against it where the load is shown, and cannot have been dropped since.
    @Test(arguments: Self.rows)
    func aLoadIsSureWhereItIsShown(row: Row) {
        var surroundings = AlertSurroundings(world: Case().world)
        surroundings.take(row.cargo(), row.notes, at: Case.minutes(row.at))
        #expect(surroundings.isLoaded && surroundings.basis == row.expected)
        #expect(surroundings.isSurelyLoaded == [.sensor, .note, .tanker].contains(row.expected))
        surroundings.take(row.cargo(isCertain: false), row.notes, at: Case.minutes(row.at))
        #expect(surroundings.isLoaded && !surroundings.isSurelyLoaded)
        surroundings.take(nil, row.notes, at: Case.minutes(row.at))
        #expect(!surroundings.isLoaded && !surroundings.isSurelyLoaded)
    }

    static let told: [(Row, [String])] = [
        (Row(description: "washed", expected: .silence, others: [-60]), []),
        (
            Row(description: "loaded", expected: .note, own: [0], others: [-60]),
            ["+speeding", "-speeding", "+long-stop"]
        ),
        (Row(description: "nobody can say", expected: .stay), ["+long-stop"]),
    ]

    /// Washed at its plant without a note, it drives through the town at 70 km/h and stands at an eatery; the same with
    /// a note is too fast, and stands too long.
    @Test(arguments: Self.told)
    func whatIsToldOfAStayAtAPlant(row: Row, expected: [String]) {
        var drive = VehicleAlertsTests.Drive()
        func look(_ drive: inout VehicleAlertsTests.Drive) {
            drive.surroundings.take(row.cargo(), row.notes, at: drive.time)
        }
        look(&drive)
        drive.drive(4, kmh: 70)
        for _ in 0..<30 {
            look(&drive)
            drive.drive(1, kmh: 0)
        }
        #expect(drive.log == expected)
    }
}
