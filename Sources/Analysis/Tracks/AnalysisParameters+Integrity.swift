/// What the rules about the honesty of a stream compare with. Seconds, metres; "catalogue" is the project's catalogue of
/// rules.
extension AnalysisParameters {
    /// One identity in two places, jamming, replayed tracks.
    package struct Integrity: Codable, Hashable, Sendable {
        /// Two positions of one identity are two vehicles when they are so many metres apart (catalogue: 5 km) …
        package var cloneMetres = 5000.0
        /// … within so many seconds (catalogue: 5 min), …
        package var cloneSeconds = 300.0
        /// … so many times to and fro, so that it is no stray fix, …
        package var cloneSwitches = 10
        /// … and each of the two is seen in so many different places: one that never changes is a cached position.
        package var clonePlaces = 3
        /// Seconds without a satellite while the truck drives; a tunnel is shorter.
        package var jamSeconds = 300.0
        /// A truck that was seen no longer than so many seconds before lost all satellites at once.
        package var jamSuddenSeconds = 120.0
        /// Metres by the odometer, or so many reports with a speed, that show that it drives and is in no garage.
        package var jamMetres = 300.0
        package var jamMovingReports = 3
        /// Metres around where it was seen last in which others are asked (the same place) …
        package var jamRadius = 2000.0
        /// … and how many of them must have a fix (catalogue: 3).
        package var jamNeighbours = 3
        /// Metres between two points of a track that is compared with earlier days: what stands is no track.
        package var replayStep = 25.0
        /// So many points in a row make a print …
        package var replayWindow = 6
        /// … of which one in so many is kept, if they are so many metres apart, and more if they are farther apart.
        package var replaySample = 8
        package var replaySpacing = 120.0
        /// The same points in a row, so many (catalogue: the same noise to 1e-6 degree) …
        package var replayPoints = 20
        /// … over so many seconds: identical noise needs less than the catalogue's 30 min of an identical line.
        package var replaySeconds = 600.0
        /// Terminals that give positions in steps of so many 1e-7 degree repeat themselves on any road.
        package var replayGridE7 = 1000
        /// Days for which prints are kept.
        package var replayDays = 30

        package init() {}
    }
}
