import Foundation

/// What a program that has ended left behind.
struct Outcome: CustomStringConvertible {
    var status: Int32
    /// Standard output and standard error, in the order they were written.
    var text: String

    var lines: [String] { self.text.split(separator: "\n").map(String.init) }
    var description: String { "exit \(self.status): \(self.text)" }
}

/// Runs a program to its end; nothing is on its standard input.
///
/// `env` unblocks the signals: a process that is started from a thread of Swift's pool inherits its mask, in which
/// SIGTERM and SIGALRM are blocked, and a program that limits its own time by an alarm would never end.
func run(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws -> Outcome {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["--default-signal", program] + arguments
    process.currentDirectoryURL = Repository.root
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Outcome(status: process.terminationStatus, text: String(decoding: data, as: UTF8.self))
}

/// Whether a program is on this machine; what needs it is skipped, and says so, where it is not.
func isInstalled(_ program: String) -> Bool { FileManager.default.isExecutableFile(atPath: program) }
