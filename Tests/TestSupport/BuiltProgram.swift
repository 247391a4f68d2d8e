import Foundation

/// The built `tongxing`, for tests that run it as its users do.
package enum BuiltProgram {
    /// `TONGXING_PROGRAM`, which names another build than that of the tests; else the one beside the test bundle.
    package static let path: String = {
        if let named = ProcessInfo.processInfo.environment["TONGXING_PROGRAM"] { return named }
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let beside = URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent("tongxing").path
        if FileManager.default.isExecutableFile(atPath: beside) { return beside }
        return (RepositoryRoot.url?.path ?? "") + "/.build/debug/tongxing"
    }()
}
