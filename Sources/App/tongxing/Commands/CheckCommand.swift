import ArgumentParser
import Console
import FleetStore
import Foundation
import MQTTClient
import PostgresClient

/// `tongxing check`: one line for each thing that has to be right, with the cure where it is not.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "检查配置、MQTT 服务器与数据库 / check configuration, broker and database")

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        let configuration = try await self.options.load()
        Terminal.line("✓ 配置 / configuration")
        let databaseIsFine = self.report("数据库 / database") {
            try Database.connect(configuration.databaseURL) { connection in
                try SchemaMigrator(connection: connection).requireCurrent()
            }
        }
        let brokerIsFine = self.report("MQTT 服务器 / broker \(configuration.mqtt.host):\(configuration.mqtt.port)") {
            try BrokerProfile.connect(configuration.mqtt(clientID: "tongxing-check-\(getpid())"))
        }
        if brokerIsFine {
            for warning in BrokerProfile.warnings(for: configuration) { Terminal.line("! " + warning) }
        }
        let leaflet = configuration.web.leafletDirectory + "/leaflet.js"
        let mapIsFine = self.report("地图库 / map library \(leaflet)") {
            guard FileManager.default.isReadableFile(atPath: leaflet) else {
                throw Failure("not there: install Debian's libjs-leaflet, or set web.leafletDirectory")
            }
        }
        guard databaseIsFine, brokerIsFine, mapIsFine else { throw ExitCode(1) }
    }

    private func report(_ what: String, _ body: () throws -> Void) -> Bool {
        do {
            try body()
            Terminal.line("✓ \(what)")
            return true
        } catch {
            Terminal.line("✗ \(what): \(error)")
            return false
        }
    }
}

/// What can be seen of the broker from outside, and where it falls short of the shipped profile: said, never refused.
enum BrokerProfile {
    static func connect(_ settings: MQTTSettings) throws {
        do throws(MQTTError) {
            let publisher = try MQTTPublisher(settings: settings)
            try publisher.connect()
            publisher.disconnect()
        } catch {
            throw Failure("\(error.message): check mqtt.url, mqtt.username and mqtt.password, and that the broker runs")
        }
    }

    static func warnings(for configuration: ServiceConfiguration) -> [String] {
        var anonymous = configuration.mqtt(clientID: "tongxing-check-anonymous-\(getpid())")
        guard anonymous.username != nil else {
            return [
                "MQTT 未使用用户名 / no MQTT user is configured: anonymous access is for trying only, see deploy/mosquitto"
            ]
        }
        anonymous.username = nil
        anonymous.password = nil
        guard (try? self.connect(anonymous)) != nil else { return [] }
        return ["MQTT 服务器允许匿名访问 / the broker takes anonymous clients: set allow_anonymous false, see deploy/mosquitto"]
    }
}
