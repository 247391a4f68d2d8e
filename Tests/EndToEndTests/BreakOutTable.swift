import Foundation
import TestSupport

/// The break-out table as a document, `BreakOut.md` beside this file: `make break-out` writes it, every other run of
/// the test holds it against what came.
enum BreakOutTable {
    private static let url = RepositoryRoot.url?.appendingPathComponent("Tests/EndToEndTests/BreakOut.md")

    /// - Parameter cells: by visitor, in the order of `BreakOut.resources`.
    /// - Returns: whether the document says the same.
    static func holds(_ cells: [String: [String]]) throws -> Bool {
        guard let url else { return true }
        let text = Self.text(cells)
        if ProcessInfo.processInfo.environment["BREAK_OUT"] == "write" { try Data(text.utf8).write(to: url) }
        return try String(contentsOf: url, encoding: .utf8) == text
    }

    private static func text(_ cells: [String: [String]]) -> String {
        let visitors = BreakOut.visitors.map(\.name)
        var lines = [
            "# 越权试验表 The break-out table", "",
            "由 `make break-out` 写出，勿手改；`make test` 每次逐格重试并与本表核对。 Written by `make break-out`, not by hand; `make test`",
            "tries every cell anew and holds this table against what came.", "",
            "一座两区两企业的城市（`BreakOut.swift`）。每列一个账号，每行一个请求；格中是所得各行的编号、轨迹的点数，或拒绝的状态码；",
            "`-` 为空表。未登录者处处得 401。 A city of two districts and two companies. A column is an account, a row a request; a cell",
            "holds the ids of the rows that came, the points of a trail, or the status: 200 done, 403 not this duty's, 404 not there for",
            "this account, 409 not as things stand; `-` is a list without rows. Whoever has not logged in gets 401 everywhere.",
            "",
            "| | " + visitors.joined(separator: " | ") + " |", "|---|" + visitors.map { _ in "---|" }.joined(),
        ]
        for (index, resource) in BreakOut.resources.enumerated() {
            let method = resource.body == nil ? "GET" : "POST"
            let path = resource.path.prefix { $0 != "?" }.replacing("VISITOR", with: "*self*")
            let row = visitors.map { cells[$0].map { $0[index] } ?? "" }
            lines.append("| \(resource.name)<br>`\(method) \(path)` | " + row.joined(separator: " | ") + " |")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
