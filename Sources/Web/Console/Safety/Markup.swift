/// HTML and SVG as text. Text only ever enters it escaped; attributes are literals and numbers of our own.
struct Markup {
    private(set) var text = ""

    mutating func raw(_ literal: StaticString) { self.text += literal.description }

    /// An element with content; `attributes` are written as they are: ` class="x"`.
    mutating func element(_ name: StaticString, _ attributes: String = "", _ content: (inout Markup) -> Void) {
        self.text += "<\(name)\(attributes)>"
        content(&self)
        self.text += "</\(name)>"
    }

    mutating func element(_ name: StaticString, _ attributes: String, _ words: String) {
        self.element(name, attributes) { $0.words(words) }
    }

    mutating func element(_ name: StaticString, _ words: String) { self.element(name) { $0.words(words) } }

    /// An element without content.
    mutating func mark(_ name: StaticString, _ attributes: String) { self.text += "<\(name)\(attributes)/>" }

    mutating func words(_ words: String) { self.text += Self.escaped(words) }

    /// Markup that is finished already.
    mutating func append(_ other: Markup) { self.text += other.text }

    /// A style sheet of the program's own, as it is.
    mutating func append(style: String) { self.text += style }

    static func escaped(_ words: String) -> String {
        var escaped = ""
        for character in words.unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}

extension Markup {
    /// 中文, and the English below it.
    mutating func both(_ zh: String, _ en: String, _ name: StaticString = "p", _ attributes: String = "") {
        self.element(name, attributes, Bilingual.block(zh, en))
    }

    /// A table with a head; the first column names the row. On a narrow screen each cell names its column.
    /// - Parameter name: a class for what is laid out in its own way.
    mutating func table(
        _ caption: String, _ columns: [(zh: String, en: String)], _ rows: [[String]], named name: StaticString = ""
    ) {
        let heads = columns.map { " data-head=\"\(Self.escaped(Bilingual.inline($0.zh, $0.en)))\"" }
        self.element("div", " class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"\(Self.escaped(caption))\"") {
            $0.element("table", name.utf8CodeUnitCount == 0 ? "" : " class=\"\(name)\"") { table in
                table.element("caption", caption)
                table.element("thead") { head in
                    head.element("tr") { row in
                        for column in columns {
                            row.both(column.zh, column.en, "th", " scope=\"col\"")
                        }
                    }
                }
                table.element("tbody") { body in
                    for cells in rows {
                        body.element("tr") { row in
                            for (index, cell) in cells.enumerated() {
                                index == 0
                                    ? row.element("th", " scope=\"row\"", cell)
                                    : row.element("td", index < heads.count ? heads[index] : "", cell)
                            }
                        }
                    }
                }
            }
        }
    }
}
