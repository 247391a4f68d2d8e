import Foundation
import Supervision

/// Prints a page to PDF with the machine's Chromium, without a window and without the network.
enum PagePrinter {
    private static let programs = [
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/local/bin/chromium",
    ]

    static func pdf(of page: String) async throws -> [UInt8] {
        guard let program = Self.programs.first(where: FileManager.default.isExecutableFile(atPath:)) else {
            throw Failure("--pdf: 未安装 chromium / chromium is not installed: apt install chromium, or leave --pdf out")
        }
        let folder = NSTemporaryDirectory() + "tongxing-print-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data(page.utf8).write(to: URL(fileURLWithPath: folder + "/report.html"))
        var arguments = [
            "--headless", "--disable-gpu", "--disable-dev-shm-usage", "--no-pdf-header-footer", "--no-first-run",
            "--user-data-dir=\(folder)/profile", "--print-to-pdf=\(folder)/report.pdf",
        ]
        // Chromium's sandbox refuses to work for root.
        if geteuid() == 0 { arguments.append("--no-sandbox") }
        var spawn = Spawn(
            program: program, arguments: arguments + ["file://\(folder)/report.html"],
            environment: ["PATH": "/usr/bin:/bin", "HOME": folder, "TMPDIR": folder])
        spawn.output = .discarded
        let end = await (try spawn.start()).waitForEnd()
        guard end.isSuccess, let data = FileManager.default.contents(atPath: folder + "/report.pdf"), !data.isEmpty
        else { throw Failure("--pdf: \(program) 未能生成 PDF / made no PDF: leave --pdf out and print report.html") }
        return Array(data)
    }
}
