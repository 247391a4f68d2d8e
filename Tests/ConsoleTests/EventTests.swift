import Console
import Testing

/// The wire format of events, against the text of the standard.
struct ServerSentEventTests {
    @Test func eventIsIdThenNameThenData() {
        let event = ServerSentEvent(
            id: EventID(run: 0xab, number: 7), kind: .delivery, data: Array(#"{"a":1}"#.utf8))
        #expect(String(decoding: event.encoded, as: UTF8.self) == "id: ab-7\nevent: delivery\ndata: {\"a\":1}\n\n")
    }

    @Test func everyLineOfDataIsAField() {
        let event = ServerSentEvent(id: EventID(run: 1, number: 1), kind: .reset, data: Array("a\n\nb".utf8))
        #expect(
            String(decoding: event.encoded, as: UTF8.self)
                == "id: 1-1\nevent: reset\ndata: a\ndata: \ndata: b\n\n")
    }

    @Test func preambleSetsRetryAndStart() {
        let bytes = ServerSentEvent.preamble(retryMilliseconds: 2000, startingAt: EventID(run: 16, number: 0))
        #expect(String(decoding: bytes, as: UTF8.self) == "retry: 2000\nid: 10-0\n\n")
    }

    @Test(arguments: [
        ("ab-7", true), ("0-0", true), ("ffffffffffffffff-18446744073709551615", true), ("", false), ("7", false),
        ("ab-", false), ("-7", false), ("ab-7-8", false), ("xy-7", false), ("ab-18446744073709551616", false),
        ("ab--7", false), ("ab-7 ", false),
    ])
    func onlyOwnFormIsAnID(text: String, isValid: Bool) {
        #expect((EventID(text) != nil) == isValid)
    }
}

/// Who gets what, as a pure value.
struct EventLogTests {
    private func log(history: Int = 4, queue: Int = 3, clients: Int = 10) -> EventLog {
        EventLog(run: 1, historyLimit: history, queueLimit: queue, clientLimit: clients)
    }

    /// The names and numbers of the events in the bytes that `handle` takes, the preamble left out.
    private func taken(_ log: inout EventLog, _ handle: UInt64) -> [String] {
        let text = String(decoding: log.take(for: handle), as: UTF8.self)
        return text.split(separator: "\n\n").compactMap { block in
            let lines = block.split(separator: "\n")
            guard let name = lines.first(where: { $0.hasPrefix("event: ") })?.dropFirst(7),
                let id = lines.first(where: { $0.hasPrefix("id: ") })?.dropFirst(4)
            else { return nil }
            return "\(name) \(id)"
        }
    }

    /// A new client that found room.
    private func join(_ log: inout EventLog, after lastEventID: String?) throws -> UInt64 {
        let handle = log.subscribe(after: lastEventID)
        return try #require(handle)
    }

    private func publish(_ count: Int, to log: inout EventLog) {
        for _ in 0..<count { _ = log.publish(.position, data: []) }
    }

    @Test func freshClientGetsItsPlaceAndThenWhatFollows() throws {
        var log = self.log()
        self.publish(2, to: &log)
        let client = try self.join(&log, after: nil)
        #expect(String(decoding: log.take(for: client), as: UTF8.self) == "retry: 2000\nid: 1-2\n\n")
        #expect(log.publish(.delivery, data: []) == [client])
        #expect(self.taken(&log, client) == ["delivery 1-3"])
        #expect(log.take(for: client).isEmpty)
    }

    /// After 10 events with a history of 4: what a client gets that comes back with an id.
    @Test(arguments: [
        ("1-10", []), ("1-9", ["position 1-10"]), ("1-7", ["position 1-8", "position 1-9", "position 1-10"]),
        ("1-6", ["reset 1-10"]),  // four missed, but its queue holds three
        ("1-5", ["reset 1-10"]), ("1-0", ["reset 1-10"]), ("1-11", ["reset 1-10"]), ("2-9", ["reset 1-10"]),
        ("nonsense", ["reset 1-10"]), ("", ["reset 1-10"]),
    ])
    func clientResumesFromTheHistoryOrStartsAgain(lastEventID: String, expected: [String]) throws {
        var log = self.log()
        self.publish(10, to: &log)
        let client = try self.join(&log, after: lastEventID)
        #expect(self.taken(&log, client) == expected)
    }

    @Test func historyHoldsExactlyItsLimit() throws {
        for count in 5...40 {
            var log = self.log(history: 4, queue: 100)
            self.publish(count, to: &log)
            let inside = try self.join(&log, after: "1-\(count - 4)")
            #expect(self.taken(&log, inside).count == 4)
            let outside = try self.join(&log, after: "1-\(count - 5)")
            #expect(self.taken(&log, outside) == ["reset 1-\(count)"])
        }
    }

    @Test func slowClientLosesItsQueueForOneReset() throws {
        var log = self.log(queue: 3)
        let slow = try self.join(&log, after: nil)
        let quick = try self.join(&log, after: nil)
        _ = log.take(for: slow)
        _ = log.take(for: quick)
        for number in 1...5 {
            self.publish(1, to: &log)
            #expect(self.taken(&log, quick) == ["position 1-\(number)"])
        }
        #expect(self.taken(&log, slow) == ["reset 1-4", "position 1-5"])
        #expect(log.totals.published == 5)
        #expect(log.totals.resets == 1)
    }

    @Test func heartbeatReachesOnlyTheIdle() throws {
        var log = self.log()
        let idle = try self.join(&log, after: nil)
        let busy = try self.join(&log, after: nil)
        self.publish(1, to: &log)
        _ = log.take(for: idle)
        #expect(log.heartbeat() == [idle])
        #expect(String(decoding: log.take(for: idle), as: UTF8.self) == ": \n\n")
        #expect(self.taken(&log, busy) == ["position 1-1"])
    }

    @Test func clientsAreLimitedAndLeave() throws {
        var log = self.log(clients: 1)
        let first = try self.join(&log, after: nil)
        #expect(log.subscribe(after: nil) == nil)
        log.unsubscribe(first)
        #expect(log.clientCount == 0)
        #expect(log.take(for: first).isEmpty)
        #expect(log.subscribe(after: nil) != nil)
    }
}
