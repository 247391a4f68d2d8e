package import Tracks

/// What safety days are derived by: the parameters of the safety figures, and those of the analysis that they share
/// with the rules. The store keeps them beside the days, so that a figure can be told by which thresholds it came
/// about, and a change of one derives every day again.
package struct SafetyRules: Codable, Hashable, Sendable {
    package var parameters: SafetyParameters
    package var cleaning: AnalysisParameters.Cleaning
    package var turns: AnalysisParameters.Turns

    /// The parameters that have the driving rules' values, so that a rate and an alert about one camera agree: they are
    /// set with those rules (`analysis.parameters.driving`) and nowhere else.
    package static let sharedNames = [
        "cameras.alertSeconds": "driving.cameraSeconds", "cameras.silenceLimit": "driving.cameraHold",
        "cameras.movingSpeed": "driving.movingSpeed", "cameras.turnSpeed": "driving.turnLimit",
        "cameras.silentDriving": "driving.cameraSilentSeconds", "exposure.movingSpeed": "driving.movingSpeed",
    ]

    package init(_ analysis: AnalysisParameters = .standard, _ parameters: SafetyParameters = .standard) {
        self.parameters = parameters
        self.parameters.cameras.take(analysis.driving)
        self.parameters.exposure.movingSpeed = analysis.driving.movingSpeed
        self.cleaning = analysis.cleaning
        self.turns = analysis.turns
    }

    /// The analysis as far as the days depend on it.
    package var analysis: AnalysisParameters {
        var analysis = AnalysisParameters.standard
        analysis.cleaning = self.cleaning
        analysis.turns = self.turns
        return analysis
    }

    /// Tells apart any two that differ in a value: the version of the defaults, a hyphen and 16 hexadecimal digits.
    package var versionName: String { "\(self.parameters.version)-" + ParameterListing(self).version }
}
