/// One sentence to a person about a register: 简体中文 and English.
package struct Remark: Hashable, Sendable, Codable {
    package var zh: String
    package var en: String

    package init(zh: String, en: String) {
        self.zh = zh
        self.en = en
    }
}
