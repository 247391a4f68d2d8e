/// One sentence in both languages.
package struct SafetyStatement: Hashable, Sendable, Codable {
    package var zh: String
    package var en: String

    package init(zh: String, en: String) {
        self.zh = zh
        self.en = en
    }
}
