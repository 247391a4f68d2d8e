import Glibc

/// What the kernel still holds of what went to a TCP client on this machine.
enum SocketQueue {
    /// Whether the program at the other end of a loopback connection has read everything that was sent to it. A
    /// connection that is gone counts as read: the next write says so.
    static func isRead(from descriptor: Int32) -> Bool {
        guard let own = self.port(descriptor, getsockname), let peer = self.port(descriptor, getpeername) else {
            return true
        }
        // proc(5), /proc/net/tcp: the peer's address, ours, its state, its "tx_queue:rx_queue", all hexadecimal. What
        // was sent is there at once; that it is acknowledged may take 40 ms, and is not asked for.
        let host = "0100007F:"
        let (local, remote) = ("\(host)\(self.hexadecimal(peer))", "\(host)\(self.hexadecimal(own))")
        for line in self.table().split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: " "))
            guard fields.count > 4, fields[1].elementsEqual(local.utf8), fields[2].elementsEqual(remote.utf8),
                fields[3].elementsEqual("01".utf8)
            else { continue }
            return fields[4].drop { $0 != UInt8(ascii: ":") }.dropFirst().allSatisfy { $0 == UInt8(ascii: "0") }
        }
        return true
    }

    private static func hexadecimal(_ port: UInt16) -> String {
        let digits = String(port, radix: 16, uppercase: true)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }

    private static func port(
        _ descriptor: Int32,
        _ name: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) -> UInt16? {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name(descriptor, $0, &length) }
        }
        return code == 0 ? UInt16(bigEndian: address.sin_port) : nil
    }

    private static func table() -> [UInt8] {
        let file = open("/proc/net/tcp", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(file, &buffer, buffer.count)
            guard count > 0 else { return text }
            text += buffer[..<count]
        }
    }
}
