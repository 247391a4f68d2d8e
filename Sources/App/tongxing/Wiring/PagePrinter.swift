import Evidence
import Foundation
import Supervision

/// Prints a report to PDF with the machine's Chromium, without a window and without the network: one page after the
/// other, each bounded in time and memory, and all of it outside this process. Where the service's own unit keeps
/// Chromium's sandbox from starting, another unit prints behind a socket (`deploy/tongxing-print.socket`).
actor PagePrinter {
    /// The Chromium to use.
    enum Renderer: Sendable, Hashable {
        /// The socket of the unit that prints, else the first of the usual places that holds a Chromium.
        case installed
        /// The first of the usual places: what stands behind the socket.
        case chromium
        /// A program, or a socket.
        case program(String)
        case none
    }

    /// Why there is no PDF.
    struct Refusal: Error, CustomStringConvertible {
        var description: String
    }

    private static let socket = "/run/tongxing-print.socket"
    private static let programs = [
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/local/bin/chromium",
    ]
    /// Bytes that each of Chromium's processes may write to; a report of a few pages takes a fifth of it.
    private static let memoryBytes = 1 << 30
    /// A file larger than this is not written: no report is.
    private static let fileBytes = 256 << 20
    /// A longer report is not printed.
    private static let pageBytes = 64 << 20
    /// As many wait while one is printed; who comes then gets no PDF.
    private static let waitingLimit = 4

    private let renderer: Renderer
    private let seconds: Int
    private var isPrinting = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// - Parameter seconds: after these, Chromium and all it started are killed.
    init(_ renderer: Renderer, seconds: Int) {
        self.renderer = renderer
        self.seconds = seconds
    }

    /// The program that prints, or the socket behind which one does; `nil` where there is none.
    nonisolated var program: String? {
        let chromium = Self.programs.first(where: FileManager.default.isExecutableFile(atPath:))
        return switch self.renderer {
        case .installed: LocalSocket.lies(at: Self.socket) ? Self.socket : chromium
        case .chromium: chromium
        case .program(let path): path
        case .none: nil
        }
    }

    /// The page as PDF, or why there is none.
    func pdf(of page: String) async throws -> [UInt8] {
        guard let program else {
            throw Refusal(description: "未安装 chromium / chromium is not installed: apt install chromium")
        }
        guard page.utf8.count <= Self.pageBytes else {
            throw Refusal(description: "报告过长 / the report is too long: \(page.utf8.count) > \(Self.pageBytes) bytes")
        }
        guard self.waiting.count < Self.waitingLimit else {
            throw Refusal(description: "正在打印别的报告 / other reports are being printed: try again later")
        }
        if self.isPrinting { await withCheckedContinuation { self.waiting.append($0) } }
        self.isPrinting = true
        defer {
            // The turn is handed on, so nobody comes between.
            if self.waiting.isEmpty { self.isPrinting = false } else { self.waiting.removeFirst().resume() }
        }
        return LocalSocket.lies(at: program)
            ? try await Self.ask(program, for: page, seconds: self.seconds)
            : try await Self.print(page, with: program, seconds: self.seconds)
    }

    /// The page as PDF where that can be had; `excuse` is told why it cannot. Nothing is said where no Chromium is.
    nonisolated func pdfIfPossible(of page: String, excuse: (String) -> Void) async -> [UInt8]? {
        guard self.program != nil else { return nil }
        do {
            return try await self.pdf(of: page)
        } catch {
            excuse("\(error)")
            return nil
        }
    }

    /// The page goes into the socket, the PDF comes out of it; nothing or a part of one where printing failed.
    private static func ask(_ socket: String, for page: String, seconds: Int) async throws -> [UInt8] {
        let pdf = try await LocalSocket.ask(socket, Array(page.utf8), upTo: Self.fileBytes, seconds: seconds)
        guard pdf.starts(with: "%PDF-".utf8), String(decoding: pdf.suffix(32), as: UTF8.self).contains("%%EOF") else {
            throw Refusal(
                description: "\(socket) 未给出 PDF / gave no PDF: journalctl -u 'tongxing-print@*'")
        }
        return pdf
    }

    private static func print(_ page: String, with program: String, seconds: Int) async throws -> [UInt8] {
        let folder = NSTemporaryDirectory() + "tongxing-print-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data(page.utf8).write(to: URL(fileURLWithPath: folder + "/report.html"))
        var arguments = [
            // `timeout` leads a process group of its own and kills all of it, even when this process is gone by then.
            "--signal=KILL", String(seconds),
            "/usr/bin/prlimit", "--data=\(Self.memoryBytes)", "--fsize=\(Self.fileBytes)", "--core=0",
            program, "--headless", "--disable-gpu", "--disable-dev-shm-usage", "--no-pdf-header-footer",
            "--no-first-run",
            // A report has no script, and without a compiler no memory need be writable and executable.
            "--js-flags=--jitless", "--disable-extensions", "--disable-background-networking",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            "--user-data-dir=\(folder)/profile", "--print-to-pdf=\(folder)/report.pdf",
        ]
        // Chromium's sandbox refuses to work for root.
        if geteuid() == 0 { arguments.append("--no-sandbox") }
        var spawn = Spawn(
            program: "/usr/bin/timeout", arguments: arguments + ["file://\(folder)/report.html"],
            environment: ["PATH": "/usr/bin:/bin", "HOME": folder, "TMPDIR": folder])
        spawn.output = .discarded
        let end = await (try spawn.start()).waitForEnd()
        guard end.isSuccess, let data = FileManager.default.contents(atPath: folder + "/report.pdf"), !data.isEmpty
        else {
            throw Refusal(
                description:
                    "\(program) 未能在 \(seconds) 秒内生成 PDF / made no PDF within \(seconds) s (\(end)): print report.html")
        }
        return Array(data)
    }
}
