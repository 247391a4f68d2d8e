import Foundation

/// The built `tongxing`, for tests that run it as its users do.
package enum BuiltProgram {
    /// Beside the tests' own, which one build makes with it.
    package static let path: String = {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent("tongxing").path
    }()
}
