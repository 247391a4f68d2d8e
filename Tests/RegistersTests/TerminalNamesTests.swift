import Registers
import Testing

@Suite struct TerminalNamesTests {
    @Test(
        arguments: [
            ("T-1", "T-1", .exact), ("T-1", "t-1", nil), ("0T1", "T1", nil),
            ("013800138000", "013800138000", .exact), ("013800138000", "13800138000", .withoutLeadingZeros),
            ("00000000013800138000", "013800138000", .withoutLeadingZeros), ("0", "000", .withoutLeadingZeros),
            ("10", "1", nil), ("", "0", nil), ("", "", .exact), ("０1", "1", nil), ("00-1", "0-1", nil),
        ] as [(String, String, TerminalNames.Match?)])
    func namesMatchExactlyAndPhoneNumbersWithoutLeadingZeros(one: String, other: String, match: TerminalNames.Match?) {
        #expect(TerminalNames.match(one, other) == match)
        #expect(TerminalNames.match(other, one) == match)
    }

    @Test(arguments: [("007", "7"), ("000", "0"), ("A007", "A007"), ("", ""), ("7", "7"), ("0_1", "0_1")])
    func leadingZerosOfPhoneNumbersAreStripped(name: String, stripped: String) {
        #expect(TerminalNames.stripped(name) == stripped)
    }
}
