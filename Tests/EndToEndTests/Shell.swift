import Supervision

/// A few lines of shell with the tools that a user has.
enum Shell {
    /// The arguments are `$1`, `$2` …; gives the exit code.
    static func run(_ script: String, _ arguments: String...) async throws -> Int32 {
        var spawn = Spawn(
            program: "/bin/sh", arguments: ["-c", script, "sh"] + arguments,
            environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"])
        spawn.output = .discarded
        return await (try spawn.start()).waitForEnd().shellCode
    }
}
