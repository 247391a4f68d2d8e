import CMosquitto
import CSocketBuffer
import Foundation
import Glibc
import TestSupport
import Testing

@testable import MQTTClient

/// The buffer below libmosquitto (`CSocketBuffer`). Under a sanitizer, which has calls of its own, there is none.
@Suite struct SocketBufferTests {
    /// Both ends of a connection.
    private static func pair() throws -> (near: CInt, far: CInt) {
        var ends: [CInt] = [0, 0]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        return (ends[0], ends[1])
    }

    private static func take(_ count: Int, from descriptor: CInt) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let got = read(descriptor, &bytes, count)
        return got < 0 ? [] : Array(bytes.prefix(got))
    }

    @Test func piecesComeInOrderAndWhatWaitsIsKnown() throws {
        let (near, far) = try Self.pair()
        let isAhead = tongxing_socket_begin(near)
        #expect(write(far, Array(0..<10 as Range<UInt8>), 10) == 10)
        #expect(Self.take(1, from: near) == [0])
        #expect(tongxing_socket_waits(near) == isAhead)
        #expect(Self.take(4, from: near) == [1, 2, 3, 4])
        // What comes later stands behind what was read ahead.
        #expect(write(far, [77], 1) == 1)
        #expect(Self.take(5, from: near) == [5, 6, 7, 8, 9])
        #expect(!tongxing_socket_waits(near))
        #expect(Self.take(1, from: near) == [77])
        close(far)
        #expect(Self.take(1, from: near).isEmpty, "the end is the end")
        close(near)
    }

    @Test func aNumberGivenOutAgainBringsNothingOfTheOneBefore() throws {
        let (near, far) = try Self.pair()
        _ = tongxing_socket_begin(near)
        #expect(write(far, [1, 2, 3], 3) == 3)
        #expect(Self.take(1, from: near) == [1])
        close(near)
        #expect(!tongxing_socket_waits(near))
        close(far)
        #expect(!tongxing_socket_begin(-1))
        #expect(!tongxing_socket_waits(-1) && !tongxing_socket_waits(.max))
    }

    /// Held pieces leave as one, in order; without a hold each leaves at once.
    @Test func heldPiecesLeaveTogether() throws {
        let (near, far) = try Self.pair()
        let isBuffered = tongxing_socket_begin(near)
        tongxing_socket_hold(near)
        for byte in 0..<5 as Range<UInt8> { #expect(write(near, [byte], 1) == 1) }
        var waiting = pollfd(fd: far, events: Int16(POLLIN), revents: 0)
        #expect(poll(&waiting, 1, 0) == (isBuffered ? 0 : 1))
        #expect(tongxing_socket_release(near, 1000) == 0)
        #expect(Self.take(10, from: far) == [0, 1, 2, 3, 4])
        #expect(write(near, [9], 1) == 1)
        #expect(Self.take(10, from: far) == [9])
        close(near)
        close(far)
    }

    /// More than the buffer holds, to a reader who is away: the writer is told to come again, and nothing is lost or
    /// doubled.
    @Test func aReaderWhoIsAwayHoldsTheWriterUp() throws {
        let (near, far) = try Self.pair()
        guard tongxing_socket_begin(near) else { return }
        _ = fcntl(near, F_SETFL, O_NONBLOCK)
        tongxing_socket_hold(near)
        var written = 0
        while written < 100_000_000 {
            let piece = (0..<1000).map { UInt8(truncatingIfNeeded: (written + $0) % 251) }
            let count = write(near, piece, piece.count)
            guard count > 0 else { break }
            written += count
        }
        #expect(written < 100_000_000 && errno == EAGAIN, "the socket takes only so much")
        #expect(tongxing_socket_release(near, 0) == ETIMEDOUT, "it still takes nothing")
        var read = 0
        _ = fcntl(far, F_SETFL, O_NONBLOCK)
        while read < written {
            let bytes = Self.take(1 << 16, from: far)
            if bytes.isEmpty {
                try #require(tongxing_socket_release(near, 0) == 0, "\(read) of \(written)")
                continue
            }
            try #require(bytes.enumerated().allSatisfy { Int($0.element) == (read + $0.offset) % 251 })
            read += bytes.count
        }
        #expect(read == written)
        #expect(Self.take(1, from: far).isEmpty)
        close(far)
        // The first byte may be taken before the other end's refusal of it has come back.
        var answer: Int32 = 0
        for _ in 0..<1000 where answer == 0 {
            tongxing_socket_hold(near)
            #expect(write(near, [1], 1) == 1)
            answer = tongxing_socket_release(near, 1000)
        }
        #expect([EPIPE, ECONNRESET].contains(answer), "nobody is there any more")
        close(near)
    }

    /// A reader of large pieces is served as before.
    @Test func largeReadsGoPastIt() throws {
        let (near, far) = try Self.pair()
        _ = tongxing_socket_begin(near)
        #expect(write(far, [UInt8](repeating: 7, count: 5000), 5000) == 5000)
        #expect(Self.take(1 << 17, from: near).count == 5000)
        close(near)
        close(far)
    }

    /// TCP_NODELAY would send each acknowledgement of four bytes by itself and cost the broker a quarter of its
    /// throughput (limits.md A, trap 8): the library leaves it off, and so do we.
    @Test(arguments: MQTTSettings.ProtocolVersion.allCases)
    func smallWritesMayBeGathered(version: MQTTSettings.ProtocolVersion) async throws {
        let topic = "gather/\(UUID().uuidString)"
        let port = try await TestServers.shared.mqttPort
        let settings = MQTTSettings(host: "127.0.0.1", port: Int(port), clientID: topic, version: version)
        let consumer = try MQTTConsumer(settings: settings, filters: [topic]) { _, _ in }
        try consumer.connect()
        var isNoDelay: CInt = -1
        var size = socklen_t(MemoryLayout<CInt>.size)
        let descriptor = mosquitto_socket(consumer.client.pointer)
        try #require(getsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &isNoDelay, &size) == 0)
        #expect(isNoDelay == 0)
        consumer.disconnect()
    }

    /// The library's own calls come here: else this would be dead code.
    @Test func libmosquittoIsServed() async throws {
        let topic = "ahead/\(UUID().uuidString)"
        let port = try await TestServers.shared.mqttPort
        let settings = MQTTSettings(host: "127.0.0.1", port: Int(port), clientID: topic)
        var count = 0
        let consumer = try MQTTConsumer(settings: settings, filters: [topic]) { _, _ in count += 1 }
        try consumer.connect()
        try publish(0..<200, to: topic, settings)
        _ = try consumer.read(limit: 1, waitingUpTo: 5000)
        #expect(count == 1)
        if consumer.isBuffered { #expect(consumer.hasBytesAhead, "libmosquitto reads past us") }
        consumer.disconnect()
    }
}
