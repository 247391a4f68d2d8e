import LocalServers
import Testing

@Suite struct LoopbackPortTests {
    @Test func aFreePortIsFreeAndTakesNobodyIn() throws {
        let port = try LoopbackPort.findFree()
        #expect(LoopbackPort.isFree(port))
        #expect(!LoopbackPort.accepts(port))
    }
}
