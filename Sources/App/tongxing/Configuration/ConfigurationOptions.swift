import ArgumentParser
import Foundation
import Logging

/// The flags that every command that needs the configuration shares.
struct ConfigurationOptions: ParsableArguments {
    @OptionGroup var file: FileOptions

    @Option(name: .customLong("database-url"), help: "PostgreSQL 地址 / PostgreSQL address (database.url)")
    var databaseURL: String?

    @Option(name: .customLong("mqtt-url"), help: "MQTT 服务器地址 / broker address (mqtt.url)")
    var mqttURL: String?

    func load(_ more: [String: String?] = [:]) async throws -> ServiceConfiguration {
        var flags = more
        flags["database.url"] = self.databaseURL
        flags["mqtt.url"] = self.mqttURL
        return try await self.file.load(flags)
    }

    /// The same flags for another process of ours.
    var arguments: [String] {
        var arguments: [String] = []
        for (name, value) in [
            ("--config", self.file.config), ("--database-url", self.databaseURL), ("--mqtt-url", self.mqttURL),
            ("--log-level", self.file.logLevel),
        ] {
            if let value { arguments += [name, value] }
        }
        return arguments
    }
}

/// The file and the log level: what a command takes that has a database and a broker of its own.
struct FileOptions: ParsableArguments {
    @Option(
        help: """
            配置文件 / configuration file (default: ./config/tongxing.yaml, then config/ in a folder above the program \
            if it holds Package.swift, then /etc/tongxing/tongxing.yaml)
            """)
    var config: String?

    @Option(
        name: .customLong("log-level"),
        help: "日志级别 / log level (log.level): trace, debug, info, notice, warning, error, critical")
    var logLevel: String?

    func load(_ more: [String: String?] = [:]) async throws -> ServiceConfiguration {
        let environment = ProcessInfo.processInfo.environment
        let file = try ConfigurationFolder.file(named: self.config ?? environment["TONGXING_CONFIG"])
        var flags: [String: String] = more.compactMapValues { $0 }
        flags["log.level"] = self.logLevel
        let reader = try await SettingsReader(file: file, flags: flags, environment: environment)
        var configuration = try ServiceConfiguration(reader)
        configuration.file = file.map { URL(fileURLWithPath: $0).path }
        return configuration
    }
}

/// Finds the shipped configuration: where it is named, in the working folder, in the checkout that the program was
/// built in, or in /etc.
enum ConfigurationFolder {
    static func file(named path: String?) throws -> String? {
        if let path {
            guard FileManager.default.isReadableFile(atPath: path) else {
                throw Failure.configuration("读不了配置文件 \(path) / cannot read the configuration file \(path)")
            }
            return path
        }
        return self.find("tongxing.yaml")
    }

    /// The first of the usual places that holds this file.
    static func find(_ name: String) -> String? {
        var folders = [FileManager.default.currentDirectoryPath + "/config"]
        var folder = URL(
            fileURLWithPath: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/")
        while folder.pathComponents.count > 1 {
            folder.deleteLastPathComponent()
            // Only a checkout: any other `config` above the program is somebody else's.
            if FileManager.default.fileExists(atPath: folder.path + "/Package.swift") {
                folders.append(folder.path + "/config")
            }
        }
        folders.append("/etc/tongxing")
        return folders.map { "\($0)/\(name)" }.first { FileManager.default.isReadableFile(atPath: $0) }
    }
}

/// Makes the process's loggers: one line an entry to standard error.
enum Logs {
    static func unknownLevel(_ level: String) -> Failure {
        let known = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
        return Failure.configuration("log.level: 没有级别 '\(level)' / '\(level)' is none of \(known)")
    }

    static func start(level: String) throws {
        guard let level = Logger.Level(rawValue: level) else { throw self.unknownLevel(level) }
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = level
            return handler
        }
    }
}

extension Logger {
    /// The same logger for a library that prints whole values when it is debugged: it says nothing below `info`.
    var fromInfo: Logger {
        var logger = self
        logger.logLevel = max(.info, logger.logLevel)
        return logger
    }
}
