import Logging
import ServiceLifecycle
import Synchronization

/// A feed of events for each reach: nobody's stream carries what he may not read. All who may see the same share one.
final class EventFeeds: Service {
    /// What tells feeds apart.
    struct Key: Hashable, Sendable {
        var reach: Principal.Reach
        var kinds: Set<ServerSentEvent.Kind>

        /// The feed of those who see everything: the one that is always there.
        static let everything = Key(reach: .all, kinds: Set(ServerSentEvent.Kind.allCases))

        /// Without a right to positions or deliveries their events are left out.
        init(of principal: Principal) {
            let rights = AccessTable.rights(of: principal)
            self.reach = principal.reach
            self.kinds = [.registers, .reset]
            if rights.contains(.read(.positions)) { self.kinds.insert(.position) }
            if rights.contains(.read(.deliveries)) { self.kinds.insert(.delivery) }
            if rights.contains(.read(.alerts)) { self.kinds.insert(.alert) }
        }

        /// The duty to read with where the reach alone does not say which alerts are visible: road safety's are those
        /// that are no suspicion of a delivery.
        var role: AccountRole? {
            self.kinds.contains(.alert) && !self.kinds.contains(.delivery) ? .safetyOfficer : nil
        }

        private init(reach: Principal.Reach, kinds: Set<ServerSentEvent.Kind>) {
            self.reach = reach
            self.kinds = kinds
        }
    }

    private let sources: EventSources
    private let configuration: ConsoleConfiguration
    private let logger: Logger
    private let run: UInt64
    private let hubs = Mutex<[Key: EventHub]>([:])
    private let starts: AsyncStream<(Key, EventHub)>
    private let starter: AsyncStream<(Key, EventHub)>.Continuation

    /// - Parameter run: tells the ids of this run from those of another.
    init(
        _ sources: EventSources, configuration: ConsoleConfiguration, logger: Logger, run: UInt64
    ) {
        self.sources = sources
        self.configuration = configuration
        self.logger = logger
        self.run = run
        (self.starts, self.starter) = AsyncStream.makeStream()
        _ = self.hub(.everything)
    }

    func hub(for principal: Principal) -> EventHub { self.hub(Key(of: principal)) }

    private func hub(_ key: Key) -> EventHub {
        self.hubs.withLock { hubs in
            if let hub = hubs[key] { return hub }
            let hub = EventHub(
                log: EventLog(
                    // The ids of two feeds are never taken for one another's.
                    run: self.run &+ UInt64(hubs.count), historyLimit: self.configuration.eventHistoryLimit,
                    queueLimit: self.configuration.perClientQueueLimit,
                    clientLimit: self.configuration.eventClientLimit,
                    retryMilliseconds: self.configuration.retryMilliseconds))
            hubs[key] = hub
            self.starter.yield((key, hub))
            return hub
        }
    }

    /// Streams open now, and what was sent, over all feeds.
    func totals() async -> (clients: Int, totals: EventLog.Totals) {
        var (clients, totals) = (0, EventLog.Totals())
        for hub in self.hubs.withLock({ Array($0.values) }) {
            let own = await hub.totals
            clients += await hub.clientCount
            totals.published += own.published
            totals.resets += own.resets
        }
        return (clients, totals)
    }

    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for await (key, hub) in self.starts.cancelOnGracefulShutdown() {
                let follower = FleetFollower(
                    sources: self.sources, hub: hub, kinds: key.kinds,
                    restsWithoutClients: key != .everything, configuration: self.configuration, logger: self.logger)
                let reader = Principal(name: "events", role: key.role, reach: key.reach, credential: .open)
                group.addTask { try await Principal.$current.withValue(reader) { try await follower.run() } }
            }
            try await group.waitForAll()
        }
    }
}
