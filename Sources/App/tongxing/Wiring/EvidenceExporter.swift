import Chronology
import Deliveries
import Evidence
import FleetStore
import PostgresClient
import Registers
import Suspicions
import Telemetry
import Tracks

/// Collects a delivery's evidence from the store, and notes who takes the package.
struct EvidenceExporter {
    let connection: PostgresConnection
    let limits: ValidationLimits
    let parameters: AnalysisParameters

    /// - Returns: `nil` when no such delivery stands or ever stood.
    func collect(_ deliveryID: String, export: EvidenceExport) throws -> EvidenceCase? {
        let reader = EvidenceReader(connection: self.connection)
        return try reader.reading {
            guard let subject = try reader.subject(deliveryID) else { return nil }
            let (from, to) = EvidenceCase.period(of: subject.judged)
            var evidence = EvidenceCase(
                judged: subject.judged, derivedAt: subject.derivedAt, world: subject.world, from: from, to: to,
                parameters: self.parameters, limits: self.limits, export: export)
            evidence.earlierForms = try reader.superseded(deliveryID)
            evidence.supersededAt = subject.supersededAt
            if subject.supersededAt != nil { evidence.successors = try reader.successors(of: deliveryID) }
            try self.collectMessages(of: subject, reader, into: &evidence)
            evidence.lanes = try SealReader(connection: self.connection).chains().map {
                EvidenceLane(
                    lane: $0.lane, name: $0.name, head: $0.head, anchor: $0.anchor, anchorNote: $0.anchorNote)
            }
            evidence.registers = try reader.registers(Self.concern(of: subject, from: from, to: to)).map {
                EvidenceRegisterRow(
                    entry: $0.entry, record: $0.record, knownFrom: $0.knownFrom, knownTo: $0.knownTo,
                    importedBy: $0.importedBy, source: $0.source)
            }
            evidence.suspects = try self.suspects(of: subject)
            return evidence
        }
    }

    /// The suspected plants that the delivery names as one of its ends, each with its card as it was judged by, and
    /// with what people decided about it.
    private func suspects(of subject: EvidenceReader.Subject) throws -> [EvidenceSuspect] {
        let delivery = subject.judged.delivery
        let ids = Set([delivery.origin, delivery.destination].filter { $0.kind == .suspectedPlant }.compactMap(\.id))
        let store = SuspectStore(connection: self.connection)
        return try ids.sorted().map { id in
            let card = try store.card(of: id, asOf: subject.derivedAt)
            return EvidenceSuspect(
                suspectedPlantID: id, card: card?.suspect, cardAt: card?.at,
                isOfJudgement: card?.isOfThatTime ?? false, decisions: try store.history(of: id).map(\.decision))
        }
    }

    private func collectMessages(
        of subject: EvidenceReader.Subject, _ reader: EvidenceReader, into evidence: inout EvidenceCase
    ) throws {
        let positions = try reader.positions(of: subject.terminalID, from: evidence.from, to: evidence.to)
        let others = try reader.otherPlaces(
            of: subject.terminalID, named: subject.terminal, from: evidence.from, to: evidence.to)
        let places = Set(positions.map(\.place) + others)
        var kept = Set<Int64>()
        for (lane, name, batch) in try reader.batches(Set(places.map(\.batchID)).sorted()) {
            kept.insert(Int64(lane) << 40 + batch.number)
            evidence.batches.append(EvidenceBatch(lane: lane, laneName: name, batch: batch))
        }
        evidence.messages = places.filter { kept.contains($0.batchID) }.map(MessagePlace.init)
        evidence.stored = positions.filter { kept.contains($0.place.batchID) }.map {
            StoredPosition(report: $0.report, place: MessagePlace($0.place))
        }
        evidence.lostOriginals = positions.count - evidence.stored.count
    }

    private static func concern(
        of subject: EvidenceReader.Subject, from: Instant, to: Instant
    ) -> EvidenceReader.Concern {
        let delivery = subject.judged.delivery
        var concern = EvidenceReader.Concern(from: from, to: to, knownBy: subject.derivedAt)
        concern.plate = delivery.plate
        concern.ticketIDs = delivery.ticketIDs
        concern.terminals = Array(Set([subject.terminal, TerminalNames.stripped(subject.terminal)]))
        concern.points = [delivery.origin.coordinate, delivery.destination.coordinate].compactMap { $0 }
        for end in [delivery.origin, delivery.destination] {
            guard let id = end.id else { continue }
            switch end.kind {
            case .plant: concern.plants.append(id)
            case .site: concern.sites.append(id)
            case .place: concern.places.append(id)
            case .suspectedPlant, .unknown: break
            }
        }
        for halt in delivery.haul?.halts ?? [] {
            switch halt.place?.kind {
            case .plant: concern.plants.append(halt.place?.id ?? "")
            case .site: concern.sites.append(halt.place?.id ?? "")
            case .place: concern.places.append(halt.place?.id ?? "")
            case nil: break
            }
        }
        return concern
    }

    /// Before the package is handed out: as a look at the trail, and as an export.
    /// - Parameters:
    ///   - role: the reader's duty; empty on the command line.
    ///   - address: from where he asked; empty on the command line.
    func note(
        _ package: EvidencePackage, of evidence: EvidenceCase, role: String = "", address: String = ""
    ) throws {
        let delivery = evidence.judged.delivery
        let export = evidence.export
        var look = AuditStore.Note(actor: export.by, interface: export.interface, action: "evidence.export")
        // As attempts have it, so that one search finds who has it and who was refused.
        look.subject = delivery.deliveryID
        (look.role, look.address) = (role, address)
        look.purpose = export.purpose
        look.period = AuditStore.Note.period(from: evidence.from, to: evidence.to)
        try AuditStore(connection: self.connection).add(look)
        try EvidenceLog(connection: self.connection).note(
            EvidenceLog.Export(
                by: export.by, interface: export.interface, purpose: export.purpose, deliveryID: delivery.deliveryID,
                terminal: delivery.terminal.text, plate: delivery.plate, from: evidence.from, to: evidence.to,
                files: package.files.count, bytes: package.byteCount, manifestHash: package.manifestHash,
                publicKey: package.publicKey.bytes))
    }
}

extension MessagePlace {
    fileprivate init(_ place: EvidenceReader.Place) {
        self.init(lane: place.lane, batch: place.number, index: place.messageIndex)
    }
}
