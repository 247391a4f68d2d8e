import Testing

/// Fails the test with one complaint a line; says nothing where there is none.
func expectNone(_ complaints: [String], sourceLocation: SourceLocation = #_sourceLocation) {
    guard !complaints.isEmpty else { return }
    Issue.record("\(complaints.joined(separator: "\n"))", sourceLocation: sourceLocation)
}
