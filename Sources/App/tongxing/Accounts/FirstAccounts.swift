import Console
import FleetStore
import Foundation
import Logging
import PostgresClient
import ServiceLifecycle

/// The first start with accounts: makes one for each of the three duties and says their passwords, once. They are good
/// for setting one's own, for a week, and are kept nowhere.
struct FirstAccounts: Service {
    let databaseURL: String
    let logger: Logger

    private static let three: [(name: String, role: AccountRole)] = [
        ("admin", .administrator), ("security", .securityAdministrator), ("auditor", .auditor),
    ]

    func run() async throws {
        let worker = PostgresWorker(url: self.databaseURL, application: "tongxing web start")
        try await cancelWhenGracefulShutdown {
            var hasWarned = false
            while true {
                do {
                    let made = try await worker.run { try Self.make($0) }
                    if !made.isEmpty { Self.tell(made) }
                    return
                } catch let error as PostgresError where error.remedy == .reconnect || error.remedy == .retry {
                    // The database is away; the console answers 503 meanwhile.
                    try await Task.sleep(for: .seconds(2))
                } catch let error as StoreError where Self.passes(error) {
                    // No schema yet, or an older one: whoever is about to `migrate` beside us need not start us again.
                    if !hasWarned { self.logger.warning("The first accounts wait", metadata: ["reason": "\(error)"]) }
                    hasWarned = true
                    try await Task.sleep(for: .seconds(2))
                } catch is CancellationError {
                    return
                } catch {
                    self.logger.error("The first accounts cannot be made", metadata: ["error": "\(error)"])
                    return
                }
            }
        }
    }

    /// Whether it ends without a restart of ours.
    private static func passes(_ error: StoreError) -> Bool {
        switch error {
        case .schema: true
        case .database(let cause): cause.remedy == .reconnect || cause.remedy == .retry
        case .alreadyRunning: false
        }
    }

    /// - Returns: names and passwords of those made; none when there are accounts already.
    private static func make(_ connection: PostgresConnection) throws -> [(name: String, password: String)] {
        try SchemaMigrator(connection: connection).requireCurrent()
        return try connection.transaction {
            let store = AccountStore(connection: connection)
            try store.lock()
            guard try store.isEmpty() else { return [] }
            let keeper = AccountKeeper(
                connection: connection, actor: .init(actor: "first start", interface: "service", action: ""))
            return try Self.three.map { name, role in
                (name, try keeper.add(name, displayName: role.title.zh, duty: AccountDuty(role: role)))
            }
        }
    }

    private static func tell(_ made: [(name: String, password: String)]) {
        var text = "\n首次启动：三员账号的一次性口令（只显示这一次，登录后须修改，7 天内有效）\n"
        text +=
            "First start: one-time passwords of the three duties (shown once, to be changed at log-in, good for 7 days)\n"
        for (account, password) in made {
            text += "    \(account.padding(toLength: 10, withPad: " ", startingAt: 0))\(password)\n"
        }
        Terminal.note(text)
    }
}
