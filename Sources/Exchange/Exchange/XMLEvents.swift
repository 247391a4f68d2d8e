import CExpat

/// Reads one XML document through expat: the start of each element with its attributes, its end, and text between.
/// expat reads no external entities and refuses entities that grow without end.
struct XMLEvents {
    var onStart: (_ name: String, _ attributes: [String: String]) -> Void = { _, _ in }
    var onEnd: (_ name: String) -> Void = { _ in }
    var onText: (_ text: String) -> Void = { _ in }

    /// Names are given without their prefix. `nil`, or why the document is none, with its line.
    func read(_ bytes: [UInt8]) -> String? {
        guard let parser = XML_ParserCreate(nil) else { return "out of memory" }
        defer { XML_ParserFree(parser) }
        let receiver = Receiver(events: self)
        XML_SetUserData(parser, Unmanaged.passUnretained(receiver).toOpaque())
        XML_SetElementHandler(
            parser,
            { data, name, attributes in
                guard let receiver = Receiver.of(data), let name else { return }
                var values: [String: String] = [:]
                // Pairs of name and value; a null pointer ends them.
                var index = 0
                while let attributes, let key = attributes[index], let value = attributes[index + 1] {
                    values[Self.local(String(cString: key))] = String(cString: value)
                    index += 2
                }
                receiver.events.onStart(Self.local(String(cString: name)), values)
            },
            { data, name in
                guard let receiver = Receiver.of(data), let name else { return }
                receiver.events.onEnd(Self.local(String(cString: name)))
            })
        XML_SetCharacterDataHandler(parser) { data, text, count in
            guard let receiver = Receiver.of(data), let text else { return }
            let bytes = UnsafeRawBufferPointer(start: text, count: Int(count))
            receiver.events.onText(String(decoding: bytes, as: UTF8.self))
        }
        guard let length = Int32(exactly: bytes.count) else { return "too large" }
        let status = bytes.withUnsafeBytes { source in
            XML_Parse(parser, source.baseAddress?.assumingMemoryBound(to: CChar.self), length, 1)
        }
        return withExtendedLifetime(receiver) {
            guard status != XML_STATUS_OK else { return nil }
            let reason = XML_ErrorString(XML_GetErrorCode(parser)).map { String(cString: $0) } ?? "unknown"
            return "\(reason), line \(XML_GetCurrentLineNumber(parser))"
        }
    }

    private static func local(_ name: String) -> String {
        name.split(separator: ":").last.map(String.init) ?? name
    }

    /// What expat's callbacks get back.
    private final class Receiver {
        let events: XMLEvents

        init(events: XMLEvents) { self.events = events }

        static func of(_ data: UnsafeMutableRawPointer?) -> Receiver? {
            data.map { Unmanaged<Receiver>.fromOpaque($0).takeUnretainedValue() }
        }
    }
}
