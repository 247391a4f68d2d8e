import Foundation
import Supervision
import TestSupport
import Testing

/// Evidence packages of deliveries that a running installation derived: made on the command line and by the console,
/// checked on "another machine" that has nothing but the package and the public key.
struct EvidenceOfACity {
    let installation: Installation
    let service: Service
    let folder: String

    /// No database, no broker, no configuration.
    private func verify(_ arguments: String...) async throws -> Product.Outcome {
        try await Product.run(
            ["evidence", "verify"] + arguments, ["PATH": "/usr/bin:/bin", "HOME": "/", "SWIFT_BACKTRACE": "enable=no"])
    }

    func check() async throws {
        let rows = try await self.installation.run("deliveries", "--format", "ndjson").lines
        // One of a registered truck: it was derived anew when the registers came.
        let registered = rows.first { Self.member("plate", of: $0) != nil }
        let delivery = try #require(registered.flatMap { Self.member("delivery_id", of: $0) })
        let package = self.folder + "/package"
        let made = try await self.installation.run("evidence", delivery, "--out", package, "--purpose", "案 7")
        #expect(made.code == 0, "\(made.errors)")
        let key = try await self.installation.run("evidence", "public-key")
        try Data(key.output.utf8).write(to: URL(fileURLWithPath: self.folder + "/key.pub"))
        let good = try await self.verify(package, "--public-key", self.folder + "/key.pub")
        #expect(good.code == 0 && good.output.contains(delivery) && good.output.contains("案 7"), "\(good)")
        #expect(good.errors.isEmpty, "\(good.errors)")
        #expect(
            try self.installation.count("SELECT count(*) FROM evidence_export WHERE purpose = '案 7' AND files > 20")
                == 1)
        #expect(
            try self.installation.count(
                "SELECT count(*) FROM audit_log WHERE action = 'evidence.export' AND purpose = '案 7'") == 1)
        #expect(
            try self.installation.count(
                """
                SELECT count(*) FROM audit_log
                WHERE action = 'evidence.export' AND purpose = '案 7' AND outcome = 'done' AND period LIKE '2%Z/2%Z'
                    AND subject LIKE 'D-%'
                """) == 1)
        #expect(throws: (any Error).self) { try self.installation.execute("DELETE FROM evidence_export") }
        try await self.attempts()
        try self.registers(package)
        try await self.usage(delivery)
        try await self.commonTools(package)
        try await self.tamper(package)
        try await self.printing(delivery)
        if WebDriver.isInstalled { try await self.printingBehindASocket(delivery) }
        try await self.download(delivery)
        if WebDriver.isInstalled { try await self.downloadOnThePage(delivery) }
    }

    /// On the command line too an attempt that showed nothing is told from a look.
    private func attempts() async throws {
        let other = self.folder + "/other"
        #expect(
            try await self.installation.run("evidence", "D-NOSUCH", "--out", other, "--purpose", "AJ-13").code == 1)
        #expect(try await self.installation.run("trail", "NOSUCH", "--purpose", "AJ-13").code != 0)
        let noted = try self.installation.count(
            """
            SELECT count(*) FROM audit_log WHERE purpose = 'AJ-13' AND outcome = 'not_found'
                AND (action, subject, period) IN
                    (('evidence.export', 'D-NOSUCH', ''), ('trail.read', 'NOSUCH', '../..'))
            """)
        #expect(noted == 2)
        #expect(try self.installation.count("SELECT count(*) FROM audit_log WHERE purpose = 'AJ-13'") == 2)
    }

    /// The package has every row of plants and of sites that the judgements counted.
    private func registers(_ package: String) throws {
        for kind in ["plants", "sites"] {
            let text = try String(contentsOfFile: package + "/registers/\(kind).csv", encoding: .utf8)
            let rows = text.split(separator: "\n").dropFirst().count { $0.contains(",true,") }
            let known =
                try kind == "plants"
                ? self.installation.count(
                    "SELECT count(*) FROM register_entry WHERE kind = 'plants' AND known_to IS NULL")
                : self.installation.count(
                    "SELECT count(*) FROM register_entry WHERE kind = 'sites' AND known_to IS NULL")
            #expect(rows == known, "\(kind)")
        }
    }

    private func usage(_ delivery: String) async throws {
        let package = self.folder + "/package"
        #expect(try await self.installation.run("evidence", delivery, "--out", package, "--purpose", "case").code == 1)
        let other = self.folder + "/other"
        #expect(try await self.installation.run("evidence", delivery, "--out", other, "--purpose", " ").code == 2)
        #expect(try await self.installation.run("evidence", delivery, "--out", other).code == 2)
        #expect(try await self.installation.run("evidence", "nothing", "--out", other, "--purpose", "case").code == 1)
        #expect(!FileManager.default.fileExists(atPath: other))
        #expect(try await self.verify(other).code == 1)
        let foreign = self.folder + "/foreign"
        #expect(try await self.installation.run("evidence", "make-key", foreign).code == 0)
        #expect(try await self.installation.run("evidence", "make-key", foreign).code == 1)
        let refused = try await self.verify(package, "--public-key", foreign + ".pub")
        #expect(refused.code == 1 && refused.errors.contains("MANIFEST.sig"), "\(refused)")
    }

    /// With what prints, without, and with what never ends or fails: the package is had each time, and holds.
    private func printing(_ delivery: String) async throws {
        let renderer = self.folder + "/renderer"
        func make(_ name: String, _ script: String?, _ options: String...) async throws -> Product.Outcome {
            var settings = ["TONGXING_EVIDENCE_RENDERER": script == nil ? "none" : renderer]
            if let script {
                try Data(("#!/bin/sh\n" + script + "\n").utf8).write(to: URL(fileURLWithPath: renderer))
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: renderer)
                settings["TONGXING_EVIDENCE_PRINT_SECONDS"] = "1"
            }
            return try await Product.run(
                ["evidence", delivery, "--out", self.folder + "/" + name, "--purpose", "case"] + options,
                self.installation.environment.merging(settings) { $1 })
        }
        func pdf(_ name: String) -> String? {
            FileManager.default.contents(atPath: self.folder + "/\(name)/report.pdf").map {
                String(decoding: $0, as: UTF8.self)
            }
        }
        let endless = "echo $$ >\(self.folder)/pid; sleep 600"
        let printed = #"for it; do case $it in --print-to-pdf=*) ulimit -d >"${it#*=}";; esac; done"#
        #expect(try await make("none", nil).code == 0 && pdf("none") == nil)
        #expect(try await make("demanded", nil, "--pdf").code == 1)
        #expect(!FileManager.default.fileExists(atPath: self.folder + "/demanded"))
        let late = try await make("late", endless)
        #expect(late.code == 0 && late.errors.contains("report.pdf") && pdf("late") == nil, "\(late)")
        let pid = try String(contentsOfFile: self.folder + "/pid", encoding: .utf8).filter(\.isNumber)
        #expect(try await eventually { !FileManager.default.fileExists(atPath: "/proc/\(pid)") })
        let failed = try await make("failed", "exit 3")
        #expect(failed.code == 0 && failed.errors.contains("report.pdf") && pdf("failed") == nil, "\(failed)")
        let bounded = try await make("bounded", printed)
        #expect(bounded.code == 0 && Int((pdf("bounded") ?? "").filter(\.isNumber)) == 1 << 20, "\(bounded)")
        #expect(try await make("unwanted", printed, "--no-pdf").code == 0 && pdf("unwanted") == nil)
        for name in ["none", "late", "failed", "bounded", "unwanted"] {
            #expect(try await self.verify(self.folder + "/" + name).code == 0, "\(name)")
        }
    }

    /// As under systemd: another process prints each page, and what it leaves half done is no PDF.
    private func printingBehindASocket(_ delivery: String) async throws {
        let socket = self.folder + "/print.socket"
        let script = (RepositoryRoot.url?.path ?? "") + "/Tests/EndToEndTests/Scripts/print_service.py"
        var spawn = Spawn(
            program: "/usr/bin/python3", arguments: [script, socket, BuiltProgram.path],
            environment: ["PATH": "/usr/bin:/bin"])
        spawn.output = .file(self.folder + "/print.log")
        let service = try spawn.start()
        #expect(try await eventually { FileManager.default.fileExists(atPath: socket) })
        func make(_ name: String) async throws -> (outcome: Product.Outcome, pdf: Data?) {
            let package = self.folder + "/" + name
            let outcome = try await Product.run(
                ["evidence", delivery, "--out", package, "--purpose", "case"],
                self.installation.environment.merging(["TONGXING_EVIDENCE_RENDERER": socket]) { $1 })
            return (outcome, FileManager.default.contents(atPath: package + "/report.pdf"))
        }
        let printed = try await make("printed")
        #expect(printed.outcome.code == 0 && printed.outcome.errors.isEmpty, "\(printed.outcome)")
        #expect((printed.pdf?.count ?? 0) > 10_000 && printed.pdf?.starts(with: Data("%PDF-".utf8)) == true)
        let half = try await make("half")
        #expect(half.outcome.code == 0 && half.outcome.errors.contains("tongxing-print@"), "\(half.outcome)")
        #expect(half.pdf == nil)
        #expect(await service.waitForEnd().isSuccess)
        let alone = try await make("alone")
        #expect(alone.outcome.code == 0 && alone.outcome.errors.contains(socket) && alone.pdf == nil, "\(alone)")
        for name in ["printed", "half", "alone"] {
            #expect(try await self.verify(self.folder + "/" + name).code == 0, "\(name)")
        }
    }

    /// `sha256sum` and `openssl`, as README.txt says.
    private func commonTools(_ package: String) async throws {
        let script = """
            cd "$1" && sha256sum --quiet -c MANIFEST.sha256 && openssl pkeyutl -verify -pubin -inkey "$2" -rawin \
            -in MANIFEST.sha256 -sigfile MANIFEST.sig
            """
        let end = try await Shell.run(script, package, self.folder + "/key.pub")
        #expect(end == 0)
    }

    /// One byte in each of a few files, then put back.
    private func tamper(_ package: String) async throws {
        let files = try FileManager.default.subpathsOfDirectory(atPath: package).sorted()
            .filter { path in
                var isFolder: ObjCBool = false
                return FileManager.default.fileExists(atPath: package + "/" + path, isDirectory: &isFolder)
                    && !isFolder.boolValue
            }
        #expect(files.count > 20)
        for (index, path) in files.enumerated() where index.isMultiple(of: 5) || path.hasPrefix("MANIFEST") {
            let url = URL(fileURLWithPath: package + "/" + path)
            let original = try Data(contentsOf: url)
            var changed = original
            changed[changed.count / 2] ^= 4
            try changed.write(to: url)
            let found = try await self.verify(package)
            #expect(found.code == 1 && found.errors.split(separator: "\n").count == 1, "\(path): \(found)")
            try original.write(to: url)
        }
        #expect(try await self.verify(package).code == 0)
    }

    private func download(_ delivery: String) async throws {
        let address = "/api/v1/deliveries/\(delivery)/evidence"
        #expect(try await self.service.get(address).status == 400)
        #expect(try await self.service.get("/api/v1/deliveries/nothing/evidence?purpose=case").status == 404)
        let zip = self.folder + "/package.zip"
        let script = """
            curl -sf -m 60 -o "$1" "$2" && python3 -m zipfile -e "$1" "$3"
            """
        let port = self.installation.port
        let end = try await Shell.run(
            script, zip, "http://127.0.0.1:\(port)\(address)?purpose=web+case", self.folder + "/unpacked")
        #expect(end == 0)
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: self.folder + "/unpacked").first)
        let found = try await self.verify(self.folder + "/unpacked/" + name, "--public-key", self.folder + "/key.pub")
        #expect(found.code == 0 && found.output.contains("web case"), "\(found)")
        // As on the command line: where there is a Chromium, the report is there as PDF.
        let pdf = FileManager.default.contents(atPath: self.folder + "/unpacked/\(name)/report.pdf")
        #expect(pdf?.starts(with: Data("%PDF-".utf8)) == (WebDriver.isInstalled ? true : nil))
        #expect(
            try self.installation.count("SELECT count(*) FROM evidence_export WHERE interface = 'http'") == 1)
    }

    /// As an officer gets it: a purpose typed on the delivery's page, and a file in the folder of downloads.
    private func downloadOnThePage(_ delivery: String) async throws {
        let driver = try await WebDriver()
        let browser = try await driver.browser()
        let downloads = try await TestServers.shared.makeFolder()
        try await browser.download(to: downloads)
        try await browser.go("http://127.0.0.1:\(self.installation.port)/delivery/\(delivery)")
        #expect(
            try await browser.waits(for: "document.querySelector('form.evidence') && document.querySelector('.checks')")
        )
        #expect(try await browser.tabs(to: "it.name === 'purpose'", limit: 200))
        try await browser.press("hearing 9" + Browser.enter)
        let zip = "\(downloads)/evidence-\(delivery).zip"
        #expect(try await eventually(within: .seconds(60)) { FileManager.default.fileExists(atPath: zip) })
        #expect(
            try await browser.waits(
                for: "document.querySelector('.evidence [role=status]').textContent.includes('verify')"))
        #expect(try await Shell.run("python3 -m zipfile -e \"$1\" \"$2\"", zip, downloads + "/unpacked") == 0)
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: downloads + "/unpacked").first)
        let found = try await self.verify(downloads + "/unpacked/" + name, "--public-key", self.folder + "/key.pub")
        #expect(found.code == 0 && found.output.contains("hearing 9"), "\(found)")
        let complaints = try await browser.complaints()
        #expect(complaints == [])
        try await browser.close()
        await driver.end()
    }

    private static func member(_ name: String, of line: String) -> String? {
        let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        return object?[name] as? String
    }
}
