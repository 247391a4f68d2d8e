import ArgumentParser
import Chronology
import Console
import FleetStore
import PostgresClient

/// `tongxing verify-audit`
struct VerifyAuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-audit", abstract: "核验审计日志的哈希链 / check the chain of the audit log",
        discussion: """
            重算每条的哈希，指出第一处断裂，并打印末条的序号与哈希；抄存它们，日后用 --head 核对，可发现尾部被截去或整链重写。
            Computes every entry's hash again and names the first break; prints number and hash of the last entry. Keep
            them elsewhere and give them as --head later: that shows a tail cut off and a chain written anew.
            """)

    @Option(help: "先前抄存的 序号:哈希 / number:hash as printed before")
    var head: String?

    @OptionGroup var options: ConfigurationOptions

    private static let pageSize = 5000

    func run() async throws {
        let configuration = try await self.options.load()
        let kept = try self.head.map { text in
            let parts = text.split(separator: ":")
            guard parts.count == 2, let number = Int64(parts[0]), parts[1].count == 64 else {
                throw Failure("--head: 应为 序号:哈希 / must be number:hash as verify-audit printed it", exitCode: 2)
            }
            return (number: number, hash: parts[1].lowercased())
        }
        try Database.connectCurrent(configuration.databaseURL) { connection in
            let store = AuditStore(connection: connection)
            // First: entries that are added while the chain is walked come after it.
            let end = try store.head()
            var wanted = [end.number: end.hash.hexText]
            if let kept {
                guard wanted[kept.number] ?? kept.hash == kept.hash else { throw Self.rewritten(kept.number) }
                wanted[kept.number] = kept.hash
            }
            wanted[0] = nil
            var chain = AuditChain()
            while true {
                let entries = try store.entries(after: chain.number, limit: Self.pageSize)
                for entry in entries {
                    if let fault = chain.take(entry.link) {
                        throw Failure("审计日志断裂 audit log broken: 第 \(entry.number) 条 entry \(entry.number): \(fault)")
                    }
                    if let hash = wanted.removeValue(forKey: entry.number), hash != entry.hash.hexText {
                        throw Self.rewritten(entry.number)
                    }
                }
                if entries.count < Self.pageSize { break }
            }
            guard wanted.isEmpty else {
                throw Failure("审计日志尾部缺失 audit log cut off: it ends at entry \(chain.number)")
            }
            Terminal.line("✓ 审计日志 audit log: \(chain.number) 条 entries, 末条 last \(chain.number):\(chain.hash.hexText)")
        }
    }

    private static func rewritten(_ number: Int64) -> Failure {
        Failure("审计日志被重写 audit log written anew: 第 \(number) 条 entry \(number) is not the one that was noted")
    }
}

extension AuditStore.Entry {
    fileprivate var link: AuditChain.Link {
        AuditChain.Link(
            number: self.number, previousHash: self.previousHash, hash: self.hash,
            fields: [
                String(self.number), String(self.occurredAt.microseconds), self.note.actor, self.note.role,
                self.note.interface, self.note.address, self.note.action, self.note.subject, self.note.purpose,
                self.note.outcome,
                    // Entries without a period were hashed without it.
            ] + (self.note.period.isEmpty ? [] : [self.note.period]))
    }
}
