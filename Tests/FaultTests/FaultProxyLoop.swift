import Glibc

/// One direction of a proxied connection: what was read and not yet passed on.
private struct Leg {
    let from: Int32
    let to: Int32
    var waiting: [(due: Int, bytes: [UInt8])] = []
    var waitingBytes = 0
    /// `from` has sent its end-of-file, or may say no more.
    var isEnded = false
    var isShut = false
    /// When the next piece may go, where it goes in pieces.
    var nextPieceAt = 0
    var acknowledgements = AcknowledgementCounter()

    static let limit = 1 << 20

    var wantsToRead: Bool { !self.isEnded && self.waitingBytes < Self.limit }

    /// - Parameter limit: nothing passes that stands behind so many acknowledgements.
    mutating func read(now: Int, delay: Int, acknowledgements limit: Int = .max) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(self.from, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        if count < 0 { return errno == EAGAIN || errno == EINTR }
        guard count > 0 else {
            self.isEnded = true
            return true
        }
        let passed = self.acknowledgements.take(buffer[..<count], upTo: limit)
        self.waiting.append((now + delay, Array(buffer[..<passed])))
        self.waitingBytes += passed
        return true
    }

    mutating func write(now: Int, pieces: FaultProxy.Pieces? = nil) -> Bool {
        while let first = self.waiting.first, first.due <= now {
            if let pieces {
                guard self.nextPieceAt <= now, SocketQueue.isRead(from: self.to) else { return true }
                self.nextPieceAt = now + pieces.milliseconds
            }
            let count = min(first.bytes.count, pieces?.bytes ?? .max)
            let sent = send(self.to, first.bytes, count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
            if sent < 0 { return errno == EAGAIN || errno == EINTR }
            self.waitingBytes -= sent
            guard sent == first.bytes.count else {
                self.waiting[0].bytes.removeFirst(sent)
                return true
            }
            self.waiting.removeFirst()
        }
        if self.isEnded, self.waiting.isEmpty, !self.isShut {
            shutdown(self.to, Int32(SHUT_WR))
            self.isShut = true
        }
        return true
    }
}

/// Counts the PUBACKs in what an MQTT client sends, by walking from packet to packet.
private struct AcknowledgementCounter {
    private(set) var count = 0
    private var head: [UInt8] = []
    private var skip = 0

    /// - Returns: how many of the bytes stand before the end of the acknowledgement with this number.
    mutating func take(_ bytes: ArraySlice<UInt8>, upTo limit: Int) -> Int {
        var rest = bytes
        while !rest.isEmpty {
            if self.count >= limit, self.skip == 0, self.head.isEmpty { break }
            if self.skip > 0 {
                let passed = min(self.skip, rest.count)
                self.skip -= passed
                rest = rest.dropFirst(passed)
                continue
            }
            self.head.append(rest.removeFirst())
            guard self.head.count > 1, let last = self.head.last, last & 0x80 == 0 || self.head.count == 5 else {
                continue
            }
            if self.head[0] >> 4 == 4 { self.count += 1 }
            self.skip = self.head.dropFirst().reversed().reduce(0) { $0 << 7 | Int($1 & 0x7F) }
            self.head = []
        }
        return bytes.count - rest.count
    }
}

/// A client's connection and ours to the server.
private struct Link {
    let client: Int32
    let server: Int32
    var fromClient: Leg
    var fromServer: Leg

    init(client: Int32, server: Int32) {
        self.client = client
        self.server = server
        self.fromClient = Leg(from: client, to: server)
        self.fromServer = Leg(from: server, to: client)
    }

    var isOver: Bool { self.fromClient.isShut && self.fromServer.isShut }

    func close(withReset isReset: Bool) {
        var linger = linger(l_onoff: 1, l_linger: 0)
        for descriptor in [self.client, self.server] {
            if isReset {
                setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
            }
            Glibc.close(descriptor)
        }
    }
}

/// The proxy's thread: poll, read, write, carry out orders.
final class FaultProxyLoop: @unchecked Sendable {
    // @unchecked: handed to one thread, which alone uses it.
    private let listener: Int32
    private let wakeUp: Int32
    private let target: UInt16
    private var links: [Link] = []
    private var total = 0

    init(listener: Int32, wakeUp: Int32, target: UInt16) {
        self.listener = listener
        self.wakeUp = wakeUp
        self.target = target
    }

    func run(takeOrders: () -> FaultProxy.Orders?, report: (_ open: Int, _ total: Int) -> Void) {
        while let orders = takeOrders(), !orders.isEnding {
            for cut in orders.cuts { self.carryOut(cut) }
            self.move(orders)
            report(self.links.count, self.total)
            self.wait(orders)
            self.accept(orders)
        }
        for link in self.links { link.close(withReset: true) }
        close(self.listener)
        close(self.wakeUp)
    }

    private func wait(_ orders: FaultProxy.Orders) {
        var descriptors = [
            pollfd(fd: self.wakeUp, events: Int16(POLLIN), revents: 0),
            pollfd(fd: self.listener, events: Int16(POLLIN), revents: 0),
        ]
        var patience = 200
        let now = Self.now()
        for link in self.links where !orders.isSilent {
            for (leg, pieces) in [(link.fromClient, nil), (link.fromServer, orders.pieces)] {
                if leg.wantsToRead { descriptors.append(pollfd(fd: leg.from, events: Int16(POLLIN), revents: 0)) }
                guard let due = leg.waiting.first?.due else { continue }
                if due <= now, pieces != nil {
                    // Nothing tells that the receiver has read: look again.
                    patience = min(patience, max(1, leg.nextPieceAt - now))
                } else if due <= now {
                    descriptors.append(pollfd(fd: leg.to, events: Int16(POLLOUT), revents: 0))
                } else {
                    patience = min(patience, due - now)
                }
            }
        }
        _ = poll(&descriptors, nfds_t(descriptors.count), Int32(patience))
        var drained = [UInt8](repeating: 0, count: 64)
        _ = recv(self.wakeUp, &drained, drained.count, Int32(MSG_DONTWAIT))
    }

    private func accept(_ orders: FaultProxy.Orders) {
        var descriptor = pollfd(fd: self.listener, events: Int16(POLLIN), revents: 0)
        guard poll(&descriptor, 1, 0) > 0 else { return }
        let client = Glibc.accept(self.listener, nil, nil)
        guard client >= 0 else { return }
        // A small piece does not wait until the one before is acknowledged.
        var isOn: Int32 = 1
        setsockopt(client, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = loopback(port: self.target)
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        self.total += 1
        if orders.isRefusing || !isConnected {
            Link(client: client, server: server).close(withReset: true)
        } else {
            self.links.append(Link(client: client, server: server))
        }
    }

    private func move(_ orders: FaultProxy.Orders) {
        guard !orders.isSilent else { return }
        let now = Self.now()
        self.links = self.links.compactMap { link in
            var link = link
            var isAlive = true
            if link.fromClient.wantsToRead {
                isAlive = link.fromClient.read(
                    now: now, delay: orders.delayMilliseconds,
                    acknowledgements: orders.acknowledgementsPerConnection ?? .max)
            }
            if link.fromServer.wantsToRead {
                isAlive = link.fromServer.read(now: now, delay: orders.delayMilliseconds) && isAlive
            }
            isAlive =
                isAlive && link.fromClient.write(now: now)
                && link.fromServer.write(now: now, pieces: orders.pieces)
            if let limit = orders.acknowledgementsPerConnection, link.fromClient.acknowledgements.count >= limit {
                link.close(withReset: true)
                return nil
            }
            guard isAlive, !link.isOver else {
                link.close(withReset: !isAlive)
                return nil
            }
            return link
        }
    }

    private func carryOut(_ cut: FaultProxy.Cut) {
        switch cut {
        case .close, .reset:
            for link in self.links { link.close(withReset: cut == .reset) }
            self.links = []
        case .halfCloseToClient:
            for index in self.links.indices { self.links[index].fromServer.isEnded = true }
        case .halfCloseToServer:
            for index in self.links.indices { self.links[index].fromClient.isEnded = true }
        }
    }

    private static func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int(time.tv_sec) * 1000 + Int(time.tv_nsec) / 1_000_000
    }
}
