import Casework
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// `/api/v1/deliveries/{id}/evidence`: the package to be downloaded, behind a purpose that is logged.
struct EvidenceAPI: Sendable {
    let fleet: FleetAPI
    let exporter: (any EvidenceExporting)?
    let logger: Logger

    /// Bytes of one piece of the answer: a slow client holds no more than this in the channel.
    private static let pieceBytes = 256 << 10

    private static var unknown: Problem { .unknown("delivery", zh: "运单", place: "path parameter id") }

    func evidence(_ query: Query) async throws -> Response {
        let id = try query.path("id")
        guard let purpose = try query.text("purpose"), PurposeText.isSaid(purpose) else {
            let complaint = PurposeText.complaint
            throw Problem.badParameter("purpose", zh: complaint.zh, en: complaint.en)
        }
        let reader = try query.principal()
        let request = EvidenceRequest(
            deliveryID: id, purpose: purpose, reader: reader.name, role: reader.role?.rawValue ?? "",
            address: reader.credential == .open ? "" : query.address)
        func attempted(_ outcome: TrailAccess.Outcome) async throws {
            var look = FleetAPI.Look(at: id, purpose: purpose)
            (look.kind, look.outcome) = (.evidence, outcome)
            try await self.fleet.note(look, query)
        }
        // The exporter reads whole batches with the service's own rights. Whose delivery it is decides the database, as
        // of every other address.
        guard try await self.fleet.fleet.delivery(id: id) != nil else {
            try await attempted(.notFound)
            throw Self.unknown
        }
        let archive: EvidenceArchive?
        do {
            archive = try await self.exporter?.evidence(request)
        } catch let refusal as EvidenceRefusal {
            try await attempted(.refused)
            throw Problem(
                status: 409, type: "no-evidence", title: "不能出具证据包 / No package can be made",
                detail: "\(refusal.zh) / \(refusal.en)", place: "path parameter id",
                remedy: "按所述处理 / Do what it says")
        }
        guard let archive else {
            try await attempted(.notFound)
            throw Self.unknown
        }
        self.logger.notice(
            "Evidence exported",
            metadata: ["delivery.id": "\(id)", "evidence.purpose": "\(purpose)", "evidence.reader": "\(reader.name)"])
        var headers = HTTPFields()
        headers[.contentType] = "application/zip"
        headers[.cacheControl] = "no-store"
        headers[.contentLength] = String(archive.bytes.count)
        headers[.contentDisposition] = "attachment; filename=\"\(archive.fileName)\""
        let bytes = archive.bytes
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody(contentLength: bytes.count) { writer in
                for start in stride(from: 0, to: bytes.count, by: Self.pieceBytes) {
                    let piece = bytes[start..<min(bytes.count, start + Self.pieceBytes)]
                    try await writer.write(ByteBuffer(bytes: piece))
                }
                try await writer.finish(nil)
            })
    }
}
