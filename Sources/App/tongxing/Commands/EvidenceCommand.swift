import ArgumentParser
import Evidence
import FleetStore
import Foundation
import Suspicions

/// `tongxing evidence`
struct EvidenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evidence", abstract: "证据包：导出与离线核验 / evidence packages: make them, check them offline",
        usage: """
            tongxing evidence DELIVERY --out DIR --purpose TEXT [--pdf | --no-pdf]
            tongxing evidence verify DIR [--public-key FILE]
            tongxing evidence make-key FILE
            tongxing evidence public-key
            tongxing evidence print <report.html >report.pdf
            """,
        subcommands: [Make.self, Verify.self, MakeKey.self, PublicKey.self, Print.self], defaultSubcommand: Make.self)

    /// `tongxing evidence DELIVERY`
    struct Make: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "make", abstract: "导出一趟运输的证据包 / one delivery's package",
            discussion: """
                含封存批原文、解码表、轨迹、登记与资质、疑似搅拌点的证据卡、参数、结论与反证、可打印报告、清单与签名。导出人与目的会被记录，未成的尝试亦然。批内含其他车辆的报文，须按敏感信息保管。
                已被取代的运输（登记变更、迟到数据等之后不再成立）也可导出，包内注明何时、因何、现为何。
                Sealed originals, decoded tables, trail, registers, cards of suspected plants, parameters, judgement,
                a report to print, manifest and signature. Who takes it and why is logged, and who tried. Batches
                hold other vehicles' messages too. One that is derived no more can be exported as well: as it last
                stood, with when, why, and what it is now.
                """)

        @Argument(help: "运输编号 / delivery id, as `tongxing deliveries` prints it")
        var delivery: String

        @Option(help: "新文件夹 / a new folder", completion: .directory)
        var out: String

        @Option(help: "目的（案号或理由），会被记录 / case number or reason, logged")
        var purpose: String

        @Flag(
            inversion: .prefixedNo, exclusivity: .exclusive,
            help: "report.pdf：默认在装有 chromium 时打印，--pdf 则必须有 / printed where chromium is installed; --pdf insists")
        var pdf: Bool?

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            let configuration = try await self.options.load()
            let purpose = try Purpose.given(self.purpose, isNeeded: true)
            try PackageFolder.requireNew(self.out)
            let key = try EvidenceKeyFile.load(configuration.signingKeyFile)
            let (limits, parameters) = (configuration.validation, configuration.parameters)
            let export = EvidenceExport(
                by: NSUserName(), at: Clocks.now(), purpose: purpose, interface: "command line",
                program: Self.program)
            let evidence = try Database.connectCurrent(configuration.databaseURL) { connection in
                try EvidenceExporter(connection: connection, limits: limits, parameters: parameters).collect(
                    self.delivery, export: export)
            }
            guard let evidence else {
                try Self.note(self.delivery, export, "not_found", configuration.databaseURL)
                throw Failure("没有运输 '\(self.delivery)' / no such delivery: see `tongxing deliveries`")
            }
            let (printer, pdf) = (configuration.printer, self.pdf)
            let package: EvidencePackage
            do {
                package = try await EvidencePackage.make(evidence, signedBy: key) { page in
                    switch pdf {
                    case true?: return try await Self.demanded(page, printer)
                    case nil: return await printer.pdfIfPossible(of: page) { Terminal.error("report.pdf: \($0)") }
                    case false?: return nil
                    }
                }
            } catch {
                try Self.note(self.delivery, export, "refused", configuration.databaseURL)
                throw error
            }
            // Noted before it is handed out: an export that cannot be noted is not had.
            try Database.connectCurrent(configuration.databaseURL) { connection in
                try EvidenceExporter(connection: connection, limits: limits, parameters: parameters).note(
                    package, of: evidence)
            }
            try PackageFolder.write(package.files, to: self.out)
            Terminal.line(
                "\(self.out): \(package.files.count) 个文件 files, \(package.messageCount) 条报文 messages, "
                    + "\(package.batchCount) 个封存批 sealed batches, "
                    + "清单 manifest SHA-256 \(package.manifestHash.map(HexDump.pair).joined())")
            if let at = evidence.supersededAt {
                let why = evidence.earlierForms.last?.statement
                Terminal.error(
                    "该运输已于 \(at) 被取代（\(why?.zh ?? "")），包内为其最后结论 / superseded at \(at) (\(why?.en ?? "")): the package "
                        + "holds how it last stood")
            }
            if evidence.lostOriginals > 0 {
                Terminal.error(
                    "\(evidence.lostOriginals) 条定位的原文已按期清除，不在包内 / the originals of \(evidence.lostOriginals) "
                        + "positions were dropped by retention and are not in the package")
            }
        }

        /// What was asked for and not had.
        private static func note(
            _ delivery: String, _ export: EvidenceExport, _ outcome: String, _ database: String
        ) throws {
            var note = AuditStore.Note(actor: export.by, interface: export.interface, action: "evidence.export")
            note.subject = delivery
            note.purpose = export.purpose
            note.outcome = outcome
            let attempt = note
            try Database.connectCurrent(database) { try AuditStore(connection: $0).add(attempt) }
        }

        private static func demanded(_ page: String, _ printer: PagePrinter) async throws -> [UInt8] {
            do {
                return try await printer.pdf(of: page)
            } catch let refusal as PagePrinter.Refusal {
                throw Failure("--pdf: \(refusal)")
            }
        }

        static var program: String { "tongxing \(Tongxing.configuration.version)" }
    }

    /// `tongxing evidence verify DIR`
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "离线核验证据包 / check a package offline",
            discussion: """
                只需证据包与公钥：核对签名、每个文件、批内与批间的链、原文与解码表是否一致，指出第一处不符。
                Needs the package and the public key, nothing else. Checks the signature, every file, the chain, and
                that the raw messages decode to the tables; names the first difference.
                """)

        @Argument(help: "证据包文件夹 / the package's folder", completion: .directory)
        var folder: String

        @Option(help: "可信途径取得的公钥（PEM） / public key from a source you trust", completion: .file())
        var publicKey: String?

        func run() async throws {
            let key = try self.publicKey.map { path in
                guard let data = FileManager.default.contents(atPath: path) else {
                    throw Failure("--public-key: 读不了 \(path) / cannot read \(path)", exitCode: 2)
                }
                return try EvidencePublicKey(pem: String(decoding: data, as: UTF8.self), place: path)
            }
            let found: EvidenceVerifier.Summary
            do throws(EvidenceError) {
                found = try EvidenceVerifier.verify(try PackageFolder.read(self.folder), key: key)
            } catch {
                throw Failure("✗ 证据包不成立 the package does not hold: \(error)")
            }
            Terminal.line(
                "✓ \(found.deliveryID) \(found.plate ?? found.terminal): \(found.files) 个文件 files, "
                    + "\(found.batches) 个封存批 sealed batches, \(found.messages) 条报文 messages, "
                    + "\(found.positions) 条定位 positions")
            Terminal.line("  导出 exported: \(found.exportedBy), \(found.exportedAt), \(found.purpose)")
            Terminal.line("  清单 manifest SHA-256 \(found.manifestHash)")
            Terminal.line("  公钥指纹 key fingerprint SHA-256 \(found.fingerprint)")
            if key == nil {
                Terminal.error(
                    "未给 --public-key，用的是包内公钥：只证明导出后未被改动，请核对公钥指纹 / the package's own key was used: nothing was "
                        + "changed since, but compare the fingerprint to know who signed it")
            }
        }
    }

    /// `tongxing evidence make-key FILE`
    struct MakeKey: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "生成签名密钥对 / make a pair of keys",
            discussion: "私钥写入 FILE（仅所有者可读），公钥写入 FILE.pub / the private key into FILE, the public one into FILE.pub.")

        @Argument(help: "新文件 / a new file", completion: .file())
        var file: String

        func run() async throws {
            let key = EvidenceSigningKey()
            try EvidenceKeyFile.write(key, to: self.file)
            try Data(key.publicKey.pem.utf8).write(to: URL(fileURLWithPath: self.file + ".pub"))
            Terminal.line("\(self.file), \(self.file).pub: 公钥指纹 fingerprint SHA-256 \(key.publicKey.fingerprint)")
        }
    }

    /// `tongxing evidence public-key`
    struct PublicKey: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "打印所配置密钥的公钥 / print the public key of the configured key")

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            let configuration = try await self.options.load()
            let key = try EvidenceKeyFile.load(configuration.signingKeyFile, makes: false)
            Terminal.output(Array(key.publicKey.pem.utf8))
            Terminal.note("公钥指纹 fingerprint SHA-256 \(key.publicKey.fingerprint)")
        }
    }

    /// `tongxing evidence print`: what `deploy/tongxing-print@.service` runs for each report.
    struct Print: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "标准输入的网页打印为 PDF，写到标准输出 / print the page on standard input as a PDF",
            discussion: """
                不读配置，不连数据库。供另一个受限服务使用：见 deploy/tongxing-print.socket。
                Reads no configuration and asks no database: for a unit of its own, see deploy/tongxing-print.socket.
                """)

        @Option(help: "最多几秒 / seconds that it may take, 1–600")
        var seconds = 60

        func run() async throws {
            guard (1...600).contains(self.seconds) else {
                throw Failure("--seconds: 须为 1–600 / must be 1–600", exitCode: 2)
            }
            let page = try FileHandle.standardInput.readToEnd() ?? Data()
            guard !page.isEmpty else { throw Failure("标准输入为空 / nothing on standard input: give a page") }
            do {
                let printer = PagePrinter(.chromium, seconds: self.seconds)
                Terminal.output(try await printer.pdf(of: String(decoding: page, as: UTF8.self)))
            } catch let refusal as PagePrinter.Refusal {
                throw Failure("\(refusal)")
            }
        }
    }
}
