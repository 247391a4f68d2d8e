import Dispatch
import Glibc

/// Catches SIGINT and SIGTERM of this process for as long as it lives, and tells each one.
// @unchecked: dispatch sources are thread safe, and the only state.
package final class StopSignals: @unchecked Sendable {
    private let sources: [any DispatchSourceSignal]

    /// - Parameter handler: called once a signal, on a queue of Dispatch, never inside a signal handler.
    package init(_ handler: @escaping @Sendable () -> Void) {
        self.sources = Self.caught.map { number in
            // The source only hears a signal whose default action (the end of the process) is switched off.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler(handler: handler)
            source.resume()
            return source
        }
    }

    /// Gives both signals their default action back: from now on they end the process.
    package func cancel() {
        for source in self.sources { source.cancel() }
        for number in Self.caught { signal(number, SIG_DFL) }
    }

    private static let caught = [SIGINT, SIGTERM]
}
