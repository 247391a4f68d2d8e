/// Why the console could not start or go on: what, where and what to do, in one line.
package struct ConsoleError: Error, Hashable, CustomStringConvertible {
    /// What kind of failure it is.
    package enum Code: String, Sendable {
        /// Another process listens there.
        case portTaken = "port-taken"
        /// The address is not of this machine, the name is unknown, or the port needs rights.
        case cannotListen = "cannot-listen"
        /// A value of the configuration cannot be used.
        case badConfiguration = "bad-configuration"
        /// The server ended with an error of its own.
        case serverFailed = "server-failed"
    }

    package var code: Code
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { self.message }
}
