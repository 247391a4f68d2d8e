/// JT/T 808 frames. Bytes of chance hardly ever have the right length and checksum, so that the first byte chooses
/// between the bytes as they stand and a good frame of one kind around them.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Fuzz.bytes(start, count)
    let body = bytes.dropFirst().prefix(1023)
    switch bytes.first {
    case UInt8(ascii: "l"): Fuzz.decode(topic: "jt808/13700000001/raw", frame(0x00, body, is2019: true))
    case UInt8(ascii: "m"): Fuzz.decode(topic: "jt808/13700000001/raw", frame(0x00, body, is2019: false))
    case UInt8(ascii: "a"): Fuzz.decode(topic: "jt808/13700000001/raw", frame(0x01, body, is2019: true))
    case UInt8(ascii: "b"): Fuzz.decode(topic: "jt808/13700000001/raw", frame(0x04, body, is2019: false))
    default: Fuzz.decode(topic: "jt808/13700000001/raw", bytes)
    }
    return 0
}

/// Message 0x0200, 0x0201 or 0x0704 with this body.
private func frame(_ kind: UInt8, _ body: ArraySlice<UInt8>, is2019: Bool) -> [UInt8] {
    var inner: [UInt8] = [kind == 0x04 ? 0x07 : 0x02, kind]
    inner += [UInt8(body.count >> 8) | (is2019 ? 0x40 : 0), UInt8(body.count & 0xFF)]
    inner += is2019 ? [1, 0, 0, 0, 0] : [0x01]
    inner += (is2019 ? [0x01] : []) + [0x37, 0, 0, 0, 0x01, 0, 1] + body
    inner.append(inner.reduce(0, ^))
    var frame: [UInt8] = [0x7E]
    frame.reserveCapacity(inner.count * 2 + 2)
    for byte in inner {
        if byte == 0x7D || byte == 0x7E { frame.append(0x7D) }
        frame.append(byte == 0x7E ? 0x02 : byte == 0x7D ? 0x01 : byte)
    }
    frame.append(0x7E)
    return frame
}
