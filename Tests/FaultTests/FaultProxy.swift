import Foundation
import Glibc
import Supervision
import Synchronization

/// A TCP proxy on the loopback that can be told to misbehave: delay, cut, half-close, fall silent, pass a few bytes at
/// a time, or cut each connection after so many MQTT acknowledgements. One thread runs it; it ends with its owner.
final class FaultProxy: Sendable {
    /// What it is told to do to connections, now and to come.
    struct Orders: Sendable {
        var delayMilliseconds = 0
        /// Passes what the server says in pieces.
        var pieces: Pieces?
        /// Takes no new connection: each is closed at once.
        var isRefusing = false
        /// Passes nothing on, and says nothing of it.
        var isSilent = false
        /// Cuts a connection after so many PUBACKs of the client.
        var acknowledgementsPerConnection: Int?
        /// One-time orders; each is carried out once.
        var cuts: [Cut] = []
        var isEnding = false
    }

    /// Pieces of so many bytes, each once the client has read the one before, and so long after it.
    struct Pieces: Sendable {
        var bytes: Int
        var milliseconds: Int
    }

    /// How all present connections end.
    enum Cut: CaseIterable, Sendable {
        /// Both ends read end-of-file.
        case close
        /// Both ends get a reset, and lose what they have not read.
        case reset
        /// The client reads end-of-file, what it writes still arrives.
        case halfCloseToClient
        /// The server reads end-of-file, what it writes still arrives.
        case halfCloseToServer
    }

    let port: UInt16
    private let orders = Mutex(Orders())
    private let connections = Mutex((open: 0, total: 0))
    private let wakeUp: Int32

    var openConnections: Int { self.connections.withLock { $0.open } }
    var totalConnections: Int { self.connections.withLock { $0.total } }

    init(to target: UInt16) throws {
        let listener = try Self.listener()
        self.port = listener.port
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw POSIXError(.EMFILE)
        }
        self.wakeUp = ends[1]
        let loop = FaultProxyLoop(listener: listener.descriptor, wakeUp: ends[0], target: target)
        let (takeOrders, report) = (self.takeOrders(), self.reporter())
        let thread = Thread { loop.run(takeOrders: takeOrders, report: report) }
        thread.name = "fault-proxy"
        thread.start()
    }

    deinit {
        self.order { $0.isEnding = true }
        close(self.wakeUp)
    }

    /// Changes the orders, and has them carried out at once.
    func order(_ change: (inout Orders) -> Void) {
        self.orders.withLock { change(&$0) }
        var byte: UInt8 = 1
        _ = send(self.wakeUp, &byte, 1, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
    }

    func cut(_ how: Cut) { self.order { $0.cuts.append(how) } }

    // Both give nil when the proxy is gone; the loop then ends.

    private func takeOrders() -> @Sendable () -> Orders? {
        { [weak self] in
            self?.orders.withLock { orders in
                defer { orders.cuts = [] }
                return orders
            }
        }
    }

    private func reporter() -> @Sendable (Int, Int) -> Void {
        { [weak self] open, total in self?.connections.withLock { $0 = (open, total) } }
    }

    private static func listener() throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) == 0 && listen(descriptor, 64) == 0
                    && getsockname(descriptor, address, &length) == 0
            }
        }
        guard descriptor >= 0, isBound else { throw POSIXError(.EADDRINUSE) }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }
}

/// 127.0.0.1 and a port.
func loopback(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return address
}
