import Testing
import Tracks

/// A version of the parameters that tells any change.
@Suite struct ParameterListingTests {
    @Test func everyValueIsNamedOnce() {
        let values = ParameterListing(AnalysisParameters.standard).values
        #expect(values.count > 100)
        #expect(Set(values.map(\.name)).count == values.count)
        #expect(values.contains { $0.name == "tickets.window" && $0.value == "1800.0" })
        #expect(values.contains { $0.name == "rules.points.0" && $0.value == "5.0" })
    }

    @Test func aChangedValueIsAnotherVersion() {
        var parameters = AnalysisParameters.standard
        #expect(parameters.versionName == AnalysisParameters.standard.versionName)
        parameters.tickets.window += 1
        #expect(parameters.versionName != AnalysisParameters.standard.versionName)
        let (changed, standard) = (ParameterListing(parameters), ParameterListing(AnalysisParameters.standard))
        #expect(changed.version(ofGroup: "tickets") != standard.version(ofGroup: "tickets"))
        #expect(changed.version(ofGroup: "hauls") == standard.version(ofGroup: "hauls"))
    }

    @Test func theFormIsFixed() {
        #expect(AnalysisParameters.standard.versionName.wholeMatch(of: #/[0-9]+-[0-9a-f]{16}/#) != nil)
    }
}
