import ArgumentParser
import FleetStore
import PostgresClient

/// `tongxing migrate`
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "更新数据库结构 / bring the database schema up to date")

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        let configuration = try await self.options.load()
        let applied = try Self.migrate(configuration.databaseURL)
        if try !Database.connect(configuration.databaseURL, { try SchemaMigrator(connection: $0).webHasRoles() }) {
            Terminal.note(Self.rolesMissing)
        }
        Terminal.line(
            applied.isEmpty ? "数据库结构已是最新 / the schema is current" : "已应用 / applied: \(applied.joined(separator: ", "))")
    }

    static let rolesMissing =
        "控制台没有自己的数据库角色，仅靠行级安全约束；请数据库管理员创建后再次运行 migrate / the console has no database roles of its own, "
        + "row-level security alone confines it; cure, then migrate again: "
        + "CREATE ROLE tongxing_web; CREATE ROLE tongxing_gate; GRANT tongxing_web, tongxing_gate TO <this user>"

    static func migrate(_ url: String) throws -> [String] {
        try Database.connect(url) { try SchemaMigrator(connection: $0).migrate() }
    }
}

/// Opens a connection for one command and turns its errors into one line with the cure.
enum Database {
    static func connect<R>(_ url: String, _ body: (PostgresConnection) throws -> R) throws -> R {
        do {
            return try body(try PostgresConnection(url: url, application: "tongxing"))
        } catch let error as StoreError {
            throw Failure(error.description)
        } catch let error as PostgresError {
            throw Failure("database: \(error)" + Self.cure(for: error))
        }
    }

    /// The same, and the schema must be this program's.
    static func connectCurrent<R>(_ url: String, _ body: (PostgresConnection) throws -> R) throws -> R {
        try self.connect(url) { connection in
            try SchemaMigrator(connection: connection).requireCurrent()
            return try body(connection)
        }
    }

    static func cure(for error: PostgresError) -> String {
        switch error.code {
        case .connectionFailed: ": check database.url (TONGXING_DATABASE_URL) and that PostgreSQL runs"
        case .refused, .unusableAddress: ": check user, password and name in database.url (TONGXING_DATABASE_URL)"
        case .server(.undefinedTable): ": run `tongxing migrate`"
        case .server(let state) where state.code == "42501": ": give the database user this right, or run as its owner"
        default: ""
        }
    }
}
