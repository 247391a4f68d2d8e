import Tracks

/// Names the world that results were judged by: the registers' revision and the parameters' version. A new program
/// version that derives differently raises `deriver`.
enum WorldKey {
    /// Raised whenever the derivation itself changes, so that what stands is derived again. 10: cement and dry mortar
    /// stay on the truck over a rest, back at its plant a truck has the load it left with, and a sample in the queue
    /// for a site is no pour.
    static let deriver = 11

    static func current(_ registerRevision: Int64, _ parameters: AnalysisParameters) -> String {
        "registers \(registerRevision), parameters \(parameters.versionName), derivation \(self.deriver)"
    }
}
