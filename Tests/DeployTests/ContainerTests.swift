import Foundation
import Testing

/// `deploy/Dockerfile` and `deploy/compose.yaml`, as far as they can be judged without a container engine.
struct ContainerTests {
    @Test(.enabled(if: isInstalled("/usr/bin/python3"), "python3 is not installed"))
    func composeIsCompleteAndHasNoDefaultPasswords() throws {
        let script = Repository.file("deploy/check-compose.py").path
        let outcome = try run("/usr/bin/python3", [script, Repository.file("deploy/compose.yaml").path])
        #expect(outcome.status == 0, "\(outcome)")
    }

    /// What is copied into an image from the source tree is there, whether git has just been cloned or not.
    @Test func everythingThatIsCopiedExists() throws {
        let copies = try self.instructions().filter { $0.hasPrefix("COPY ") && !$0.contains("--from=") }
        #expect(!copies.isEmpty)
        for copy in copies {
            for source in copy.split(separator: " ").dropFirst().dropLast() {
                // `Package.*`: the manifest, and the lock file where there is one.
                let path = source.replacing("Package.*", with: "Package.swift")
                let exists = FileManager.default.fileExists(atPath: Repository.file(String(path)).path)
                #expect(exists, "\(copy): no \(source)")
            }
        }
    }

    /// Every image that is run ends as a user who is not root, and says how to see that it is well.
    @Test func nothingRunsAsRoot() throws {
        let text = try self.instructions().joined(separator: "\n")
        let stages = text.components(separatedBy: "FROM ").dropFirst()
        let run = stages.filter { $0.contains("ENTRYPOINT") }
        #expect(run.count == 2)
        for stage in run { #expect(stage.contains(#/\nUSER (?!root)\w+/#), "\(stage)") }
        #expect(text.contains("HEALTHCHECK"))
    }

    /// The libraries of the image are those that the `-dev` packages of the build, and of setup.sh, stand for.
    @Test(arguments: [("libmosquitto-dev", "libmosquitto1"), ("libpq-dev", "libpq5"), ("libzstd-dev", "libzstd1")])
    func buildAndImageAgree(development: String, library: String) throws {
        let dockerfile = try Repository.text("deploy/Dockerfile")
        #expect(dockerfile.contains(development) && dockerfile.contains(library))
        #expect(try Repository.text("deploy/setup.sh").contains(development))
        #expect(try Repository.text("Package.swift").contains("apt: \"\(development)\""))
    }

    /// A C library that Package.swift asks for is installed wherever something is built.
    @Test func everyLibraryOfTheManifestIsInstalled() throws {
        let setup = try Repository.text("deploy/setup.sh")
        let dockerfile = try Repository.text("deploy/Dockerfile")
        for match in try Repository.text("Package.swift").matches(of: #/apt: "([\w.+-]+)"/#) {
            #expect(setup.contains(match.1), "deploy/setup.sh does not install \(match.1)")
            #expect(dockerfile.contains(match.1), "deploy/Dockerfile does not install \(match.1)")
        }
    }

    /// The Dockerfile's instructions, each on one line, comments left out.
    private func instructions() throws -> [String] {
        let lines = try Repository.text("deploy/Dockerfile").split(separator: "\n").filter { !$0.hasPrefix("#") }
        return lines.joined(separator: "\n").replacing(#/\\\n\s*/#, with: "").split(separator: "\n").map(String.init)
    }
}
