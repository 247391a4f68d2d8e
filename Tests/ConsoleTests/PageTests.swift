import Console
import Foundation
import Hummingbird
import Testing

/// The files of the page fit together: what one names another has.
struct PageTests {
    /// All files by address, as the console serves them.
    static func files() async throws -> [String: String] {
        try await console(FakeFleet()).application().test { client in
            var files: [String: String] = [:]
            var wanted = [
                "/", "/login", "/account", "/queue", "/delivery/D-1", "/cases", "/case/AJ-1", "/registers",
                "/registers/plants", "/registers/plants/P1", "/safety/map", "/rates",
            ]
            while let path = wanted.popLast() {
                guard files[path] == nil, !["/leaflet/", "/api/", "/safety?"].contains(where: path.hasPrefix) else {
                    continue
                }
                let response = try await client.execute(uri: path, method: .get)
                #expect(response.status == .ok, "\(path)")
                let text = String(buffer: response.body)
                files[path] = text
                let names = text.matches(of: /(?:from |import\(|href=|src=|get\()['"](\/[^'"]*)['"]/)
                wanted += names.map { String($0.1) }
            }
            return files
        }
    }

    @Test func everyImportLeadsToAFile() async throws {
        let files = try await Self.files()
        #expect(files.count > 20)
        #expect(files["/app/stage.js"] != nil && files["/app/settings.json"] != nil)
    }

    @Test func everyImportedNameIsExported() async throws {
        let files = try await Self.files()
        for (path, text) in files {
            for found in text.matches(of: /import \{([^}]*)\} from '(\/app\/[^']*)'/) {
                let source = try #require(files[String(found.2)])
                for part in found.1.split(separator: ",") {
                    let name = part.split(separator: " as ")[0].trimmingCharacters(in: .whitespacesAndNewlines)
                    let isExported =
                        source.contains("export function \(name)(") || source.contains("export const \(name) ")
                        || source.contains("export class \(name) ") || source.contains("export async function \(name)(")
                    #expect(isExported, "\(path) imports \(name) from \(found.2)")
                }
            }
        }
    }

    @Test func everyTextExistsInBothLanguages() async throws {
        let files = try await Self.files()
        let books = ["/app/i18n.js", "/app/desk_texts.js", "/app/rule_texts.js", "/app/register_texts.js"]
        let texts = try books.map { try #require(files[$0]) }.joined(separator: "\n")
        var known: Set<String> = []
        for entry in texts.matches(of: /(?m)^  '?([A-Za-z0-9_\-]+)'?: \[\s*(['"])(.+?)\2,\s*(['"])(.+?)\4\]/) {
            known.insert(String(entry.1))
            #expect(entry.3 != "" && entry.5 != "")
        }
        #expect(known.count > 100)
        for (path, text) in files where !books.contains(path) {
            for used in text.matches(of: /(?:\bt\('|data-(?:text|label)=")([A-Za-z0-9_]+)['"]/) {
                #expect(known.contains(String(used.1)), "\(path) uses the text \(used.1)")
            }
        }
    }

    @Test func noForeignHostIsNamed() async throws {
        for (path, text) in try await Self.files() {
            let hosts = text.matches(of: /https?:\/\/([^\/"'\s]+)/).map { String($0.1) }
            #expect(hosts.allSatisfy { $0 == "www.w3.org" }, "\(path) names \(hosts)")
            #expect(!text.contains("innerHTML") && !text.contains(" style=\"") && !text.contains("eval("), "\(path)")
        }
    }

    /// Addresses that take a POST.
    private static let changes = [
        "/api/v1/session", "/api/v1/session/end", "/api/v1/session/password", "/api/v1/accounts",
        "/api/v1/accounts/{name}/state", "/api/v1/accounts/{name}/password", "/api/v1/accounts/{name}/duty",
        "/api/v1/alerts/{id}/actions", "/api/v1/deliveries/{id}/decisions", "/api/v1/suspected-plants/{id}/decisions",
        "/api/v1/cases", "/api/v1/cases/{id}/entries", "/api/v1/registers/{kind}/file",
        "/api/v1/registers/{kind}/entries", "/api/v1/registers/{kind}/entries/{id}",
    ]

    /// Addresses of the desk that only answer GET.
    private static let desk = [
        "/api/v1/alerts", "/api/v1/alerts/{id}", "/api/v1/colleagues", "/api/v1/queue", "/api/v1/rules/precision",
        "/api/v1/deliveries/{id}/timeline", "/api/v1/suspected-plants", "/api/v1/suspected-plants/{id}",
        "/api/v1/cases/{id}", "/api/v1/registers", "/api/v1/registers/{kind}", "/api/v1/session/passwords",
        "/api/v1/accounts/places",
    ]

    @Test func openAPIDescribesExactlyTheseAddresses() async throws {
        try await console(FakeFleet()).application().test { client in
            let document = String(buffer: try await client.execute(uri: "/openapi.yaml", method: .get).body)
            let paths = document.matches(of: /(?m)^  (\/\S*):$/).map { String($0.1) }
            #expect(paths.count == Set(paths).count)
            #expect(
                Set(paths)
                    == Set(
                        APITests.reads.map { $0.replacing("deliveries/x", with: "deliveries/{id}") }
                            .map { $0.replacing("JX1001", with: "{subject}") }
                    )
                    .union(SafetyTests.addresses)
                    .union([
                        "/api/v1/deliveries/{id}/evidence", "/api/v1/trails", "/api/v1/events", "/healthz", "/readyz",
                        "/metrics", "/openapi.yaml", "/api/v1/safety/report",
                    ])
                    .union(Self.changes + Self.desk + ["/api/v1/audit"]))
            for path in paths where Self.changes.contains(path) {
                let plain = path.replacing("{name}", with: "x").replacing("{id}", with: "x").replacing(
                    "{kind}", with: "plants")
                let response = try await client.execute(uri: plain, method: .delete)
                #expect(response.headers[.allow]?.contains("POST") == true, "\(path) is described and not served")
            }
            for path in paths where !Self.changes.contains(path) {
                let plain = path.replacing("{id}", with: "x").replacing("{subject}", with: "JX1001")
                    .replacing("{kind}", with: "plants")
                let response = try await client.execute(uri: plain, method: .post)
                #expect(response.status == .methodNotAllowed, "\(path) is described and not served")
            }
        }
    }
}
