import Chronology
import Crypto
import Exchange
import Telemetry

/// Checks a package with nothing but its files and a public key, and says the first thing that does not hold.
package struct EvidenceVerifier {
    private let files: [String: [UInt8]]

    /// What a package that holds is.
    package struct Summary: Sendable {
        package var deliveryID: String
        package var plate: String?
        package var terminal: String
        package var exportedBy: String
        package var exportedAt: String
        package var purpose: String
        package var files: Int
        package var batches: Int
        package var messages: Int
        package var positions: Int
        /// Of the key that signed it.
        package var fingerprint: String
        package var manifestHash: String
    }

    /// - Parameter key: of whom the package is said to be; `nil` takes the package's own, which proves that nothing
    ///   was changed since, and not by whom it was made.
    package static func verify(_ list: [PackageFile], key: EvidencePublicKey?) throws(EvidenceError) -> Summary {
        let verifier = EvidenceVerifier(list)
        let manifest = try verifier.file(PackageLayout.manifest)
        let signature = try verifier.file(PackageLayout.signature)
        let own = try verifier.file(PackageLayout.publicKey)
        let signer: EvidencePublicKey
        if let key {
            signer = key
        } else {
            signer = try EvidencePublicKey(pem: String(decoding: own, as: UTF8.self), place: PackageLayout.publicKey)
        }
        guard signer.signed(manifest, with: signature) else {
            throw EvidenceError(
                .badSignature, at: PackageLayout.signature, zh: "清单或签名被改动，或不是此公钥（\(signer.fingerprint.prefix(16))…）所签",
                en:
                    "manifest or signature were changed, or another key than \(signer.fingerprint.prefix(16))… signed it"
            )
        }
        try verifier.compare(with: Manifest(reading: manifest))
        var summary = try verifier.contents()
        summary.fingerprint = signer.fingerprint
        summary.manifestHash = Manifest.hash(manifest)
        return summary
    }

    private init(_ files: [PackageFile]) {
        self.files = Dictionary(files.map { ($0.path, $0.bytes) }) { first, _ in first }
    }

    private func file(_ path: String) throws(EvidenceError) -> [UInt8] {
        guard let bytes = self.files[path] else {
            throw EvidenceError(.otherFiles, at: path, zh: "缺少此文件", en: "this file is missing")
        }
        return bytes
    }

    /// The same files, byte for byte.
    private func compare(with manifest: Manifest) throws(EvidenceError) {
        for entry in manifest.entries {
            let bytes = try self.file(entry.path)
            let hash = Manifest.hash(bytes)
            guard hash == entry.hash else {
                throw EvidenceError(
                    .changedFile, at: entry.path, zh: "内容被改动：SHA-256 为 \(hash)，清单为 \(entry.hash)",
                    en: "changed: SHA-256 is \(hash), the manifest's \(entry.hash)")
            }
        }
        let named = Set(manifest.entries.map(\.path)).union([PackageLayout.manifest, PackageLayout.signature])
        if let stranger = self.files.keys.filter({ !named.contains($0) }).min() {
            throw EvidenceError(.otherFiles, at: stranger, zh: "清单之外的文件", en: "a file beside the manifest")
        }
    }

    /// The chain, and that the tables are what the raw messages say.
    private func contents() throws(EvidenceError) -> Summary {
        guard let head = PackageHead(try self.file(PackageLayout.head)) else {
            throw EvidenceError(
                .otherContents, at: PackageLayout.head, zh: "不是格式 1 的证据包", en: "not a package of format 1")
        }
        let batches = try self.batches()
        try self.compareLanes(batches)
        let originals = try Originals(batches)
        guard let rules = DecodingDocument.rules(try self.file(PackageLayout.decoding)),
            let decoders = rules.decoders()
        else {
            throw EvidenceError(
                .otherContents, at: PackageLayout.decoding, zh: "读不了解码规则", en: "the rules of decoding cannot be read")
        }
        let sources = try self.sources(originals, decoders, laneNames: batches)
        let decoded = DecodedReports(sources, decoders)
        let inLog = try self.inLog()
        try self.compare(PackageLayout.positions, with: decoded.positionTable(inLog: inLog))
        try self.compare(PackageLayout.cameras, with: decoded.cameraTable())
        try self.compare(PackageLayout.alarms, with: decoded.alarmTable())
        try self.compare(PackageLayout.refusals, with: decoded.refusalTable())
        for file in TrailFiles.files(decoded.trail(inLog: inLog), name: head.plate ?? head.terminal) {
            try self.compare(file.path, with: file.bytes)
        }
        guard head.messages == sources.count, head.batches == batches.count else {
            throw EvidenceError(
                .otherContents, at: PackageLayout.head, zh: "报文数或批数与原文不符",
                en: "its numbers of messages and batches are not those of the originals")
        }
        return Summary(
            deliveryID: head.deliveryID, plate: head.plate, terminal: head.terminal, exportedBy: head.exportedBy,
            exportedAt: head.exportedAt, purpose: head.purpose, files: self.files.count, batches: batches.count,
            messages: sources.count, positions: decoded.positions.count, fingerprint: "", manifestHash: "")
    }

    /// The first line that differs is named.
    private func compare(_ path: String, with made: [UInt8]) throws(EvidenceError) {
        let found = try self.file(path)
        guard found != made else { return }
        let newline = UInt8(ascii: "\n")
        let same = zip(found, made).prefix { $0 == $1 }.count
        let line = found.prefix(same).count { $0 == newline } + 1
        throw EvidenceError(
            .otherContents, at: path, zh: "第 \(line) 行不是原始报文所说", en: "line \(line) is not what the raw messages say")
    }

    private func table(_ path: String, columns: [String]) throws(EvidenceError) -> [CSVTable.Row] {
        let bytes = try self.file(path)
        // A table made of nothing has its header only.
        let limits = CSVLimits(bytes: 1 << 30, rows: 50_000_000, columns: 64, cellBytes: 4 << 20)
        guard let table = try? CSVTable(csv: bytes, limits: limits), table.header.cells == columns,
            table.faults.isEmpty
        else {
            throw EvidenceError(
                .otherContents, at: path, zh: "不是本格式的表", en: "not a table of this format")
        }
        return table.rows
    }

    private func batches() throws(EvidenceError) -> [EvidenceBatch] {
        var batches: [EvidenceBatch] = []
        for row in try self.table(PackageLayout.batches, columns: RawTables.batchColumns) {
            guard let entry = EvidenceBatch(row.cells), batches.last.map({ $0.key < entry.key }) ?? true else {
                throw EvidenceError(
                    .otherContents, at: PackageLayout.batches, zh: "第 \(row.line) 行不是批",
                    en: "line \(row.line) is no batch")
            }
            var whole = entry
            whole.batch.sealed = try self.file(PackageLayout.batch(entry.key))
            batches.append(whole)
        }
        return batches
    }

    /// No batch lies beyond the end of its lane, and the last one is that end.
    private func compareLanes(_ batches: [EvidenceBatch]) throws(EvidenceError) {
        let columns = [
            "lane_id", "lane", "head_batch", "head_sha256", "dropped_through", "dropped_sha256", "dropped_note",
        ]
        var heads: [Int32: ChainLink] = [:]
        for row in try self.table(PackageLayout.lanes, columns: columns) {
            guard let lane = Int32(row.cells[0]), let number = Int64(row.cells[2]),
                let hash = Hex.bytes(row.cells[3])
            else {
                throw EvidenceError(
                    .otherContents, at: PackageLayout.lanes, zh: "第 \(row.line) 行不是通道",
                    en: "line \(row.line) is no lane")
            }
            heads[lane] = ChainLink(number: number, hash: hash)
        }
        for entry in batches {
            guard let head = heads[entry.lane], entry.batch.number <= head.number,
                entry.batch.number != head.number || entry.batch.hash == head.hash
            else {
                throw EvidenceError(
                    .brokenChain, at: PackageLayout.lanes, zh: "批 \(entry.lane)-\(entry.batch.number) 与其通道的链尾不符",
                    en: "batch \(entry.lane)-\(entry.batch.number) does not fit the end of its lane")
            }
        }
    }

    private func sources(
        _ originals: Originals, _ decoders: [Int64: MessageDecoder], laneNames batches: [EvidenceBatch]
    ) throws(EvidenceError) -> [DecodedReports.Source] {
        var sources: [DecodedReports.Source] = []
        for row in try self.table(PackageLayout.messages, columns: RawTables.messageColumns) {
            guard let lane = Int32(row.cells[0]), let batch = Int64(row.cells[2]), let index = Int(row.cells[3]),
                let device = row.cells[5].isEmpty ? 0 : Int64(row.cells[5]), decoders[device] != nil,
                let message = originals.message(at: MessagePlace(lane: lane, batch: batch, index: index))
            else {
                throw EvidenceError(
                    .otherContents, at: PackageLayout.messages, zh: "第 \(row.line) 行的报文不在封存批中",
                    en: "the message of line \(row.line) is in no sealed batch")
            }
            sources.append(
                DecodedReports.Source(
                    place: MessagePlace(lane: lane, batch: batch, index: index), device: device, message: message))
        }
        let names = Dictionary(batches.map { ($0.lane, $0.laneName) }) { first, _ in first }
        try self.compare(PackageLayout.messages, with: RawTables.messages(sources, laneNames: names))
        return sources
    }

    /// The one column of the decoded positions that the log alone knows.
    private func inLog() throws(EvidenceError) -> [Bool?] {
        try self.table(PackageLayout.positions, columns: DecodedReports.positionColumns).map { row in
            row.cells.last == "true" ? true : row.cells.last == "false" ? false : nil
        }
    }
}

extension EvidenceBatch {
    /// A row of `raw/batches.csv`; the sealed bytes are a file of their own.
    fileprivate init?(_ cells: [String]) {
        func number(_ index: Int) -> Int64? { Int64(cells[index]).flatMap { $0 >= 0 ? $0 : nil } }
        guard cells.count == RawTables.batchColumns.count, let lane = Int32(cells[0]), let batch = number(2),
            let hash = Hex.bytes(cells[4]), let messages = number(6), let rawBytes = number(7),
            let first = Instant(rfc3339: cells[15]), let last = Instant(rfc3339: cells[16])
        else { return nil }
        var counts = MessageCounts()
        let parts = (8...14).compactMap(number)
        guard parts.count == 7, parts.allSatisfy({ $0 < 1 << 40 }) else { return nil }
        counts.stored = parts[0]
        counts.duplicate = parts[1]
        counts.quarantined = parts[2]
        counts.ignored = parts[3]
        counts.positions = parts[4]
        counts.cameraReports = parts[5]
        counts.alarms = parts[6]
        let previous = cells[5].isEmpty ? nil : Hex.bytes(cells[5])
        self.init(
            lane: lane, laneName: cells[1],
            batch: SealedBatch(
                number: batch, sealed: [], hash: hash, previousHash: previous, messageCount: Int(messages),
                rawByteCount: Int(rawBytes), counts: counts, firstReceivedAt: first, lastReceivedAt: last))
        guard PackageLayout.batch(self.key) == cells[3] else { return nil }
    }
}
