import Registers
import Testing

@Suite struct NationalFormatsTests {
    @Test(arguments: [
        "浙F12345", "浙F0A12挂", "浙F12345D", "粤BD12345", "浙FA1234", "京A1234警", "粤Z1234港", "苏ED1A234", "鲁U12345K",
    ])
    func wellFormedPlatesPass(plate: String) {
        // 苏ED1A234 has a letter among the four digits of a small new-energy plate.
        #expect((NationalFormats.plate(plate) == nil) == (plate != "苏ED1A234"))
    }

    @Test(arguments: [
        "鲁B1234O", "浙F1234", "浙F123456", "浙I12345", "浙f12345", "", "浙", "浙F", "ZF12345", "浙F12345I", "浙F1234D5",
        "浙F１2345", "浙F·12345", "浙F1234挂警", "浙F12345D6", "浙F1\u{301}2345", "粤BI12345", "粤BL12345",
    ])
    func otherPlatesAreRemarkedOn(plate: String) {
        #expect(NationalFormats.plate(plate) != nil)
    }

    @Test(arguments: [
        ("浙F·12345", "浙F12345"), ("浙f 12345", "浙F12345"), ("浙Ｆ１２３４５", "浙F12345"), ("浙F12345", "浙F12345"),
        ("truck 0862", "truck 0862"), ("浙·F", "浙·F"), ("粤b·d12345", "粤BD12345"), ("", ""),
        ("浙F-12345", "浙F12345"), ("浙F－１２３４５", "浙F12345"), ("浙F–12345", "浙F12345"), ("T-12345", "T-12345"),
    ])
    func platesAreNormalisedOnlyWhenTheyArePlates(written: String, read: String) {
        #expect(NationalFormats.normalisedPlate(written) == read)
    }

    @Test(arguments: [
        "91350100M000100Y43", "91110108551385082Q", "91110000600037341L",
        // The sum leaves remainder 0: the check character is 0, not a 32nd character.
        "91330400MA20000270", "91330400MA20002620",
    ])
    func validCreditCodesPass(code: String) {
        #expect(NationalFormats.creditCode(code) == nil)
    }

    @Test(arguments: [
        "91350100M000100Y4Z", "91350100M000100Y4", "91350100M000100Y433", "91350100m000100y43", "",
        "9135O100M000100Y43", "91350100M000100Y4三", "19350100M000100Y43",
    ])
    func otherCreditCodesAreRemarkedOn(code: String) {
        #expect(NationalFormats.creditCode(code) != nil)
    }

    @Test func everyChangeOfOneCharacterOfACreditCodeIsSeen() {
        let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY")
        let code = Array("91330400MA20000270")
        for index in code.indices {
            for character in alphabet where character != code[index] {
                var changed = code
                changed[index] = character
                #expect(NationalFormats.creditCode(String(changed)) != nil)
            }
        }
    }

    @Test(arguments: ["1M8GDM9AXKP042788", "11111111111111111", "LZZ5BBSJ2KA000001"])
    func validVINsPass(vin: String) {
        #expect(NationalFormats.vin(vin) == nil)
    }

    @Test(arguments: ["LZZ5BBSJ0KA000001", "1M8GDM9AXKP04278", "1M8GDM9AXKP0427881", "1M8GDM9AXKI042788", "", "１"])
    func otherVINsAreRemarkedOn(vin: String) {
        #expect(NationalFormats.vin(vin) != nil)
    }

    @Test(arguments: ["330400", "330402", "330481", "370211", "320576", "440300", "330000"])
    func divisionCodesPass(code: String) {
        #expect(NationalFormats.districtCode(code) == nil)
    }

    @Test(arguments: ["市本级", "33040", "3304020", "990402", "330002", "33040a", "", "３３０４０２"])
    func otherDistrictsAreRemarkedOn(code: String) {
        #expect(NationalFormats.districtCode(code) != nil)
    }
}
