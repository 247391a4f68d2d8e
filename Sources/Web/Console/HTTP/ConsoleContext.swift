import Hummingbird
import NIOCore

/// What a request carries along: Hummingbird's own values and the connection, which a stream must be able to close.
struct ConsoleContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: (any Channel)?
    /// Who asks; `nil` until somebody has logged in. The gatekeeper sets it.
    var principal: Principal?

    init(source: ApplicationRequestContextSource) {
        self.coreContext = .init(source: source)
        self.channel = source.channel
    }

    /// The address at the other end of the connection.
    var address: String { self.channel?.remoteAddress?.ipAddress ?? "unknown" }
}
