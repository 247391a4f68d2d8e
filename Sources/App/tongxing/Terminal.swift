import Foundation
import Glibc

/// What the command line writes and where: results to standard output, errors and progress to standard error.
enum Terminal {
    /// Writes all of it. A reader that has gone ends the program quietly, as it ends others; a full disk ends it with
    /// one line.
    static func output(_ bytes: [UInt8]) {
        do {
            try FileHandle.standardOutput.write(contentsOf: bytes)
        } catch {
            let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
            if cause.code == Int(EPIPE) { exit(0) }
            let text = cause.localizedDescription
            self.error("无法写出结果（\(text)），请检查磁盘空间 / cannot write the result (\(text)): check the disk's space")
            exit(1)
        }
    }

    /// Where even that fails there is nobody left to tell.
    private static func report(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }

    static func line(_ text: String) { self.output(Array((text + "\n").utf8)) }

    static func error(_ text: String) {
        let line = text.split(separator: "\n").joined(separator: " ")
        self.report("tongxing: " + line + "\n")
    }

    /// A remark beside the result, which may go into a pipe.
    static func note(_ text: String) { self.report(text + "\n") }

    /// A question, whose answer follows on the same line.
    static func ask(_ text: String) { self.report(text) }

    static var showsProgress: Bool { isatty(STDERR_FILENO) == 1 }

    /// Replaces the progress line; only on a terminal.
    static func progress(_ text: String) {
        guard self.showsProgress else { return }
        self.report("\r\u{1B}[K" + text)
    }

    static func endProgress() { self.progress("") }
}

extension String {
    /// What others sent, for a person's terminal: characters that steer it, are not seen, or turn the direction of what
    /// follows stand as `\u{202E}`, as in Swift.
    func printable(keeping kept: Set<Unicode.Scalar> = []) -> String {
        var text = ""
        for scalar in self.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned:
                if kept.contains(scalar) {
                    text.unicodeScalars.append(scalar)
                } else {
                    text += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
                }
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
