/// Why a server of our own could not be started or used. One line for a person, Chinese first, with the cure.
package struct LocalServerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of thing went wrong.
    package enum Code: Sendable, Hashable {
        /// A program is not installed.
        case programMissing
        /// Somebody else works in the folder.
        case folderInUse
        /// Somebody else listens on the port.
        case portTaken
        /// Too little room on the disk.
        case diskFull
        /// The folder or a file may not be read or written.
        case notAllowed
        /// The server ended, or said no, while starting.
        case failedToStart
        /// The server did not become ready, or did not end, in time.
        case timedOut
        /// The server is not running.
        case notRunning
        /// The server refused a statement.
        case refused
    }

    package let code: Code
    /// What, where and what to do: 中文 / English.
    package let description: String

    package init(_ code: Code, chinese: String, english: String) {
        self.code = code
        self.description = "\(chinese) / \(english)"
    }

    /// An error whose line is complete already.
    init(_ code: Code, verbatim description: String) {
        self.code = code
        self.description = description
    }
}
