extension [String?] {
    /// Calls `body` with a NULL-terminated array of C strings that live exactly as long as the call.
    func withCStrings<R>(_ body: (UnsafeBufferPointer<UnsafePointer<CChar>?>) -> R) -> R {
        var bytes: [CChar] = []
        let offsets: [Int?] = self.map { string in
            guard let string else { return nil }
            defer { bytes.append(contentsOf: string.utf8CString) }
            return bytes.count
        }
        return bytes.withUnsafeBufferPointer { storage in
            let pointers = offsets.map { offset in offset.flatMap { start in storage.baseAddress.map { $0 + start } } }
            return (pointers + [nil]).withUnsafeBufferPointer(body)
        }
    }
}

extension [PostgresValue] {
    /// Calls `body` with libpq's parallel arrays of values, lengths and formats (0 text, 1 binary).
    func withParameters<R>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<CInt>?, UnsafePointer<CInt>?) -> R
    ) -> R {
        var storage: [UInt8] = []
        var offsets: [Int?] = []
        var lengths: [CInt] = []
        var formats: [CInt] = []
        for value in self {
            switch value {
            case .null:
                offsets.append(nil)
                lengths.append(0)
                formats.append(0)
            case .text(let text):
                offsets.append(storage.count)
                // A NUL would end the text early; PostgreSQL has no NUL in text at all.
                storage.append(contentsOf: text.utf8.contains(0) ? text.replacing("\0", with: "?").utf8 : text.utf8)
                storage.append(0)
                lengths.append(0)
                formats.append(0)
            case .bytes(let bytes):
                offsets.append(storage.count)
                storage.append(contentsOf: bytes)
                storage.append(0)
                lengths.append(CInt(truncatingIfNeeded: bytes.count))
                formats.append(1)
            }
        }
        return storage.withUnsafeBytes { raw in
            let start = raw.baseAddress?.assumingMemoryBound(to: CChar.self)
            let pointers = offsets.map { offset in offset.flatMap { index in start.map { $0 + index } } }
            return pointers.withUnsafeBufferPointer { values in
                lengths.withUnsafeBufferPointer { lengths in
                    formats.withUnsafeBufferPointer { formats in
                        body(values.baseAddress, lengths.baseAddress, formats.baseAddress)
                    }
                }
            }
        }
    }
}
