import Foundation
import Testing

/// The scripts of `deploy/`, run as a person would run them.
struct ScriptTests {
    private static let setup = Repository.file("deploy/setup.sh").path

    @Test func everyScriptParsesAndCanBeRun() throws {
        let folder = Repository.file("deploy")
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".sh") }
        #expect(names.count >= 4)
        for name in names + ["../.ci/run"] {
            let path = folder.appending(path: name).standardizedFileURL.path
            #expect(FileManager.default.isExecutableFile(atPath: path), "\(name) is not executable")
            let shell =
                try String(contentsOfFile: path, encoding: .utf8).hasPrefix("#!/bin/sh") ? "/bin/sh" : "/bin/bash"
            let outcome = try run(shell, ["-n", path])
            #expect(outcome.status == 0, "\(name): \(outcome)")
        }
    }

    /// `make test` has just installed everything, so there is nothing to do, and nothing to say.
    @Test func setupDoesNothingWhereAllIsThere() throws {
        let check = try run(Self.setup, ["--check"])
        guard check.status == 0 else { return }
        let outcome = try run(Self.setup, [], environment: ["http_proxy": "http://127.0.0.1:9"])
        #expect(outcome.status == 0 && outcome.text.isEmpty, "\(outcome)")
    }

    @Test(
        arguments: [
            ([], ["SWIFT": "/nonexistent/swift"], 1, "Swift 6.3"), (["--nonsense"], [:], 2, "--nonsense"),
        ] as [([String], [String: String], Int32, String)])
    func setupSaysInOneLineWhatIsWrong(
        arguments: [String], environment: [String: String], status: Int32, word: String
    ) throws {
        let outcome = try run(Self.setup, arguments, environment: environment)
        #expect(outcome.status == status, "\(outcome)")
        #expect(outcome.lines.count == 1 && outcome.text.contains(word), "\(outcome)")
    }

    @Test func certificatesAreNeverOverwritten() throws {
        let script = Repository.file("deploy/mosquitto/make-test-certificates.sh").path
        let folder = try Folder()
        #expect(try run(script, [folder.url.path, "broker.example"]).status == 0)
        let verified = try run(
            "/usr/bin/openssl",
            [
                "verify", "-CAfile", folder.file("ca.crt").path, "-verify_hostname", "broker.example",
                folder.file("server.crt").path,
            ])
        #expect(verified.status == 0, "\(verified)")
        #expect(try run(script, [folder.url.path]).status == 1)
        let key = try FileManager.default.attributesOfItem(atPath: folder.file("server.key").path)
        #expect(key[.posixPermissions] as? Int == 0o600)
    }

    /// make's own view of its file: every target that README and CI name is there.
    @Test(arguments: [
        "run", "test", "bench", "lint", "format", "clean", "screenshots", "thread-sanitizer", "address-sanitizer",
    ])
    func makeKnowsItsTargets(target: String) throws {
        let outcome = try run("/usr/bin/make", ["--dry-run", target], environment: ["MAKEFLAGS": "", "MAKELEVEL": ""])
        #expect(outcome.status == 0, "\(outcome)")
    }
}
