import Testing

/// What rules name is said in words on the pages.
struct WordingTests {
    @Test func everyParameterOfARuleHasWords() throws {
        let texts = try Tree.text("Sources/Web/Console/Pages/rule_texts.js")
        let worded = Set(texts.matches(of: #/(?m)^ +parameter_(\w+): \[/#).map { String($0.1) })
        var named = 0
        for file in Tree.sources where Self.rooms.contains(where: file.path.hasPrefix) {
            for found in try Tree.text(file.path).matches(of: #/"([A-Za-z]\w*)": /#) {
                named += 1
                #expect(worded.contains(String(found.1)), "\(file.path): the parameter \(found.1) has no text")
            }
        }
        #expect(named > 80)
    }

    private static let rooms = ["Sources/Analysis/Suspicions/", "Sources/Analysis/Safety/Cameras/"]
}
