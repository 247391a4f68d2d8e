/// Native JSON: the first byte chooses positions or cameras.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Fuzz.bytes(start, count)
    if bytes.first == UInt8(ascii: "c") {
        Fuzz.decode(topic: "fleet/v1/T1/camera", Array(bytes.dropFirst()))
    } else {
        Fuzz.decode(topic: "fleet/v1/T1/position", Array(bytes.dropFirst()))
    }
    return 0
}
