import ArgumentParser
import Chronology
import Console
import FleetStore
import Foundation
import PostgresClient

/// `tongxing accounts`
struct AccountsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accounts", abstract: "账号、职责与令牌 / accounts, duties and tokens of the console",
        discussion: "每项更改记入审计日志 / every change goes into the audit log.",
        subcommands: [
            Add.self, List.self, Duty.self, Disable.self, Enable.self, Password.self, Subject.self, Token.self,
            Tokens.self, Revoke.self,
        ])

    /// What a duty is, as flags.
    struct DutyOptions: ParsableArguments {
        @Option(help: "职责 / duty: \(AccountRole.allCases.map(\.rawValue).joined(separator: ", "))")
        var role: String?

        @Option(help: "限定区县（值班、执法、安全） / confined to a district")
        var district: String?

        @Option(help: "企业名（企业账号） / the company, for role company")
        var company: String?

        @Option(help: "工地编号（工地账号） / the site's id, for role site")
        var site: String?

        func duty() throws -> AccountDuty {
            let role = try self.role.map { text in
                guard let role = AccountRole(rawValue: text) else {
                    let names = AccountRole.allCases.map(\.rawValue).joined(separator: ", ")
                    throw Failure("--role: '\(text)' 不是职责 / is none of \(names)", exitCode: 2)
                }
                return role
            }
            return AccountDuty(role: role, district: self.district, company: self.company, site: self.site)
        }
    }

    /// `tongxing accounts add`
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "新建账号，打印一次性口令 / add an account, prints a one-time password")

        @Argument(help: "账号名 / name: a-z 0-9 . _ @ -")
        var name: String

        @Option(help: "姓名 / the person's name")
        var displayName = ""

        @OptionGroup var duty: DutyOptions
        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            let duty = try self.duty.duty()
            let password = try await AccountsCommand.change(self.options, self.name) {
                try $0.add(self.name, displayName: self.displayName, duty: duty)
            }
            AccountsCommand.tell(password, of: self.name)
        }
    }

    /// `tongxing accounts list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "列出账号 / list the accounts")

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            let configuration = try await self.options.load()
            let accounts = try Database.connectCurrent(configuration.databaseURL) {
                try AccountStore(connection: $0).list()
            }
            if accounts.isEmpty { Terminal.line("没有账号 / no accounts") }
            for account in accounts {
                let title = account.duty.role?.title
                let duty = title.map { "\($0.zh) \($0.en)" } ?? "尚无职责 no duty yet"
                let place = [account.district, account.company, account.site].compactMap { $0 }.joined(separator: " ")
                var marks = account.isDisabled ? "  停用 disabled" : ""
                if account.mustChange { marks += "  须改口令 must change password" }
                if let subject = account.oidcSubject { marks += "  OIDC \(subject)" }
                Terminal.line("\(account.name)  \(account.displayName)  \(duty)  \(place)\(marks)")
            }
        }
    }

    /// `tongxing accounts duty`
    struct Duty: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "更改职责 / change an account's duty")

        @Argument(help: "账号名 / name") var name: String
        @OptionGroup var duty: DutyOptions
        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            let duty = try self.duty.duty()
            try await AccountsCommand.change(self.options, self.name) { try $0.setDuty(duty, of: self.name) }
            Terminal.line("职责已更改 / duty changed: \(self.name)")
        }
    }

    /// `tongxing accounts disable`
    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "停用账号，结束其会话 / disable an account, ends its sessions")

        @Argument(help: "账号名 / name") var name: String
        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            try await AccountsCommand.change(self.options, self.name) { try $0.setDisabled(true, self.name) }
            Terminal.line("已停用 / disabled: \(self.name)")
        }
    }

    /// `tongxing accounts enable`
    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "重新启用账号 / enable an account again")

        @Argument(help: "账号名 / name") var name: String
        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            try await AccountsCommand.change(self.options, self.name) { try $0.setDisabled(false, self.name) }
            Terminal.line("已启用 / enabled: \(self.name)")
        }
    }

    /// `tongxing accounts password`
    struct Password: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "重设为一次性口令，解除锁定 / give a new one-time password, takes a lock off")

        @Argument(help: "账号名 / name") var name: String
        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            let password = try await AccountsCommand.change(self.options, self.name) {
                try $0.resetPassword(of: self.name)
            }
            AccountsCommand.tell(password, of: self.name)
        }
    }

    /// `tongxing accounts oidc`
    struct Subject: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "oidc", abstract: "关联统一身份的 sub / tie an account to an identity provider's subject")

        @Argument(help: "账号名 / name") var name: String
        @Option(help: "令牌中的 sub；不给则解除 / the tokens' `sub`; without it the tie is undone")
        var subject: String?
        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            try await AccountsCommand.change(self.options, self.name) {
                try $0.setOIDCSubject(self.subject, of: self.name)
            }
            Terminal.line("已更改 / changed: \(self.name)")
        }
    }

    /// `tongxing accounts token`
    struct Token: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "为程序签发令牌，只打印一次 / make a bearer token for a program, printed once")

        @Argument(help: "账号名 / name") var name: String
        @Option(help: "用途 / what it is for") var label: String
        @Option(help: "有效天数 / days it is good for, 1–3660") var days = 365
        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            guard (1...3660).contains(self.days) else { throw Failure("--days: 1–3660", exitCode: 2) }
            let token = try await AccountsCommand.change(self.options, self.name) {
                try $0.addToken(of: self.name, label: self.label, days: self.days)
            }
            Terminal.line(token)
        }
    }

    /// `tongxing accounts tokens`
    struct Tokens: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "列出令牌 / list the tokens")

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            let configuration = try await self.options.load()
            let tokens = try Database.connectCurrent(configuration.databaseURL) {
                try AccountStore(connection: $0).tokens()
            }
            if tokens.isEmpty { Terminal.line("没有令牌 / no tokens") }
            for token in tokens {
                let end = token.revokedAt.map { "已撤销 revoked \($0)" } ?? "至 until \(token.expiresAt)"
                Terminal.line("\(token.tokenID)  \(token.account)  \(token.label)  \(end)")
            }
        }
    }

    /// `tongxing accounts revoke`
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "撤销令牌 / revoke a token")

        @Argument(help: "令牌编号 / the token's number") var token: Int64
        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            let isRevoked = try await AccountsCommand.change(self.options, "") { try $0.revokeToken(self.token) }
            guard isRevoked else {
                throw Failure("没有生效中的令牌 no token \(self.token) is in force: see `tongxing accounts tokens`")
            }
            Terminal.line("已撤销 / revoked: \(self.token)")
        }
    }

    /// One change in one transaction with its entry in the audit log.
    fileprivate static func change<R>(
        _ options: ConfigurationOptions, _ name: String, _ work: (AccountKeeper) throws -> R
    ) async throws -> R {
        let configuration = try await options.load()
        do {
            return try Database.connectCurrent(configuration.databaseURL) { connection in
                try connection.transaction {
                    try work(
                        AccountKeeper(
                            connection: connection,
                            actor: .init(actor: NSUserName(), interface: "command line", action: "")))
                }
            }
        } catch let error as AccountError {
            throw Failure(Self.sentence(error, name))
        }
    }

    private static func sentence(_ error: AccountError, _ name: String) -> String {
        switch error {
        case .unknown: "没有账号 '\(name)' / no account '\(name)': see `tongxing accounts list`"
        case .nameTaken: "已有账号 '\(name)' / there is an account '\(name)': choose another name"
        case .badName: "账号名 '\(name)' 不可用 / cannot be a name: 1–64 of a-z 0-9 . _ @ -, first a letter or digit"
        case .badDuty:
            "职责不完整 / the duty is not whole: company needs --company, site needs --site, --district goes with operator, "
                + "enforcement_officer, safety_officer"
        case .unknownPlace:
            "登记中没有这个区县、企业或工地 / no register names this district, company or site: `tongxing import` it first, and use its id"
        case .threeApart:
            "'\(name)' 任过三员之一，不能再任另一员，请另建账号 / '\(name)' has held one of the three duties and is given no other: "
                + "use another account"
        case .lastOfDuty:
            "'\(name)' 是此项职责唯一在用的账号，请先交给另一个账号 / '\(name)' is the only account in use with this duty: give it to "
                + "another account first"
        case .notYours: "三员分立 / the three duties are kept apart"
        }
    }

    fileprivate static func tell(_ password: String, of name: String) {
        Terminal.line("\(name)  一次性口令，7 天内登录并修改 / one-time password, to be changed within 7 days:  \(password)")
    }
}
