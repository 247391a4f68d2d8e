/// Makes evidence packages for the console. The application implements it over the store.
package protocol EvidenceExporting: Sendable {
    /// The package of a delivery as one zip archive; `nil` when no such delivery stands. Who takes it and what for is
    /// noted for good before it is returned; when that fails, this throws and nothing is handed out.
    func evidence(_ request: EvidenceRequest) async throws -> EvidenceArchive?
}

/// Who wants the package of which delivery, and what for.
package struct EvidenceRequest: Hashable, Sendable {
    package var deliveryID: String
    package var purpose: String
    package var reader: String
    /// The reader's duty; empty without one.
    package var role: String
    /// From where he asks; empty in open mode, where his name is the address.
    package var address: String

    package init(deliveryID: String, purpose: String, reader: String, role: String = "", address: String = "") {
        self.deliveryID = deliveryID
        self.purpose = purpose
        self.reader = reader
        self.role = role
        self.address = address
    }
}

/// One zip archive to be downloaded.
package struct EvidenceArchive: Sendable {
    /// Of `A-Z a-z 0-9 . - _` only.
    package var fileName: String
    package var bytes: [UInt8]

    package init(fileName: String, bytes: [UInt8]) {
        self.fileName = fileName
        self.bytes = bytes
    }
}

/// Why there is no package though there is a delivery; for the person who asked.
package struct EvidenceRefusal: Error, Hashable {
    package var zh: String
    package var en: String

    package init(zh: String, en: String) {
        self.zh = zh
        self.en = en
    }
}
