/// The JSON of a JT/T 808 gateway.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    Fuzz.decode(topic: "jt808/client/13700000001/up", Fuzz.bytes(start, count))
    return 0
}
