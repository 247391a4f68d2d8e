import Casework
import Logging
import ServiceLifecycle

/// The one reader that follows the store for all clients: it looks when something was announced, and every
/// `pollInterval` besides, and publishes what is new since its last look.
struct FleetFollower: Service {
    let sources: EventSources
    let hub: EventHub
    /// The kinds of event that this hub's clients may have.
    let kinds: Set<ServerSentEvent.Kind>
    /// Reads nothing while nobody listens.
    let restsWithoutClients: Bool
    let configuration: ConsoleConfiguration
    let logger: Logger

    /// Revisions up to which everything was published; `nil` before the first look, which publishes nothing.
    private struct Seen: Sendable {
        var positions: Int64?
        var alerts: AlertMark?
        var deliveries: Int64?
        var registers: Int64?

        var isComplete: Bool {
            self.positions != nil && self.alerts != nil && self.deliveries != nil && self.registers != nil
        }
    }

    func run() async throws {
        let inbox = ChangeInbox()
        // Listen first and look then: what changes in between is announced.
        let announcements = self.sources.fleet.changes()
        inbox.add(FleetChange.allCases)
        try await cancelWhenGracefulShutdown {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await self.forward(announcements, to: inbox) }
                group.addTask { try await self.poll(into: inbox) }
                group.addTask { try await self.beat() }
                group.addTask { try await self.follow(inbox) }
                do { try await group.waitForAll() } catch is CancellationError {}
            }
        }
    }

    private func forward(_ first: AsyncStream<FleetChange>, to inbox: ChangeInbox) async throws {
        var announcements = first
        while true {
            for await change in announcements { inbox.add([change]) }
            // The stream ended: the store went away. Polling goes on meanwhile.
            try await Task.sleep(for: self.configuration.pollInterval)
            announcements = self.sources.fleet.changes()
        }
    }

    private func poll(into inbox: ChangeInbox) async throws {
        while true {
            try await Task.sleep(for: self.configuration.pollInterval)
            inbox.add(FleetChange.allCases)
        }
    }

    private func beat() async throws {
        while true {
            try await Task.sleep(for: self.configuration.heartbeatInterval)
            await self.hub.heartbeat()
        }
    }

    private func follow(_ inbox: ChangeInbox) async throws {
        var seen = Seen()
        var isFailing = false
        for await _ in inbox.arrivals {
            if self.restsWithoutClients, await self.hub.clientCount == 0 {
                // Whoever comes next hears a `reset` after the first look.
                seen = Seen()
                continue
            }
            do {
                let wasComplete = seen.isComplete
                try await self.publish(inbox.takeAll(), &seen)
                if !wasComplete, seen.isComplete {
                    // A client that connected and loaded before the first look may lack what came in between.
                    await self.hub.publish(.reset, data: Array("{}".utf8))
                }
                if isFailing { self.logger.info("The console reads the store again") }
                isFailing = false
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                // Said once; the next announcement or the next poll tries again from the same revision.
                if !isFailing {
                    self.logger.warning(
                        "The console cannot read the store, live events pause", metadata: ["error": "\(error)"])
                }
                isFailing = true
            }
            try await Task.sleep(for: self.configuration.minimumInterval)
        }
        throw CancellationError()
    }

    private func publish(_ changes: Set<FleetChange>, _ seen: inout Seen) async throws {
        if changes.contains(.registers) {
            let revision = try await self.sources.fleet.registerRevision()
            if let last = seen.registers, last != revision {
                await self.hub.publish(.registers, data: JSONWriter.document { $0.member("revision", revision) })
            }
            seen.registers = revision
        }
        if changes.contains(.positions) { try await self.publishPositions(&seen) }
        if changes.contains(.alerts) { try await self.publishAlerts(&seen) }
        if changes.contains(.deliveries) { try await self.publishDeliveries(&seen) }
    }

    private func publishPositions(_ seen: inout Seen) async throws {
        guard self.kinds.contains(.position) else { return seen.positions = 0 }
        let news = try await self.sources.fleet.latestPositions(since: seen.positions)
        let isFirstLook = seen.positions == nil
        seen.positions = news.revision
        guard !isFirstLook else { return }
        var rest = news.elements[...]
        while !rest.isEmpty {
            let part = rest.prefix(self.configuration.positionsPerEvent)
            rest = rest.dropFirst(part.count)
            let data = FeatureCollection.positions(
                part, revision: news.revision, cameraHold: self.configuration.cameraHoldSeconds)
            await self.hub.publish(.position, data: data)
        }
    }

    private func publishAlerts(_ seen: inout Seen) async throws {
        guard self.kinds.contains(.alert), let alerts = self.sources.alerts else {
            return seen.alerts = AlertMark(alerts: 0, handlings: 0)
        }
        while true {
            let news = try await alerts.alertChanges(since: seen.alerts, limit: self.configuration.deliveriesPerRead)
            let isFirstLook = seen.alerts == nil
            let isMore = news.mark != seen.alerts
            seen.alerts = news.mark
            guard !isFirstLook else { return }
            let mayHandle = Principal.current.map { AlertRecord.mayHandle($0) } ?? false
            for alert in news.alerts {
                let data = JSONWriter.document(reserving: 900) { alert.write(to: &$0, withHandling: mayHandle) }
                await self.hub.publish(.alert, data: data)
            }
            guard isMore, news.alerts.count >= self.configuration.deliveriesPerRead else { return }
        }
    }

    private func publishDeliveries(_ seen: inout Seen) async throws {
        guard self.kinds.contains(.delivery) else { return seen.deliveries = 0 }
        while true {
            let news = try await self.sources.fleet.deliveryChanges(
                since: seen.deliveries, limit: self.configuration.deliveriesPerRead)
            let isFirstLook = seen.deliveries == nil
            seen.deliveries = news.revision
            guard !isFirstLook else { return }
            for change in news.elements { await self.hub.publish(.delivery, data: change.json) }
            guard news.elements.count >= self.configuration.deliveriesPerRead else { return }
        }
    }
}

extension DeliveryChange {
    /// The delivery's row, or its id with `withdrawn`.
    fileprivate var json: [UInt8] {
        switch self {
        case .current(let delivery):
            var writer = JSONWriter(reserving: 640)
            delivery.write(to: &writer, withJudgements: false)
            return writer.bytes
        case .withdrawn(let id):
            return JSONWriter.document {
                $0.member("delivery_id", id)
                $0.member("withdrawn", true)
            }
        }
    }
}
