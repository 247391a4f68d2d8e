import Chronology
import Console
import Deliveries
import Evidence
import Exchange
import FleetStore
import Foundation
import Logging
import PostgresClient
import Suspicions
import Telemetry
import Tracks

/// Evidence packages for the console, over a database connection of their own: a package takes seconds, and the live
/// page's questions must not wait for it.
final class ConsoleEvidence: EvidenceExporting {
    private let worker: PostgresWorker
    private let limits: ValidationLimits
    private let parameters: AnalysisParameters
    private let signingKeyFile: String?
    private let printer: PagePrinter
    private let logger: Logger

    init(
        url: String, limits: ValidationLimits, parameters: AnalysisParameters, signingKeyFile: String?,
        printer: PagePrinter, logger: Logger
    ) {
        self.worker = PostgresWorker(url: url, application: "tongxing web evidence")
        self.limits = limits
        self.parameters = parameters
        self.signingKeyFile = signingKeyFile
        self.printer = printer
        self.logger = logger
    }

    func evidence(_ request: EvidenceRequest) async throws -> EvidenceArchive? {
        let key: EvidenceSigningKey
        do {
            key = try EvidenceKeyFile.load(self.signingKeyFile)
        } catch let failure as Failure {
            throw EvidenceRefusal(zh: failure.description, en: "the signing key cannot be read")
        }
        let (limits, parameters) = (self.limits, self.parameters)
        let export = EvidenceExport(
            by: request.reader, at: Clocks.now(), purpose: request.purpose, interface: "http",
            program: EvidenceCommand.Make.program)
        do {
            let evidence = try await self.worker.run { connection in
                try EvidenceExporter(connection: connection, limits: limits, parameters: parameters).collect(
                    request.deliveryID, export: export)
            }
            guard let evidence else { return nil }
            let package = try await EvidencePackage.make(evidence, signedBy: key) { page in
                await self.printer.pdfIfPossible(of: page) { reason in
                    self.logger.warning(
                        "Evidence package without PDF",
                        metadata: ["delivery.id": "\(request.deliveryID)", "reason": "\(reason)"])
                }
            }
            let name = "evidence-\(evidence.judged.delivery.deliveryID)".map { letter in
                letter.isASCII && (letter.isLetter || letter.isNumber || "-_.".contains(letter)) ? letter : "-"
            }
            let folder = String(name)
            let archive = try ZipArchive.write(
                package.files.map { (path: folder + "/" + $0.path, bytes: $0.bytes) },
                at: export.at.microseconds / 1_000_000)
            // Noted before it is handed out.
            try await self.worker.run { connection in
                try EvidenceExporter(connection: connection, limits: limits, parameters: parameters).note(
                    package, of: evidence, role: request.role, address: request.address)
            }
            return EvidenceArchive(fileName: folder + ".zip", bytes: archive)
        } catch let error as EvidenceError {
            throw EvidenceRefusal(zh: "\(error.place): \(error.zh)", en: "\(error.place): \(error.en)")
        } catch let error as PostgresError where error.remedy != .refuseRow {
            throw FleetReadingError.unavailable(error.description)
        }
    }
}
