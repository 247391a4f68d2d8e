import Hummingbird
import NIOCore

/// What a request carries along: Hummingbird's own values and the connection, which a stream must be able to close.
struct ConsoleContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: (any Channel)?

    init(source: ApplicationRequestContextSource) {
        self.coreContext = .init(source: source)
        self.channel = source.channel
    }
}
