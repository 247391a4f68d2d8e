import Tracks

/// Names the world that results were judged by: the registers' revision and the parameters' version. A new program
/// version that derives differently raises `deriver`.
enum WorldKey {
    /// Raised whenever the derivation itself changes, so that what stands is derived again. 11: at a site that is a
    /// stretch of road lights and jams are no drop, a truck whose receiver drifts stands, loads and notes that decide
    /// about each other are matched as a whole, and what sensors show elsewhere stays on the truck through a plant.
    static let deriver = 11

    static func current(_ registerRevision: Int64, _ parameters: AnalysisParameters) -> String {
        "registers \(registerRevision), parameters \(parameters.versionName), derivation \(self.deriver)"
    }
}
