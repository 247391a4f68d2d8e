/// Checks of China's national identifiers. They warn a person who types registers; they never refuse a row, because
/// registers hold old, foreign and provisional identifiers too.
package enum NationalFormats {
    /// A number plate by GA 36: province character, city letter, and the serial of an ordinary, special or
    /// new-energy vehicle. `nil` when it is well formed as it stands (see `normalisedPlate`).
    package static func plate(_ text: String) -> Remark? {
        let letters = Array(text)
        guard let province = letters.first, Self.provinces.contains(province), letters.count >= 2,
            Self.isPlateLetter(letters[1]), Self.isSerial(letters[2...])
        else {
            return Remark(
                zh: "车牌号不符合 GA 36 的格式", en: "the plate does not have the form that GA 36 gives")
        }
        return nil
    }

    /// The plate as GA 36 writes it: full-width forms made half-width, letters upper-case, the dot (·), hyphens
    /// and spaces left out. Text that is no plate even then is given back as it came.
    package static func normalisedPlate(_ text: String) -> String {
        let kept = text.unicodeScalars.compactMap { scalar -> Character? in
            switch scalar {
            case "·", "•", "・", "･", "‧", ".", " ", "\t", "\u{A0}", "\u{3000}": nil
            case "-", "－", "\u{2010}"..."\u{2015}", "\u{2212}": nil
            case "\u{FF01}"..."\u{FF5E}": Unicode.Scalar(scalar.value - 0xFEE0).map { Character($0) }
            default: Character(scalar)
            }
        }
        let plate = String(kept).uppercased()
        return Self.plate(plate) == nil ? plate : text
    }

    /// A unified social credit code by GB 32100-2015: 18 characters, the last one a check character
    /// `(31 − Σ cᵢ·3ⁱ⁻¹ mod 31) mod 31`; without the outer mod every sum that 31 divides would be refused.
    package static func creditCode(_ text: String) -> Remark? {
        let values = text.utf8.compactMap { Self.creditAlphabet.firstIndex(of: $0) }
        guard values.count == 18, text.utf8.count == 18 else {
            return Remark(
                zh: "统一社会信用代码应为 18 位（0-9 与除 I、O、S、V、Z 外的大写字母）",
                en: "a unified social credit code has 18 characters (0-9 and capitals other than I, O, S, V, Z)")
        }
        var weight = 1
        var sum = 0
        for value in values.prefix(17) {
            sum += value * weight
            weight = weight * 3 % 31
        }
        guard values[17] == (31 - sum % 31) % 31 else {
            return Remark(
                zh: "统一社会信用代码的校验位不符（GB 32100）",
                en: "the unified social credit code fails its check character (GB 32100)")
        }
        return nil
    }

    /// A vehicle identification number by GB 16735: 17 characters without I, O and Q, the ninth one a check digit.
    package static func vin(_ text: String) -> Remark? {
        let letters = Array(text.utf8)
        let values = letters.compactMap(Self.vinValue)
        guard letters.count == 17, values.count == 17 else {
            return Remark(
                zh: "车辆识别代号应为 17 位，不含 I、O、Q",
                en: "a vehicle identification number has 17 characters without I, O and Q")
        }
        let sum = zip(values, Self.vinWeights).reduce(0) { $0 + $1.0 * $1.1 }
        let check = sum % 11 == 10 ? UInt8(ascii: "X") : UInt8(ascii: "0") + UInt8(sum % 11)
        guard letters[8] == check else {
            return Remark(
                zh: "车辆识别代号的校验位不符（GB 16735）",
                en: "the vehicle identification number fails its check digit (GB 16735)")
        }
        return nil
    }

    /// A code of an administrative division by GB/T 2260: six digits that begin with a province's code. Functional
    /// zones (市本级, 嘉兴港区) have none; that is worth a warning and no more.
    package static func districtCode(_ text: String) -> Remark? {
        let digits = text.utf8.map { Int($0) - 0x30 }
        guard digits.count == 6, digits.allSatisfy({ (0...9).contains($0) }),
            Self.provinceCodes.contains(digits[0] * 10 + digits[1]),
            // A province as a whole ends in 0000; nothing else has 00 for its city.
            digits[2] + digits[3] != 0 || digits[4] + digits[5] == 0
        else {
            return Remark(
                zh: "区划代码不是 GB/T 2260 的六位代码",
                en: "the district is not a six-digit code of GB/T 2260")
        }
        return nil
    }
}

extension NationalFormats {
    private static let provinces = Set("京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼")
    private static let specialEndings = Set("挂学警港澳")
    private static let creditAlphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY".utf8)
    private static let vinWeights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
    private static let provinceCodes: Set<Int> = [
        11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54,
        61, 62, 63, 64, 65, 71, 81, 82,
    ]

    /// What follows the province and the city: five characters, the last one perhaps 挂学警港澳, or six of a
    /// new-energy vehicle (large: five digits and A–H, J, K; small: such a letter first, then four digits).
    private static func isSerial(_ serial: ArraySlice<Character>) -> Bool {
        guard let first = serial.first, let last = serial.last else { return false }
        switch serial.count {
        case 5:
            return serial.dropLast().allSatisfy(Self.isPlateCharacter)
                && (Self.isPlateCharacter(last) || Self.specialEndings.contains(last))
        case 6:
            let isLarge = serial.dropLast().allSatisfy(Self.isDigit) && Self.isEnergyLetter(last)
            let isSmall =
                Self.isEnergyLetter(first) && serial.dropFirst().first.map(Self.isPlateCharacter) == true
                && serial.dropFirst(2).allSatisfy(Self.isDigit)
            return isLarge || isSmall
        default:
            return false
        }
    }

    /// The question for ASCII comes first: a digit with a combining accent lies between two digits too.
    private static func isDigit(_ character: Character) -> Bool {
        character.isASCII && ("0"..."9").contains(character)
    }

    /// A–Z without I and O, which look like 1 and 0.
    private static func isPlateLetter(_ character: Character) -> Bool {
        character.isASCII && ("A"..."Z").contains(character) && character != "I" && character != "O"
    }

    private static func isPlateCharacter(_ character: Character) -> Bool {
        Self.isDigit(character) || Self.isPlateLetter(character)
    }

    private static func isEnergyLetter(_ character: Character) -> Bool {
        Self.isPlateLetter(character) && character <= "K"
    }

    /// The number that a character of a VIN stands for: A1…H8, J1…N5, P7, R9, S2…Z9, a digit for itself.
    private static func vinValue(_ character: UInt8) -> Int? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(character - UInt8(ascii: "0"))
        case UInt8(ascii: "A")...UInt8(ascii: "H"): Int(character - UInt8(ascii: "A")) + 1
        case UInt8(ascii: "J")...UInt8(ascii: "N"): Int(character - UInt8(ascii: "J")) + 1
        case UInt8(ascii: "P"): 7
        case UInt8(ascii: "R"): 9
        case UInt8(ascii: "S")...UInt8(ascii: "Z"): Int(character - UInt8(ascii: "S")) + 2
        default: nil
        }
    }
}
