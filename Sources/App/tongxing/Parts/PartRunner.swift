import ArgumentParser
import Chronology
import Console
import IngestionPipeline
import CoreMetrics
import Logging
import ServiceLifecycle
import Supervision
import Telemetry
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
                services: [.init(service: self.service(logger), successTerminationBehavior: .gracefullyShutdownGroup)],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
    }

    private func service(_ logger: Logger) -> any Service {
        switch self.part {
        case .ingestion: self.ingestion(logger)
        case .analysis: self.analysis(logger)
        case .web: self.web(logger)
        }
    }

    private func ingestion(_ logger: Logger) -> ThreadService {
        let (configuration, runID) = (self.configuration, self.runID)
        return ThreadService(name: "ingestion") { isStopRequested in
            do {
                let lane = try Lane(
                    source: MQTTSource(settings: configuration.mqtt, topics: configuration.topics),
                    store: LogStore(url: configuration.databaseURL, lane: configuration.lane, runID: runID),
                    decoder: MessageDecoder(), limits: configuration.limits,
                    seed: UInt64(bitPattern: Clocks.now().microseconds), logger: logger, now: Clocks.now,
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
                databaseURL: configuration.databaseURL, checkpointHours: configuration.checkpointHours, runID: runID,
                afterTrap: Supervisor.previousEndWasTrap, logger: logger, isStopRequested: isStopRequested
            ).run()
        }
    }

    private func web(_ logger: Logger) -> ConsoleServer {
        let configuration = self.configuration.web
        let fleet = ConsoleFleet(
            url: self.configuration.databaseURL, runID: self.runID, parts: self.selected.map(\.rawValue))
        return ConsoleServer(
            configuration: configuration, fleet: fleet, logger: logger,
            onRunning: { port in
                logger.info("Console ready", metadata: ["url": "http://\(configuration.host):\(port)/"])
            })
    }
}
