/// What a trail, an original message or a package of evidence is asked for: a case number or a reason.
package enum PurposeText {
    /// Whether it says anything: two letters or digits at the least, of any script. Blanks, marks that print nothing
    /// (U+200B, U+202E) and dots name no case.
    package static func isSaid(_ text: some StringProtocol) -> Bool {
        text.unicodeScalars.count { $0.properties.isAlphabetic || $0.properties.numericType != nil } >= 2
    }

    /// What is said to somebody whose purpose says nothing.
    package static let complaint = (
        zh: "须写明案号或理由（至少两个字母、汉字或数字），并会记录",
        en: "Say the case number or the reason (two letters or digits at the least); it is logged"
    )
}
