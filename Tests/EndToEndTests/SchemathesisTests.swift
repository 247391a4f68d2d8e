import Foundation
import Supervision
import TestSupport
import Testing

/// `openapi.yaml` against the running server, by schemathesis: every address is asked with what the document allows and
/// with what it forbids, and each answer is held against what the document says of it.
@Suite(
    .serialized,
    .enabled(if: Schemathesis.isInstalled, "未安装 schemathesis is not installed (PyPI): deploy/setup.sh --test"))
struct SchemathesisTests {
    /// Who asks for what: in open mode everything but accounts, which there are none of.
    @Test func whatTheFleetAnswersIsWhatTheDocumentSays() async throws {
        let installation = try await Installation()
        try await BreakOut.build(in: installation, folder: TestServers.shared.makeFolder())
        let service = try await installation.serve("--only", "web")
        let said = try await Schemathesis.run(
            installation,
            [
                "--exclude-path-regex", "^/api/v1/(accounts|audit)",
                // The stream does not end.
                "--exclude-path", "/api/v1/events",
            ])
        #expect(said.code == 0, "\(said.output.suffix(8000))")
        #expect(said.output.contains("passed"), "\(said.output.suffix(2000))")
        _ = await service.stop()
    }

    /// The three duties' own addresses, by their tokens.
    @Test func whatTheDutiesGetIsWhatTheDocumentSays() async throws {
        let installation = try await Installation(access: "accounts")
        let service = try await installation.serve("--only", "web")
        for (name, role, paths) in [
            ("admin1", "administrator", "^/api/v1/accounts(/[^/]+/(state|password))?$"),
            ("secure1", "security_administrator", "^/api/v1/(accounts/([^/]+/duty|places)|session/passwords)$"),
            ("audit1", "auditor", "^/api/v1/(accounts|audit)$"),
        ] {
            let added = try await installation.run("accounts", "add", name, "--role", role)
            #expect(added.code == 0, "\(added)")
            let made = try await installation.run("accounts", "token", name, "--label", "x")
            let token = try #require(made.lines.first, "\(made)")
            let said = try await Schemathesis.run(
                installation, ["--include-path-regex", paths, "--header", "Authorization: Bearer \(token)"])
            #expect(said.code == 0, "\(name): \(said.output.suffix(8000))")
        }
        _ = await service.stop()
    }
}

/// The program that deploy/setup.sh installs below `.build-tools`.
enum Schemathesis {
    private static let path = (RepositoryRoot.url?.path ?? "") + "/.build-tools/schemathesis/bin/schemathesis"

    /// Not that the server takes all that the schemas allow: they cannot say that one time lies before another, or that
    /// a cursor is from the page before. Everything else that schemathesis knows of.
    private static let passedOver = "positive_data_acceptance"

    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: self.path) }

    /// Random requests an address, beside those at the edges of what the document allows; SCHEMATHESIS_EXAMPLES=n for
    /// more.
    private static var examples: String {
        ProcessInfo.processInfo.environment["SCHEMATHESIS_EXAMPLES"] ?? "5"
    }

    /// The same requests at every run: a failure that is seen once is seen again.
    static func run(_ installation: Installation, _ options: [String]) async throws -> Product.Outcome {
        let folder = try await TestServers.shared.makeFolder()
        var spawn = Spawn(
            program: "/bin/sh",
            arguments: ["-c", #"out=$1; shift; cd "$out"; exec "$@" >"$out/out" 2>&1"#, "sh", folder, self.path, "run"]
                + [
                    "http://127.0.0.1:\(installation.port)/openapi.yaml", "--seed", "1", "--generation-deterministic",
                    "--max-examples", self.examples, "--phases", "examples,coverage,fuzzing", "--no-shrink",
                    "--no-color",
                    "--continue-on-failure", "--checks", "all", "--exclude-checks", Self.passedOver,
                ] + options,
            environment: ["PATH": "/usr/bin:/bin", "HOME": folder])
        spawn.output = .discarded
        let end = await (try spawn.start()).waitForEnd()
        let output = FileManager.default.contents(atPath: folder + "/out") ?? Data()
        return Product.Outcome(code: end.shellCode, output: String(decoding: output, as: UTF8.self), errors: "")
    }
}
