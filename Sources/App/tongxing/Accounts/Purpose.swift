import FleetStore
import Foundation
import Glibc
import PostgresClient

/// What a person's trail is looked at for.
enum Purpose {
    /// The purpose that was given, or that a person at the terminal is asked for. A program that gives none is
    /// told, and the log will say so.
    static func given(_ option: String?) throws -> String {
        if let text = option.map(self.trimmed), !text.isEmpty { return text }
        guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else {
            Terminal.note(
                "未说明用途，审计日志将如实记载；请用 --purpose 写明案号或理由 / no purpose given, and the audit log will say so: "
                    + "give a case number or reason with --purpose")
            return ""
        }
        Terminal.ask("查询用途（案号或理由，将被记录） / purpose (case number or reason, logged): ")
        guard let text = readLine().map(self.trimmed), !text.isEmpty else {
            throw Failure("未说明用途，不予查询 / no purpose, no trail: give a case number or reason", exitCode: 2)
        }
        return text
    }

    private static func trimmed(_ text: String) -> String { text.trimmingCharacters(in: .whitespacesAndNewlines) }
}

extension AuditStore {
    /// A look at where somebody was, noted before it is had.
    func addLook(at subject: String, purpose: String, interface: String = "command line") throws(PostgresError) {
        var note = Note(actor: NSUserName(), interface: interface, action: "trail.read")
        note.subject = subject
        note.purpose = purpose
        try self.add(note)
    }
}
