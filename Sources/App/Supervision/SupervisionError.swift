import Glibc

/// Why a process could not be started or watched. One line for a person, Chinese first.
package struct SupervisionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of thing went wrong.
    package enum Code: Sendable, Hashable {
        /// The kernel refused to make a pipe, a process or a thread: a limit is reached.
        case noResources
        /// The program could not be executed.
        case notExecutable
        /// The account to run as is unknown, or changing to it was refused.
        case account
    }

    package let code: Code
    /// What, where and what to do: 中文 / English.
    package let description: String

    package init(_ code: Code, chinese: String, english: String) {
        self.code = code
        self.description = "\(chinese) / \(english)"
    }

    /// The error of a system call that left its reason in `number` (an `errno`).
    static func systemCall(_ name: String, _ number: Int32) -> SupervisionError {
        let reason = String(cString: strerror(number))
        return SupervisionError(
            .noResources, chinese: "系统调用 \(name) 失败：\(reason)", english: "system call \(name) failed: \(reason)")
    }
}
