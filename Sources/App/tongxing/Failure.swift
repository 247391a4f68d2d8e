/// Work that failed: one line that says what, where and what to do, and the exit code (`contract.md` §4).
struct Failure: Error, CustomStringConvertible {
    var description: String
    /// 1 the work failed, 2 usage, 78 the configuration is wrong and trying again does not help.
    var exitCode: Int32

    init(_ description: String, exitCode: Int32 = 1) {
        self.description = description
        self.exitCode = exitCode
    }

    static func configuration(_ description: String) -> Failure { Failure(description, exitCode: 2) }
}
