/// A message as EMQX's JT/T 808 gateway publishes it: `{"header": {…}, "body": {…}}`, in either order. What stands
/// there, not yet judged; only broken JSON throws.
struct GatewayMessage {
    var messageID: Int64?
    /// Without its leading zeros; `nil` when the header names none.
    var phone: TerminalID?
    var layout = JT808Frame.Layout.year2013
    var isEncrypted = false
    var isFragment = false
    /// Whether the locations are a batch's, each refused by itself.
    var isBatch = false
    var carriesLocations = false
    /// What is wrong with the message as a whole.
    private(set) var problem: ReportProblem?
    private(set) var unknownFieldCount = 0
    /// Each location of the body, or what is wrong with it.
    private(set) var locations: [Result<JT808Location, ReportProblem>] = []

    private enum Part: String, CaseIterable, Sendable {
        case header, body
    }

    private enum Header: String, CaseIterable, Sendable {
        case id = "msg_id"
        case serial = "msg_sn"
        case phone
        case encryption = "encrypt"
        case version = "proto_ver"
        case fragments = "frag_total"
        case fragment = "frag_sn"
        case length = "len"
    }

    /// Where locations stand in the bodies of 0x0201 and 0x0704.
    private enum Body: String, CaseIterable, Sendable {
        case answer = "params"
        case batch = "location"
        case serial = "seq"
        case length, type
    }

    private static let parts = FieldTable<Part>(.header)
    private static let headers = FieldTable<Header>(.id)
    private static let bodies = FieldTable<Body>(.answer)

    init(_ bytes: Span<UInt8>) throws(JSONFailure) {
        var scanner = try JSONScanner(bytes)
        guard try scanner.kind(bytes) == .object else {
            try scanner.skip(bytes)
            try scanner.end(bytes)
            self.problem = ReportProblem(reason: .wrongShape, detail: "{}")
            return
        }
        var reader = FieldReader(Self.parts)
        var header: Range<Int>?
        var body: Range<Int>?
        try scanner.beginObject(bytes)
        while let part = try reader.nextField(&scanner, bytes) {
            guard try reader.expect(.object, part, &scanner, bytes) else { continue }
            let range = try scanner.skip(bytes)
            if part == .header { header = range } else { body = range }
        }
        try scanner.end(bytes)
        self.unknownFieldCount = reader.unknownFieldCount
        self.problem = reader.problem
        guard self.problem == nil else { return }
        guard let header else {
            self.problem = ReportProblem(reason: .missingField, detail: Part.header.rawValue)
            return
        }
        try self.readHeader(bytes.extracting(header))
        // Of an encrypted or cut body the gateway makes what it likes.
        guard self.problem == nil, self.carriesLocations, !self.isEncrypted, !self.isFragment else { return }
        guard let body else {
            self.problem = ReportProblem(reason: .missingField, detail: Part.body.rawValue)
            return
        }
        try self.readBody(bytes.extracting(body))
    }

    private mutating func readHeader(_ bytes: Span<UInt8>) throws(JSONFailure) {
        var scanner = try JSONScanner(bytes)
        var reader = FieldReader(Self.headers)
        try scanner.beginObject(bytes)
        while let field = try reader.nextField(&scanner, bytes) {
            switch field {
            case .id: self.messageID = try reader.whole(field, &scanner, bytes)
            case .serial:
                guard let serial = try reader.whole(field, &scanner, bytes) else { continue }
                if UInt16(exactly: serial) == nil { reader.note(.outOfRange, field) }
            case .phone: try self.readPhone(&scanner, bytes, &reader)
            case .encryption: self.isEncrypted = try reader.whole(field, &scanner, bytes) != 0
            case .version: self.layout = try reader.whole(field, &scanner, bytes) == 0 ? .year2013 : .year2019
            case .fragments, .fragment:
                self.isFragment = true
                _ = try reader.whole(field, &scanner, bytes)
            case .length: _ = try reader.whole(field, &scanner, bytes)
            }
        }
        self.unknownFieldCount += reader.unknownFieldCount
        self.problem = reader.problem
        guard self.problem == nil else { return }
        guard let messageID else {
            self.problem = ReportProblem(reason: .missingField, detail: Header.id.rawValue)
            return
        }
        self.isBatch = messageID == Int64(JT808Frame.MessageID.locationBatch)
        self.carriesLocations =
            self.isBatch || messageID == Int64(JT808Frame.MessageID.location)
            || messageID == Int64(JT808Frame.MessageID.locationAnswer)
    }

    /// A string in all that was seen; the gateway's guide shows a number.
    private mutating func readPhone(
        _ scanner: inout JSONScanner, _ bytes: Span<UInt8>, _ reader: inout FieldReader<Header>
    ) throws(JSONFailure) {
        let text: String?
        if scanner.isNext(.number, bytes) {
            text = try reader.whole(.phone, &scanner, bytes).map { String($0) }
        } else {
            text = try reader.text(.phone, &scanner, bytes)?.string(bytes)
        }
        guard let text else { return }
        let digits = Array(text.utf8)
        self.phone = TerminalID(phone: digits.span)
        if self.phone == nil { reader.note(.outOfRange, .phone) }
    }

    private mutating func readBody(_ bytes: Span<UInt8>) throws(JSONFailure) {
        var scanner = try JSONScanner(bytes)
        guard self.messageID != Int64(JT808Frame.MessageID.location) else {
            return try self.readLocation(&scanner, bytes)
        }
        var reader = FieldReader(Self.bodies)
        let place: Body = self.isBatch ? .batch : .answer
        var found = false
        try scanner.beginObject(bytes)
        while let field = try reader.nextField(&scanner, bytes) {
            guard field == place else {
                try scanner.skip(bytes)
                continue
            }
            found = true
            guard try reader.expect(self.isBatch ? .array : .object, field, &scanner, bytes) else { continue }
            guard self.isBatch else {
                try self.readLocation(&scanner, bytes)
                continue
            }
            try scanner.beginArray(bytes)
            while try scanner.nextElement(bytes) {
                guard scanner.isNext(.object, bytes) else {
                    try scanner.skip(bytes)
                    self.locations.append(.failure(ReportProblem(reason: .wrongShape, detail: "{}")))
                    continue
                }
                try self.readLocation(&scanner, bytes)
            }
        }
        self.unknownFieldCount += reader.unknownFieldCount
        self.problem = reader.problem
        if self.problem == nil, !found {
            self.problem = ReportProblem(reason: .missingField, detail: place.rawValue)
        }
    }

    private mutating func readLocation(_ scanner: inout JSONScanner, _ bytes: Span<UInt8>) throws(JSONFailure) {
        var location = GatewayLocation()
        try location.read(&scanner, bytes)
        self.unknownFieldCount += location.unknownFieldCount
        self.locations.append(location.result)
    }
}

extension GatewayMessage {
    /// What we accept of a message: the topic's terminal, in one piece, in clear.
    func check(from terminal: TerminalID) throws(ReportProblem) {
        guard self.phone == nil || self.phone == terminal else {
            throw ReportProblem(reason: .foreignTerminal, detail: "phone")
        }
        guard !self.isEncrypted else { throw ReportProblem(reason: .encrypted, detail: "encrypt") }
        guard !self.isFragment else { throw ReportProblem(reason: .fragment, detail: "frag_total") }
    }
}
