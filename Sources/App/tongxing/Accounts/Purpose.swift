import Casework
import FleetStore
import Foundation
import Glibc
import PostgresClient

/// What a person's trail is looked at for.
enum Purpose {
    /// The purpose that was given, or that a person at the terminal is asked for.
    /// - Parameter isNeeded: whether a program must give one too. Else it is told, and the log has that there was none.
    static func given(_ option: String?, isNeeded: Bool) throws -> String {
        if let option {
            guard PurposeText.isSaid(option) else { throw Self.unsaid }
            return self.trimmed(option)
        }
        guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else {
            guard !isNeeded else { throw Self.unsaid }
            Terminal.note(
                "未说明用途，审计日志将如实记载；请用 --purpose 写明案号或理由 / no purpose given, and the audit log will say so: "
                    + "give a case number or reason with --purpose")
            return ""
        }
        Terminal.ask("查询用途（案号或理由，将被记录） / purpose (case number or reason, logged): ")
        guard let text = readLine(), PurposeText.isSaid(text) else { throw Self.unsaid }
        return self.trimmed(text)
    }

    private static var unsaid: Failure {
        let complaint = PurposeText.complaint
        return Failure("--purpose: \(complaint.zh) / \(complaint.en)", exitCode: 2)
    }

    private static func trimmed(_ text: String) -> String { text.trimmingCharacters(in: .whitespacesAndNewlines) }
}

extension AuditStore {
    /// A look at where somebody was, noted before it is had; or what was looked for and not found.
    /// - Parameter period: as `Note.period` writes it; empty where no time was asked for.
    func addLook(
        at subject: String, purpose: String, period: String = "", isFound: Bool = true,
        interface: String = "command line"
    ) throws(PostgresError) {
        var note = Note(actor: NSUserName(), interface: interface, action: "trail.read")
        note.subject = subject
        note.purpose = purpose
        note.period = period
        if !isFound { note.outcome = "not_found" }
        try self.add(note)
    }
}
