import Glibc
import Registers

/// The bytes of a text file, made sure to be UTF-8 without a byte order mark.
///
/// Valid UTF-8 is taken as UTF-8; anything else as GB 18030, strictly. Some GB text happens to be valid UTF-8 — two
/// characters such as 联通 in an old editor — but a whole register practically never is.
package struct SourceText: Hashable, Sendable {
    /// How a file was written.
    package enum Encoding: String, Sendable, Codable {
        case utf8 = "UTF-8"
        case gb18030 = "GB 18030"
    }

    /// Valid UTF-8.
    package var bytes: [UInt8]
    /// How the file was written.
    package var encoding: Encoding

    /// Throws `unknownEncoding`, with the byte and the line where reading broke off, or `noConverter`.
    package init(decoding source: [UInt8]) throws(ExchangeError) {
        let hasMark = source.starts(with: Self.utf8Mark)
        let body = hasMark ? Array(source.dropFirst(Self.utf8Mark.count)) : source
        guard let broken = Self.firstInvalidByte(ofUTF8: body) else {
            self.bytes = body
            self.encoding = .utf8
            return
        }
        let offset = broken + source.count - body.count
        if hasMark || Self.isMostlyUTF8(source) {
            throw Self.failure(
                in: source, at: offset,
                Remark(zh: "文件是 UTF-8，但此处的字节已损坏", en: "the file is UTF-8, but broken here"))
        }
        self.bytes = try Self.decodeGB18030(source, utf8Offset: offset)
        if self.bytes.starts(with: Self.utf8Mark) { self.bytes.removeFirst(Self.utf8Mark.count) }
        self.encoding = .gb18030
    }
}

extension SourceText {
    private static let utf8Mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private static func firstInvalidByte(ofUTF8 bytes: [UInt8]) -> Int? {
        do {
            _ = try UTF8Span(validating: bytes.span)
            return nil
        } catch {
            return error.byteOffsets.lowerBound
        }
    }

    /// Whether the file is UTF-8 with a few broken bytes rather than GB 18030: read as GB 18030 it would give wrong
    /// characters without a word. Chinese in UTF-8 is a run of three-byte sequences, which GB text hardly ever forms.
    private static func isMostlyUTF8(_ bytes: [UInt8]) -> Bool {
        var sequences = 0
        var strays = 0
        var index = 0
        while index < bytes.count {
            let isSequence =
                index + 2 < bytes.count && bytes[index] & 0xF0 == 0xE0 && bytes[index + 1] & 0xC0 == 0x80
                && bytes[index + 2] & 0xC0 == 0x80
            sequences += isSequence ? 1 : 0
            strays += !isSequence && bytes[index] >= 0x80 ? 1 : 0
            index += isSequence ? 3 : 1
        }
        return sequences >= 8 && sequences >= 4 * strays
    }

    /// Strict: the first byte sequence that GB 18030 does not define ends it.
    private static func decodeGB18030(_ source: [UInt8], utf8Offset: Int) throws(ExchangeError) -> [UInt8] {
        let converter = iconv_open("UTF-8", "GB18030")
        // iconv_open returns (iconv_t)-1, not a null pointer, when it fails.
        guard let converter, Int(bitPattern: converter) != -1 else {
            throw ExchangeError(
                .noConverter,
                Remark(
                    zh: "文件不是 UTF-8，而本机没有 GB18030 转换器（glibc 的 gconv 模块），请另存为 UTF-8",
                    en: "the file is not UTF-8 and this machine has no GB18030 converter (glibc's gconv modules); "
                        + "save it as UTF-8"))
        }
        defer { iconv_close(converter) }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(source.count + source.count / 2)
        var input = source
        let consumed = input.withUnsafeMutableBytes { buffer in
            Self.convert(buffer, with: converter, into: &decoded)
        }
        guard consumed == source.count else {
            let mark = source.starts(with: [0xFF, 0xFE]) || source.starts(with: [0xFE, 0xFF])
            throw Self.failure(
                in: source, at: consumed,
                mark
                    ? Remark(
                        zh: "文件是 UTF-16，请另存为 UTF-8 或 GB 18030 的 CSV",
                        en: "the file is UTF-16; save it as CSV in UTF-8 or GB 18030")
                    : Remark(
                        zh: "既不是 UTF-8（第 \(utf8Offset) 字节处不符），也不是 GB 18030",
                        en: "neither UTF-8 (it breaks off at byte \(utf8Offset)) nor GB 18030"))
        }
        return decoded
    }

    /// Appends what could be converted and returns how many bytes of the source that was.
    private static func convert(
        _ source: UnsafeMutableRawBufferPointer, with converter: iconv_t, into decoded: inout [UInt8]
    ) -> Int {
        var input = source.baseAddress?.assumingMemoryBound(to: CChar.self)
        var inputLeft = source.count
        var chunk = [CChar](repeating: 0, count: 65536)
        while inputLeft > 0 {
            let before = inputLeft
            let (written, isDone) = chunk.withUnsafeMutableBufferPointer { buffer in
                var output = buffer.baseAddress
                var outputLeft = buffer.count
                let result = iconv(converter, &input, &inputLeft, &output, &outputLeft)
                // E2BIG: the chunk is full and the rest is still to come. Anything else ends the conversion.
                return (buffer.count - outputLeft, result != -1 || errno != E2BIG)
            }
            decoded.append(contentsOf: chunk[..<written].lazy.map { UInt8(bitPattern: $0) })
            if isDone || inputLeft == before { break }
        }
        return source.count - inputLeft
    }

    private static func failure(in source: [UInt8], at offset: Int, _ cause: Remark) -> ExchangeError {
        // 0x0A and 0x0D are never part of a longer character, neither in UTF-8 nor in GB 18030.
        let line =
            1
            + source.indices.prefix(offset).count { index in
                source[index] == UInt8(ascii: "\n")
                    || source[index] == UInt8(ascii: "\r") && source[index...].dropFirst().first != UInt8(ascii: "\n")
            }
        return ExchangeError(
            .unknownEncoding,
            Remark(
                zh: "第 \(offset) 字节（从 0 起）：\(cause.zh)",
                en: "byte \(offset) (counted from 0): \(cause.en)"),
            line: line, offset: offset)
    }
}
