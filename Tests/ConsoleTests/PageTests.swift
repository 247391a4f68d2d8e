import Console
import Foundation
import Hummingbird
import HummingbirdTesting
import Testing

/// The files of the page fit together: what one names another has.
struct PageTests {
    /// All files by address, as the console serves them.
    private func files() async throws -> [String: String] {
        try await console(FakeFleet()).application().test(.router) { client in
            var files: [String: String] = [:]
            var wanted = ["/"]
            while let path = wanted.popLast() {
                guard files[path] == nil, !path.hasPrefix("/leaflet/"), !path.hasPrefix("/api/") else { continue }
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
        let files = try await self.files()
        #expect(files.count > 20)
        #expect(files["/app/stage.js"] != nil && files["/app/settings.json"] != nil)
    }

    @Test func everyImportedNameIsExported() async throws {
        let files = try await self.files()
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
        let files = try await self.files()
        let texts = try #require(files["/app/i18n.js"])
        var known: Set<String> = []
        for entry in texts.matches(of: /(?m)^  '?([A-Za-z0-9_\-]+)'?: \[\s*(['"])(.+?)\2,\s*(['"])(.+?)\4\]/) {
            known.insert(String(entry.1))
            #expect(entry.3 != "" && entry.5 != "")
        }
        #expect(known.count > 100)
        for (path, text) in files where path != "/app/i18n.js" {
            for used in text.matches(of: /(?:\bt\('|data-(?:text|label)=")([A-Za-z0-9_]+)['"]/) {
                #expect(known.contains(String(used.1)), "\(path) uses the text \(used.1)")
            }
        }
    }

    @Test func noForeignHostIsNamed() async throws {
        for (path, text) in try await self.files() {
            let hosts = text.matches(of: /https?:\/\/([^\/"'\s]+)/).map { String($0.1) }
            #expect(hosts.allSatisfy { $0 == "www.w3.org" }, "\(path) names \(hosts)")
            #expect(!text.contains("innerHTML") && !text.contains(" style=\"") && !text.contains("eval("), "\(path)")
        }
    }

    @Test func openAPIDescribesExactlyTheseAddresses() async throws {
        try await console(FakeFleet()).application().test(.router) { client in
            let document = String(buffer: try await client.execute(uri: "/openapi.yaml", method: .get).body)
            let paths = document.matches(of: /(?m)^  (\/\S*):$/).map { String($0.1) }
            #expect(
                Set(paths)
                    == Set(
                        APITests.reads.map { $0.replacing("deliveries/x", with: "deliveries/{id}") }
                            .map { $0.replacing("JX1001", with: "{subject}") }
                    )
                    .union(["/api/v1/events", "/healthz", "/readyz", "/metrics", "/openapi.yaml"]))
            for path in paths {
                let plain = path.replacing("{id}", with: "x").replacing("{subject}", with: "JX1001")
                let response = try await client.execute(uri: plain, method: .post)
                #expect(response.status == .methodNotAllowed, "\(path) is described and not served")
            }
        }
    }
}
