import Foundation
import Glibc

/// TCP ports on 127.0.0.1.
package enum LoopbackPort {
    /// A port nobody listens on at this moment, from below the range the kernel takes for outgoing connections: inside
    /// it, a client that keeps trying to reconnect may get the port for itself and end up connected to itself.
    ///
    /// Errors: `portTaken` when no free one was found.
    package static func findFree() throws(LocalServerError) -> UInt16 {
        let firstEphemeral = self.firstEphemeral()
        let range = firstEphemeral > 12_000 ? 10_000..<firstEphemeral : 1_024..<firstEphemeral
        for _ in 0..<200 {
            let port = UInt16.random(in: range)
            if self.isFree(port) { return port }
        }
        throw LocalServerError(.portTaken, chinese: "找不到空闲端口", english: "found no free port")
    }

    /// Whether a server could listen there now.
    package static func isFree(_ port: UInt16) -> Bool {
        self.withSocket { socket in
            var yes: Int32 = 1
            // As servers do: a connection of a former server that still lingers is no obstacle.
            setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
            return self.withAddress(port) { bind(socket, $0, $1) } == 0 && listen(socket, 1) == 0
        }
    }

    /// Whether somebody takes connections there now.
    package static func accepts(_ port: UInt16) -> Bool {
        self.withSocket { socket in
            self.withAddress(port) { connect(socket, $0, $1) } == 0
        }
    }

    private static func firstEphemeral() -> UInt16 {
        let text = (try? String(contentsOfFile: "/proc/sys/net/ipv4/ip_local_port_range", encoding: .utf8)) ?? ""
        let first = text.split(whereSeparator: \.isWhitespace).first.flatMap { UInt16($0) } ?? 32_768
        return max(first, 2_048)
    }

    private static func withSocket(_ body: (Int32) -> Bool) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return body(descriptor)
    }

    private static func withAddress(
        _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
