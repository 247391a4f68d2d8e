import ArgumentParser
import CitySimulator
import Console
import Foundation
import LocalServers
import Logging
import MQTTClient
import ServiceLifecycle
import Supervision
import UnixSignals

/// `tongxing demo`: everything on an embedded default.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "一键演示：自带数据库、MQTT 服务器与模拟城市 / everything on an embedded default",
        discussion: """
            在一个文件夹内启动自己的 PostgreSQL 与 mosquitto，导入示例登记表，发布模拟城市的报文，并打开控制台。Ctrl-C 全部停止；再次启动会接着运行。
            Starts a PostgreSQL and a mosquitto of its own in one folder, imports sample registers, publishes the
            traffic of a simulated city, and opens the console. Ctrl-C stops all of it; a second start goes on where
            it was.
            """)

    @Option(help: "演示文件夹 / the demo's folder", completion: .directory)
    var folder: String?

    @Option(help: "改为重放该录制文件 / replay this recording instead of the simulated city", completion: .file())
    var traffic: String?

    @Option(help: "追上当前时间之前的倍速；--traffic 时也可为 max / pace until it has caught up with the clock; for --traffic also max")
    var speed = "120"

    @Option(help: "模拟车辆数（仅首次） / trucks of the simulated city, first start only")
    var trucks = 40

    @Option(help: "模拟城市种子（仅首次） / seed of the simulated city, first start only")
    var seed: UInt64 = 1

    @Option(help: "控制台监听地址 / address the console listens on (web.host)")
    var webHost: String?

    @Option(help: "控制台端口 / port of the console (web.port)")
    var webPort: String?

    @OptionGroup var options: FileOptions

    func run() async throws {
        let configuration = try await self.options.load(["web.host": self.webHost, "web.port": self.webPort])
        try self.validateOptions(webPort: configuration.web.port)
        guard let profilePath = ConfigurationFolder.find("mosquitto.conf"),
            let profile = try? String(contentsOfFile: profilePath, encoding: .utf8)
        else { throw Failure("config/mosquitto.conf is not found: start from the folder that holds config/") }
        // Read while the caller's rights last: the account that goes on may not reach the caller's folders.
        let recording = self.traffic.map { URL(fileURLWithPath: $0).path }
        let settings = try configuration.file.map { try Self.read($0) }
        let folder = try DemoFolder.enter(self.folder ?? DemoFolder.standard)
        try Logs.start(level: self.options.logLevel ?? "notice")
        do {
            let lock = try FolderLock(folder: folder.path)
            if let settings { try folder.write(settings, to: DemoFolder.settingsName) }
            try await self.run(in: folder, profile: profile, recording: recording, configuration)
            withExtendedLifetime(lock) {}
        } catch let error as LocalServerError {
            throw Failure(error.description)
        } catch let error as SupervisionError {
            throw Failure(error.description)
        }
    }

    private static func read(_ path: String) throws -> Data {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure("读不了配置文件 \(path) / cannot read the configuration file \(path)")
        }
        return data
    }

    private func validateOptions(webPort: Int) throws {
        guard (1...CityPlan.mostTrucks).contains(self.trucks) else {
            throw Failure("--trucks: 须为 1–10000 / must be 1–10000", exitCode: 2)
        }
        let pace = Double(self.speed)
        guard pace.map({ $0 > 0 && $0.isFinite }) == true || (self.speed == "max" && self.traffic != nil) else {
            throw Failure(
                "--speed: must be a number above 0 (with --traffic also max), not '\(self.speed)'", exitCode: 2)
        }
        if let traffic, !FileManager.default.isReadableFile(atPath: traffic) { throw Failure("cannot read \(traffic)") }
        guard let port = UInt16(exactly: webPort), port != 0 else {
            throw Failure("--web-port: 演示需要 1–65535 的端口 / the demo needs a port from 1 to 65535", exitCode: 2)
        }
        if !LoopbackPort.isFree(port) {
            throw Failure("端口 \(port) 已被占用 / port \(port) is taken: choose another with --web-port")
        }
    }

    private func run(
        in folder: DemoFolder, profile: String, recording: String?, _ configuration: ServiceConfiguration
    ) async throws {
        let ports = try folder.ports()
        let cluster = PostgresCluster(folder: folder.path + "/postgres", port: ports.postgres)
        let broker = MosquittoBroker(folder: folder.path + "/mosquitto", port: ports.mqtt, profile: profile)
        do {
            Terminal.line("启动数据库与 MQTT 服务器 … / starting database and broker in \(folder.path) …")
            let endpoint = try await cluster.start()
            try await cluster.ensureDatabase("tongxing")
            try await broker.start()
            let database = endpoint.url(database: "tongxing")
            _ = try MigrateCommand.migrate(database)
            if recording == nil { try self.prepareCity(in: folder, database: database) }
            try self.openSession(broker.url, configuration)
            let code = try await self.supervise(
                database: database, broker: broker.url, folder: folder, recording: recording, configuration)
            Terminal.line("正在停止 … / stopping …")
            try await broker.stop()
            try await cluster.stop()
            if code != 0 { throw ExitCode(code) }
        } catch {
            try? await broker.stop()
            try? await cluster.stop()
            throw error
        }
    }

    /// The city of this folder, made at the first start, and its registers.
    private func prepareCity(in folder: DemoFolder, database: String) throws {
        let state: DemoCity
        if let data = folder.read(DemoCity.fileName), let kept = try? JSONDecoder().decode(DemoCity.self, from: data) {
            state = kept
        } else {
            state = DemoCity.new(seed: self.seed, trucks: self.trucks, now: Clocks.now())
            try folder.write(try JSONEncoder().encode(state), to: DemoCity.fileName)
        }
        try DemoRegisters.load(SimulatedCity(state.plan), into: database)
    }

    /// Makes ingestion's sessions at the broker before anything is published: what comes from now on is kept for them.
    private func openSession(_ broker: String, _ configuration: ServiceConfiguration) throws {
        do throws(MQTTError) {
            for lane in configuration.lanes {
                var settings = try MQTTSettings(url: broker, clientID: lane.clientID)
                settings.version = configuration.mqtt.version
                try MQTTConsumer(settings: settings, filters: lane.topics) { _, _ in }.connect()
            }
        } catch {
            throw Failure("broker: \(error.message)")
        }
    }

    /// Runs the parts and the traffic until Ctrl-C; returns the exit code.
    private func supervise(
        database: String, broker: String, folder: DemoFolder, recording: String?, _ configuration: ServiceConfiguration
    ) async throws -> Int32 {
        let logger = Logger(label: "tongxing.demo")
        let runID = UUID().uuidString
        let common = [
            "TONGXING_DATABASE_URL": database, "TONGXING_MQTT_URL": broker, "TONGXING_RUN_ID": runID,
            // The key that signs evidence packages stays in the demo's folder too.
            "STATE_DIRECTORY": folder.path,
            "TONGXING_LOG_LEVEL": self.options.logLevel ?? "notice",
            "TONGXING_WEB_ACCESS": Self.access(configuration).rawValue,
        ]
        let names = PartName.allCases.map(\.rawValue).joined(separator: ",")
        // A copy in the demo's folder: the account that goes on may not reach the caller's file.
        let settings = configuration.file == nil ? [] : ["--config", folder.path + "/" + DemoFolder.settingsName]
        var parts = PartName.allCases.map { part in
            Supervisor.Part(
                part.rawValue,
                arguments: [
                    "serve", "--only", part.rawValue, "--selected", names, "--web-host", configuration.web.host,
                ]
                    + ["--web-port", String(configuration.web.port)] + settings)
        }
        var traffic: Supervisor.Part
        if let recording {
            traffic = Supervisor.Part("traffic", arguments: ["replay", recording, "--speed", self.speed] + settings)
            traffic.policy = .untilDone
        } else {
            traffic = Supervisor.Part(
                "traffic", arguments: ["demo-traffic", folder.path, "--speed", self.speed] + settings)
        }
        parts.append(traffic)
        for index in parts.indices { parts[index].environment = common }
        let supervisor = Supervisor(parts: parts) { report in
            logger.log(level: report.isWarning ? .warning : .info, "\(report.description)")
        }
        let announcement = Task { await Self.announce(configuration, database: database, broker: broker) }
        defer { announcement.cancel() }
        return try await supervisor.run()
    }

    /// On the loopback a demo asks nobody who he is; where others reach it, it has accounts like any other.
    private static func access(_ configuration: ServiceConfiguration) -> AccessConfiguration.Mode {
        let host = configuration.web.host
        let isLoopback = host == "localhost" || host == "::1" || host.hasPrefix("127.")
        let mayBeOpen = isLoopback && configuration.web.allowedHosts.isEmpty
        return configuration.access.mode ?? (mayBeOpen ? .open : .accounts)
    }

    /// Says where the console is once it answers.
    private static func announce(_ configuration: ServiceConfiguration, database: String, broker: String) async {
        let port = UInt16(truncatingIfNeeded: configuration.web.port)
        while !LoopbackPort.accepts(port) {
            do { try await Task.sleep(for: .milliseconds(100)) } catch { return }
        }
        let access =
            Self.access(configuration) == .open
            ? "开放模式，不登录，仅限本机 / open mode, no log-in, this machine only"
            : "须登录；口令在首次启动时显示，或用 `tongxing accounts` / log in; passwords were shown at the first start"
        Terminal.line(
            """

            控制台 / console   http://\(configuration.web.host):\(port)/  (\(access))
            数据库 / database  \(database)
            MQTT               \(broker)
            Ctrl-C 停止 / Ctrl-C stops all of it.

            """)
    }
}

/// Publishes the simulated city's traffic; a part of the demo.
struct DemoTrafficCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "demo-traffic", shouldDisplay: false)

    @Argument var folder: String
    @Option var speed: Double
    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        let configuration = try await self.options.load()
        try Logs.start(level: configuration.logLevel)
        Lifeline.watch()
        let logger = Logger(label: "tongxing.traffic")
        let (folder, speed) = (DemoFolder(path: self.folder), self.speed)
        let service = ThreadService(name: "traffic") { isStopRequested in
            DemoTraffic(
                folder: folder, settings: configuration.mqtt(clientID: "tongxing-demo-traffic"), speed: speed,
                logger: logger, isStopRequested: isStopRequested
            ).run()
        }
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    .init(
                        service: service, successTerminationBehavior: .gracefullyShutdownGroup,
                        serviceName: service.name)
                ],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger.fromInfo))
        try await group.run()
    }
}
