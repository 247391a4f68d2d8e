/// Reads the rings of a POLYGON or MULTIPOLYGON from well-known text.
struct WKTReader {
    private let text: [UInt8]
    private let system: CoordinateSystem
    private var position = 0
    private var cornerCount = 0

    init(text: [UInt8], system: CoordinateSystem) {
        self.text = text
        self.system = system
    }

    mutating func rings() throws(FenceError) -> [[Coordinate]] {
        var word = self.word()
        if word == "SRID" {
            try self.reference()
            word = self.word()
        }
        let isMultiple = word == "MULTIPOLYGON"
        guard isMultiple || word == "POLYGON" else { throw self.syntaxError }
        self.skipSpace()
        guard self.peek() == UInt8(ascii: "(") else {
            throw self.word() == "EMPTY"
                ? FenceError(code: .empty, message: "围栏为空 / The fence is EMPTY") : self.syntaxError
        }
        var rings: [[Coordinate]] = []
        if isMultiple {
            try self.take("(")
            repeat { try self.polygon(into: &rings) } while self.takes(",")
            try self.take(")")
        } else {
            try self.polygon(into: &rings)
        }
        self.skipSpace()
        guard self.position == self.text.count else { throw self.syntaxError }
        return rings
    }

    private mutating func reference() throws(FenceError) {
        try self.take("=")
        self.skipSpace()
        let start = self.position
        while let byte = self.peek(), byte >= 0x30, byte <= 0x39 { self.position += 1 }
        let number = self.text[start..<self.position]
        try self.take(";")
        guard number.elementsEqual("4326".utf8) else {
            throw FenceError(
                code: .reference, message: "只接受 SRID=4326 / Only SRID=4326 is accepted")
        }
    }

    private mutating func polygon(into rings: inout [[Coordinate]]) throws(FenceError) {
        try self.take("(")
        repeat { rings.append(try self.ring(number: rings.count + 1)) } while self.takes(",")
        try self.take(")")
    }

    /// One ring without its closing corner.
    private mutating func ring(number: Int) throws(FenceError) -> [Coordinate] {
        try self.take("(")
        var corners: [Coordinate] = []
        repeat {
            let longitude = try self.number()
            let latitude = try self.number()
            self.cornerCount += 1
            guard self.cornerCount <= Fence.maximumCorners else {
                throw FenceError(
                    code: .tooManyCorners,
                    message: "顶点超过 \(Fence.maximumCorners) 个 / More than \(Fence.maximumCorners) corners")
            }
            guard let corner = self.system.coordinate(latitude: latitude, longitude: longitude) else {
                throw FenceError(
                    code: .outOfRange,
                    message: "第 \(number) 环第 \(corners.count + 1) 点超出范围（应为“经度 纬度”） / "
                        + "Ring \(number), corner \(corners.count + 1) is out of range (longitude comes first)")
            }
            corners.append(corner)
        } while self.takes(",")
        try self.take(")")
        guard corners.count > 1, corners.first == corners.last else {
            throw FenceError(
                code: .unclosed,
                message: "第 \(number) 环未闭合：末点须与首点相同 / Ring \(number) is not closed: its last corner must be its first"
            )
        }
        corners.removeLast()
        guard Set(corners).count >= 3 else {
            throw FenceError(
                code: .tooFewCorners,
                message: "第 \(number) 环不足三个不同顶点 / Ring \(number) has fewer than three distinct corners")
        }
        return corners
    }

    private mutating func number() throws(FenceError) -> Double {
        self.skipSpace()
        let start = self.position
        while let byte = self.peek(), Self.isNumeric(byte) { self.position += 1 }
        // A number ends at white space or punctuation: `1.5x` is neither.
        if let next = self.peek(), !Self.isSpace(next), next != UInt8(ascii: ","), next != UInt8(ascii: ")") {
            throw self.syntaxError
        }
        guard start < self.position,
            let number = Double(String(decoding: self.text[start..<self.position], as: UTF8.self))
        else { throw self.syntaxError }
        return number
    }

    private mutating func word() -> String {
        self.skipSpace()
        var word = ""
        while let byte = self.peek(), case let upper = byte & 0xDF, upper >= 0x41, upper <= 0x5A {
            word.unicodeScalars.append(Unicode.Scalar(upper))
            self.position += 1
        }
        return word
    }

    private mutating func take(_ symbol: Unicode.Scalar) throws(FenceError) {
        guard self.takes(symbol) else { throw self.syntaxError }
    }

    private mutating func takes(_ symbol: Unicode.Scalar) -> Bool {
        self.skipSpace()
        guard self.peek() == UInt8(ascii: symbol) else { return false }
        self.position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = self.peek(), Self.isSpace(byte) { self.position += 1 }
    }

    private func peek() -> UInt8? {
        self.position < self.text.count ? self.text[self.position] : nil
    }

    private var syntaxError: FenceError {
        FenceError(
            code: .syntax,
            message: "第 \(self.position + 1) 个字节处不是有效的 POLYGON 或 MULTIPOLYGON（WKT，经度在前） / "
                + "Not a POLYGON or MULTIPOLYGON in WKT (longitude first) at byte \(self.position + 1)")
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private static func isNumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }
}
