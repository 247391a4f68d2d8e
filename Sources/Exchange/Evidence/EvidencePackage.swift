import Chronology
import Crypto
import Deliveries
import Exchange
import Registers
import Suspicions
import Telemetry
import Tracks

/// A whole package: its files, the manifest and the signature among them.
package struct EvidencePackage: Sendable {
    /// In the order of their paths.
    package let files: [PackageFile]
    package let manifestHash: [UInt8]
    package let publicKey: EvidencePublicKey
    package let messageCount: Int
    package let batchCount: Int

    /// All of it is in memory at once; a delivery of hours takes some megabytes.
    package static let byteLimit = 1 << 30

    package var byteCount: Int { self.files.reduce(0) { $0 + $1.bytes.count } }

    /// - Parameter printed: makes the report's PDF from its HTML; without one there is none in the package.
    package static func make(
        _ evidence: EvidenceCase, signedBy key: EvidenceSigningKey, printed: ((String) async throws -> [UInt8]?)? = nil
    ) async throws -> EvidencePackage {
        guard !evidence.messages.isEmpty else {
            throw EvidenceError(
                .noOriginals, at: evidence.judged.delivery.deliveryID, zh: "其原始报文已按期清除，无法出具证据包",
                en: "its raw messages were dropped by retention, there is nothing to prove with")
        }
        let weight = evidence.batches.reduce(0) { $0 + $1.batch.sealed.count }
        guard weight <= Self.byteLimit else {
            throw EvidenceError(
                .tooLarge, at: evidence.judged.delivery.deliveryID, zh: "封存批共 \(weight) 字节，超过 \(Self.byteLimit)",
                en: "its sealed batches have \(weight) bytes, more than \(Self.byteLimit)")
        }
        let draft = try PackageDraft(evidence)
        let files = try await draft.files(publicKey: key.publicKey, printed: printed).sorted { $0.path < $1.path }
        let manifest = Manifest(files).bytes
        let signature = try key.signature(of: manifest)
        return EvidencePackage(
            files: files + [
                PackageFile(PackageLayout.manifest, manifest), PackageFile(PackageLayout.signature, signature),
            ], manifestHash: Array(SHA256.hash(data: manifest)), publicKey: key.publicKey,
            messageCount: draft.sources.count, batchCount: evidence.batches.count)
    }
}

/// A package in the making: the messages are opened and decoded, the files are still to be written.
struct PackageDraft {
    let evidence: EvidenceCase
    let rules: DecodingRules
    let sources: [DecodedReports.Source]
    let decoded: DecodedReports
    let inLog: [Bool?]
    /// Messages whose decoded reports are not those of the log.
    let differing: Int

    init(_ given: EvidenceCase) throws(EvidenceError) {
        var evidence = given
        evidence.batches.sort { $0.key < $1.key }
        evidence.messages = Set(evidence.messages).sorted()
        evidence.lanes.sort { $0.lane < $1.lane }
        let devices = evidence.registers.filter { $0.record.kind == .terminals }
        let rules = DecodingRules(evidence.limits, devices: devices)
        let decoders = rules.decoders() ?? [:]
        let originals = try Originals(evidence.batches)
        let stored = Dictionary(grouping: evidence.stored, by: \.place)
        var sources: [DecodedReports.Source] = []
        var differing = 0
        for place in evidence.messages {
            guard let message = originals.message(at: place) else {
                throw EvidenceError(
                    .brokenChain, at: "\(place.lane)-\(place.batch)", zh: "没有第 \(place.index) 条报文",
                    en: "no message \(place.index)")
            }
            let wanted = Set((stored[place] ?? []).map(\.report))
            let candidates = Self.candidates(devices, at: message.receivedAt)
            let fitting = candidates.first { entry in
                decoders[entry].map { wanted.isSubset(of: DecodedReports.decode(message, $0).positions) } ?? false
            }
            if fitting == nil { differing += 1 }
            sources.append(
                DecodedReports.Source(place: place, device: fitting ?? candidates.first ?? 0, message: message))
        }
        self.evidence = evidence
        self.rules = rules
        self.sources = sources
        self.differing = differing
        self.decoded = DecodedReports(sources, decoders)
        let inStore = Set(evidence.stored)
        self.inLog = self.decoded.positions.map { row in
            guard row.report.recordedAt >= given.from, row.report.recordedAt < given.to else { return nil }
            return inStore.contains(StoredPosition(report: row.report, place: row.place))
        }
    }

    /// The register's rows by which the message may have been read: what was known when it came first (of two the
    /// later), then the others, then the dialect's own defaults.
    private static func candidates(_ devices: [EvidenceRegisterRow], at time: Instant) -> [Int64] {
        let known = devices.filter { $0.wasKnown(at: time) }.map(\.entry).sorted(by: >)
        let others = devices.filter { !$0.wasKnown(at: time) }.map(\.entry).sorted(by: >)
        return known.isEmpty ? [0] + others : known + others + [0]
    }

    func files(
        publicKey: EvidencePublicKey, printed: ((String) async throws -> [UInt8]?)?
    ) async throws -> [PackageFile] {
        let trail = self.decoded.trail(inLog: self.inLog)
        let map = MapPicture.draw(self.evidence, trail: trail)
        let timeline = TimelinePicture.draw(self.evidence, self.decoded, inLog: self.inLog)
        let figures = ReportPage.PackageFigures(
            messages: self.sources.count, positions: self.decoded.positions.count, drawn: trail.count,
            refusals: self.decoded.refusals.count, differing: self.differing, fingerprint: publicKey.fingerprint)
        let page = ReportPage.write(self.evidence, figures, map: map, timeline: timeline)
        var files = self.rawFiles() + self.decodedFiles(trail) + self.registerFiles() + self.analysisFiles()
        files += [
            PackageFile(PackageLayout.publicKey, publicKey.pem), PackageFile(PackageLayout.readme, ReadmeText.text),
            PackageFile(PackageLayout.head, self.head(figures).document), PackageFile(PackageLayout.map, map),
            PackageFile(PackageLayout.timeline, timeline), PackageFile(PackageLayout.report, page),
        ]
        if let pdf = try await printed?(page) { files.append(PackageFile(PackageLayout.printed, pdf)) }
        return files
    }

    private func rawFiles() -> [PackageFile] {
        let names = Dictionary(self.evidence.batches.map { ($0.lane, $0.laneName) }) { first, _ in first }
        return self.evidence.batches.map { PackageFile(PackageLayout.batch($0.key), $0.batch.sealed) } + [
            PackageFile(PackageLayout.messages, RawTables.messages(self.sources, laneNames: names)),
            PackageFile(PackageLayout.batches, RawTables.batches(self.evidence.batches)),
            PackageFile(PackageLayout.lanes, RawTables.lanes(self.evidence.lanes)),
            PackageFile(PackageLayout.decoding, DecodingDocument.bytes(of: self.rules)),
        ]
    }

    private func decodedFiles(_ rows: [DecodedReports.Row<PositionReport>]) -> [PackageFile] {
        [
            PackageFile(PackageLayout.positions, self.decoded.positionTable(inLog: self.inLog)),
            PackageFile(PackageLayout.cameras, self.decoded.cameraTable()),
            PackageFile(PackageLayout.alarms, self.decoded.alarmTable()),
            PackageFile(PackageLayout.refusals, self.decoded.refusalTable()),
        ]
            + TrailFiles.files(
                rows, name: self.evidence.judged.delivery.plate ?? self.evidence.judged.delivery.terminal.text)
    }

    /// A table a register, with the time for which each row was known.
    private func registerFiles() -> [PackageFile] {
        RegisterKind.allCases.compactMap { kind in
            let rows = self.evidence.registers.filter { $0.record.kind == kind }
                .sorted { ($0.record.key, $0.entry) < ($1.record.key, $1.entry) }
            guard !rows.isEmpty else { return nil }
            var writer = TableWriter(
                columns: ["entry"] + RegisterTable.columns(of: kind) + [
                    "known_from", "known_to", "known_when_judged", "imported_by", "source_file",
                ], format: .csv)
            for row in rows {
                writer.append(
                    [.integer(Int(row.entry))] + RegisterTable.cells(of: row.record) + [
                        .time(row.knownFrom), .time(row.knownTo),
                        .boolean(row.wasKnown(at: self.evidence.derivedAt)), .text(row.importedBy), .text(row.source),
                    ])
            }
            return PackageFile(PackageLayout.register(kind.rawValue), writer.finish())
        }
    }

    private func analysisFiles() -> [PackageFile] {
        var parameters = TableWriter(columns: ["name", "value"], format: .csv)
        for (name, value) in ParameterListing(self.evidence.parameters).values {
            parameters.append([.text(name), .text(value)])
        }
        let earlier = self.evidence.earlierForms.map { form in
            JSONText.object([
                ("superseded_at", .time(form.until)), ("cause", .text(form.cause.rawValue)),
                ("reason", .text(form.reason)),
                ("judged_by", .text(form.world)), ("delivery", JudgementDocument.json(form.judged)),
            ])
        }
        return [
            PackageFile(PackageLayout.judgement, JudgementDocument.json(self.evidence.judged).document),
            PackageFile(PackageLayout.earlier, JSONText.array(earlier).document),
            PackageFile(PackageLayout.parameters, parameters.finish()),
        ]
            + (self.evidence.suspects.isEmpty
                ? [] : [PackageFile(PackageLayout.suspects, SuspectDocument.json(self.evidence).document)])
            + (self.evidence.supersededAt == nil
                ? []
                : [
                    PackageFile(
                        PackageLayout.successors,
                        JSONText.array(self.evidence.successors.map { JudgementDocument.json($0) }).document)
                ])
    }

    private func head(_ figures: ReportPage.PackageFigures) -> JSONText {
        let (evidence, delivery) = (self.evidence, self.evidence.judged.delivery)
        return .object([
            ("format", .text(PackageHead.format)), ("delivery_id", .text(delivery.deliveryID)),
            ("plate", .text(delivery.plate)), ("terminal", .text(delivery.terminal.text)),
            ("from", .time(evidence.from)), ("to", .time(evidence.to)),
            ("exported_by", .text(evidence.export.by)), ("exported_at", .time(evidence.export.at)),
            ("purpose", .text(evidence.export.purpose)), ("interface", .text(evidence.export.interface)),
            ("program", .text(evidence.export.program)), ("key_fingerprint", .text(figures.fingerprint)),
            ("judged_at", .time(evidence.derivedAt)), ("judged_by", .text(evidence.world)),
            ("superseded_at", .time(evidence.supersededAt)),
            ("parameters_version", .text(evidence.parameters.versionName)),
            ("parameters_are_those_judged_by", .boolean(evidence.world.contains(evidence.parameters.versionName))),
            ("messages", .integer(Int64(figures.messages))), ("batches", .integer(Int64(evidence.batches.count))),
            ("positions", .integer(Int64(figures.positions))),
            ("positions_drawn", .integer(Int64(figures.drawn))),
            ("positions_without_original", .integer(Int64(evidence.lostOriginals))),
            ("messages_decoded_differently", .integer(Int64(figures.differing))),
        ])
    }
}

/// The trail in its three forms.
enum TrailFiles {
    static func files(_ rows: [DecodedReports.Row<PositionReport>], name: String) -> [PackageFile] {
        let writer = DecodedReports.trailWriter(rows, name: name)
        return [
            PackageFile(PackageLayout.trailCSV, writer.write(as: .csv)),
            PackageFile(PackageLayout.trailGeoJSON, writer.write(as: .geojson)),
            PackageFile(PackageLayout.trailGPX, writer.write(as: .gpx)),
        ]
    }
}
