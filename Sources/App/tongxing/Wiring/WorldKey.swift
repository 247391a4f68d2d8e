import Tracks

/// Names the world that results were judged by: the registers' revision and the parameters' version. A new program
/// version that derives differently raises `deriver`.
enum WorldKey {
    /// Raised whenever the derivation itself changes, so that what stands is derived again. 11: at a site that is a
    /// stretch of road lights and jams are no drop, a truck whose receiver drifts stands, loads and notes that decide
    /// about each other are matched as a whole, and what sensors show elsewhere stays on the truck through a plant.
    static let deriver = 13

    static func current(_ registerRevision: Int64, _ parameters: AnalysisParameters) -> String {
        "registers \(registerRevision), \(self.judging(by: parameters))"
    }

    /// Everything but the registers, which every process takes from the database.
    static func judging(by parameters: AnalysisParameters) -> String {
        "parameters \(parameters.versionName), derivation \(self.deriver)"
    }

    /// The world of rows of which some are still by another: whoever starts next derives all again.
    static func underWay(_ key: String) -> String { key + ", under way" }

    static func isJudged(_ world: String, by parameters: AnalysisParameters) -> Bool {
        let own = ", " + self.judging(by: parameters)
        return world.hasSuffix(own) || world.hasSuffix(self.underWay(own))
    }

    /// What is to be told where a stored world is by other parameters than these; `nil`: by the same, or by none yet.
    static func difference(of world: String, from parameters: AnalysisParameters) -> String? {
        guard !world.isEmpty, !self.isJudged(world, by: parameters) else { return nil }
        return "研判所用参数与本配置不同：请用 serve 的配置文件（--config），刚以本配置重启的服务会重新推导 "
            + "judged by other parameters than this configuration: give the --config of serve; a service restarted with "
            + "this one derives again (\(world) | \(self.judging(by: parameters)))"
    }
}
