import Foundation

/// What the command line writes and where: results to standard output, errors and progress to standard error.
enum Terminal {
    static func output(_ bytes: [UInt8]) { FileHandle.standardOutput.write(Data(bytes)) }

    static func line(_ text: String) { self.output(Array((text + "\n").utf8)) }

    static func error(_ text: String) {
        let line = text.split(separator: "\n").joined(separator: " ")
        FileHandle.standardError.write(Data(("tongxing: " + line + "\n").utf8))
    }

    static var showsProgress: Bool { isatty(STDERR_FILENO) == 1 }

    /// Replaces the progress line; only on a terminal.
    static func progress(_ text: String) {
        guard self.showsProgress else { return }
        FileHandle.standardError.write(Data(("\r\u{1B}[K" + text).utf8))
    }

    static func endProgress() { self.progress("") }
}
