import ArgumentParser
import Foundation
import Logging

/// The flags that every command that needs the configuration shares.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        name: .long, help: "配置文件 / configuration file (default: ./config/tongxing.yaml, /etc/tongxing/tongxing.yaml)")
    var config: String?

    @Option(name: .customLong("database-url"), help: "PostgreSQL 地址 / PostgreSQL address (database.url)")
    var databaseURL: String?

    @Option(name: .customLong("mqtt-url"), help: "MQTT 服务器地址 / broker address (mqtt.url)")
    var mqttURL: String?

    @Option(name: .customLong("log-level"), help: "日志级别 / log level (log.level): trace, debug, info, warning, error")
    var logLevel: String?

    func load(_ more: [String: String?] = [:]) async throws -> ServiceConfiguration {
        let environment = ProcessInfo.processInfo.environment
        let file = try ConfigurationFolder.file(named: self.config ?? environment["TONGXING_CONFIG"])
        var flags: [String: String] = more.compactMapValues { $0 }
        flags["database.url"] = self.databaseURL
        flags["mqtt.url"] = self.mqttURL
        flags["log.level"] = self.logLevel
        let reader = try await SettingsReader(file: file, flags: flags, environment: environment)
        return try ServiceConfiguration(reader)
    }

    /// The same flags for another process of ours.
    var arguments: [String] {
        var arguments: [String] = []
        for (name, value) in [
            ("--config", self.config), ("--database-url", self.databaseURL), ("--mqtt-url", self.mqttURL),
            ("--log-level", self.logLevel),
        ] {
            if let value { arguments += [name, value] }
        }
        return arguments
    }
}

/// Finds the shipped configuration: where it is named, in the working folder, above the program, or in /etc.
enum ConfigurationFolder {
    static func file(named path: String?) throws -> String? {
        if let path {
            guard FileManager.default.isReadableFile(atPath: path) else {
                throw Failure.configuration("cannot read the configuration file \(path)")
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
            folders.append(folder.path + (folder.path == "/" ? "config" : "/config"))
        }
        folders.append("/etc/tongxing")
        return folders.map { "\($0)/\(name)" }.first { FileManager.default.isReadableFile(atPath: $0) }
    }
}

/// Makes the process's loggers: one line an entry to standard error.
enum Logs {
    static func start(level: String) throws {
        guard let level = Logger.Level(rawValue: level) else {
            throw Failure.configuration(
                "log.level: '\(level)' is none of \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = level
            return handler
        }
    }
}
