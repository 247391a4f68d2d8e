/// Timestamps and coordinates are written by the hundred thousand: digit by digit into bytes takes a tenth of what a
/// dozen small strings cost.
extension [UInt8] {
    /// A whole number with zeros in front of it up to `width` digits.
    package mutating func append(digits number: Int, width: Int = 2) {
        if number < 0 { self.append(UInt8(ascii: "-")) }
        let magnitude = number.magnitude
        var power: UInt = 1
        var places = 1
        while magnitude / power >= 10 || (places < width && power < 1_000_000_000_000) {
            power *= 10
            places += 1
        }
        while power > 0 {
            self.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude / power % 10))
            power /= 10
        }
    }

    /// What stands behind a decimal point: `number` as `places` digits without the zeros at their end, with the point;
    /// nothing for 0.
    package mutating func append(fraction number: Int, places: Int) {
        guard number > 0 else { return }
        var number = number
        var places = places
        while number % 10 == 0 {
            number /= 10
            places -= 1
        }
        self.append(UInt8(ascii: "."))
        self.append(digits: number, width: places)
    }
}
