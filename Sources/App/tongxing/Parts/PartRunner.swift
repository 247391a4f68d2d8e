import ArgumentParser
import Chronology
import Console
import IngestionPipeline
import CoreMetrics
import Logging
import Notices
import ServiceLifecycle
import Supervision
import Telemetry
import Tracks
import UnixSignals

/// Runs one part in this process until SIGINT, SIGTERM or the end of the process that started it.
struct PartRunner {
    let part: PartName
    let configuration: ServiceConfiguration
    /// All parts that were selected to run, for `/readyz`.
    let selected: [PartName]
    /// The same for all parts of one start, so that a sign of life of an earlier one is not taken for this one's.
    let runID: String

    func run() async throws {
        MetricsSystem.bootstrap(MetricsRegistry.shared)
        let logger = Logger(label: "tongxing.\(self.part.rawValue)")
        let group = ServiceGroup(
            configuration: .init(
                services: self.services(logger).map { service in
                    .init(
                        service: service,
                        successTerminationBehavior: service is BrokerProfileService || service is FirstAccounts
                            ? .ignore : .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup,
                        serviceName: Self.name(of: service))
                },
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger.fromInfo))
        try await group.run()
    }

    /// Without a name the group calls a service by all that it holds, passwords among it.
    private static func name(of service: any Service) -> String {
        (service as? ThreadService)?.name ?? String(describing: type(of: service))
    }

    private func services(_ logger: Logger) -> [any Service] {
        switch self.part {
        case .ingestion:
            let board = LaneBoard(lanes: self.configuration.lanes.map(\.name))
            return self.configuration.lanes.map { self.ingestion($0, board, logger) }
                + [BrokerProfileService(configuration: self.configuration, logger: logger)]
        case .analysis: return [self.analysis(logger), self.safety(logger)]
        case .web:
            let first = FirstAccounts(databaseURL: self.configuration.databaseURL, logger: logger)
            let notices: [any Service] = self.configuration.notices.receivers.map { self.notices(to: $0, logger) }
            return [self.web(logger)] + notices + self.reports(logger)
                + (self.configuration.access.mode == .open ? [] : [first])
        }
    }

    /// A lane has a thread, a session and a connection of its own; when one cannot go on, all end.
    private func ingestion(_ lane: LaneConfiguration, _ board: LaneBoard, _ logger: Logger) -> ThreadService {
        let (configuration, runID) = (self.configuration, self.runID)
        var logger = logger
        if configuration.lanes.count > 1 { logger[metadataKey: "lane.name"] = "\(lane.name)" }
        return ThreadService(name: "ingestion") { [logger] isStopRequested in
            do {
                let settings = configuration.mqtt(clientID: lane.clientID)
                let lane = try Lane(
                    source: MQTTSource(settings: settings, topics: lane.topics) { logger.warning("\($0)") },
                    store: LogStore(url: configuration.databaseURL, lane: lane.name, runID: runID, board: board),
                    decoder: MessageDecoder(limits: configuration.validation), limits: configuration.limits,
                    // Lanes come back at different moments.
                    seed: UInt64.random(in: .min ... .max), logger: logger, now: Clocks.now,
                    monotonicMilliseconds: Clocks.monotonicMilliseconds,
                    pause: { Clocks.pause(milliseconds: $0, isStopRequested: isStopRequested) },
                    isStopRequested: isStopRequested)
                return lane.run()
            } catch {
                return "zstd: \(error)"
            }
        }
    }

    private func analysis(_ logger: Logger) -> ThreadService {
        let (configuration, runID) = (self.configuration, self.runID)
        return ThreadService(name: "analysis") { isStopRequested in
            AnalysisLoop(
                databaseURL: configuration.databaseURL, parameters: configuration.parameters,
                safetyRules: configuration.safetyRules, checkpointHours: configuration.checkpointHours, runID: runID,
                afterTrap: Supervisor.previousEndWasTrap,
                logger: logger, isStopRequested: isStopRequested
            ).run()
        }
    }

    private func safety(_ logger: Logger) -> ThreadService {
        let configuration = self.configuration
        return ThreadService(name: "safety") { isStopRequested in
            SafetyLoop(
                databaseURL: configuration.databaseURL, rules: configuration.safetyRules, logger: logger,
                isStopRequested: isStopRequested
            ).run()
        }
    }

    private func notices(to receiver: NoticeReceiver, _ logger: Logger) -> ThreadService {
        let (configuration, databaseURL) = (self.configuration.notices, self.configuration.databaseURL)
        return ThreadService(name: "notices \(receiver.name)") { isStopRequested in
            NoticeLoop(
                receiver: receiver, configuration: configuration, databaseURL: databaseURL, logger: logger,
                isStopRequested: isStopRequested
            ).run()
        }
    }

    private func reports(_ logger: Logger) -> [any Service] {
        guard let folder = self.configuration.reports.folder else { return [] }
        let configuration = self.configuration
        return [
            ThreadService(name: "reports") { isStopRequested in
                ReportLoop(
                    folder: ReportFolder(path: folder), configuration: configuration.reports,
                    databaseURL: configuration.databaseURL, rules: configuration.safetyRules, logger: logger,
                    isStopRequested: isStopRequested
                ).run()
            }
        ]
    }

    private func fleet(as application: String) -> ConsoleFleet {
        ConsoleFleet(
            url: self.configuration.databaseURL, runID: self.runID, parts: self.selected.map(\.rawValue),
            parameters: self.configuration.parameters, namesTerminals: self.configuration.metricsNameTerminals,
            application: application)
    }

    private func web(_ logger: Logger) -> ConsoleServer {
        let configuration = self.configuration.web
        let fleet = self.fleet(as: "tongxing web")
        let followed = self.fleet(as: "tongxing web events")
        let evidence = ConsoleEvidence(
            url: self.configuration.databaseURL, limits: self.configuration.validation,
            parameters: self.configuration.parameters, signingKeyFile: self.configuration.signingKeyFile,
            printer: self.configuration.printer, logger: logger)
        return ConsoleServer(
            configuration: configuration, fleet: fleet,
            access: self.configuration.access.access(databaseURL: self.configuration.databaseURL), evidence: evidence,
            safety: ConsoleSafety(url: self.configuration.databaseURL, rules: self.configuration.safetyRules),
            desk: ConsoleDesk(url: self.configuration.databaseURL, fleet: fleet),
            registers: ConsoleRegisters(
                url: self.configuration.databaseURL, parameters: self.configuration.parameters.coordinateFit),
            signIn: self.configuration.access.signIn(),
            events: EventSources(
                fleet: followed,
                alerts: ConsoleDesk(
                    url: self.configuration.databaseURL, fleet: followed, application: "tongxing web events desk")),
            logger: logger,
            onRunning: { port in
                logger.info("Console ready", metadata: ["url": "http://\(configuration.host):\(port)/"])
            })
    }
}
