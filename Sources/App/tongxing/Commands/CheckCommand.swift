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
        var hasRoles = true
        var weaknesses: [String] = []
        var coordinates: String?
        let databaseIsFine = self.report("数据库 / database") {
            try Database.connect(configuration.databaseURL) { connection in
                let migrator = SchemaMigrator(connection: connection)
                try migrator.requireCurrent()
                hasRoles = try migrator.webHasRoles()
                weaknesses = try Durability.weaknesses(connection)
                coordinates = try CoordinateSearch.line(connection)?.text
            }
        }
        if !hasRoles { Terminal.line("! " + MigrateCommand.rolesMissing) }
        for weakness in weaknesses {
            Terminal.line(
                "! 数据库 \(weakness)：数据库崩溃时可能丢失已提交的数据，请设为 on / "
                    + "the database may lose what was committed when it crashes: set it to on")
        }
        if let coordinates { Terminal.line("! " + coordinates) }
        var broker: BrokerProfile.Report?
        let brokerIsFine = self.report("MQTT 服务器 / broker \(configuration.mqtt.host):\(configuration.mqtt.port)") {
            broker = try BrokerProfile.look(configuration, probesQueue: true)
        }
        for finding in broker?.findings ?? [] { Terminal.line("! " + finding) }
        for line in broker?.unseen ?? [] { Terminal.line("· " + line) }
        let leaflet = configuration.web.leafletDirectory + "/leaflet.js"
        let mapIsFine = self.report("地图库 / map library \(leaflet)") {
            guard FileManager.default.isReadableFile(atPath: leaflet) else {
                throw Failure("not there: install Debian's libjs-leaflet, or set web.leafletDirectory")
            }
        }
        let consoleIsFine = self.report("控制台 / console \(configuration.web.host):\(configuration.web.port)") {
            try ConsoleServer.check(configuration.web, isOpen: configuration.access.mode == .open)
        }
        await self.reportPrinting(configuration.printer)
        guard databaseIsFine, brokerIsFine, mapIsFine, consoleIsFine else { throw ExitCode(1) }
    }

    /// A package is made without PDF too, so this is no reason to fail.
    private func reportPrinting(_ printer: PagePrinter) async {
        guard let program = printer.program else { return }
        do {
            _ = try await printer.pdf(of: "<!doctype html><title>砼行 Tongxing</title><p>tongxing check")
            Terminal.line("✓ 证据包的 PDF / PDF of evidence packages \(program)")
        } catch {
            Terminal.line(
                "! 证据包将不含 PDF / evidence packages come without their PDF: \(error); deploy/README.md, 7")
        }
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
