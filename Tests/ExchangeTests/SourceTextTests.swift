import Exchange
import Registers
import Testing

@Suite struct SourceTextTests {
    @Test(
        arguments: [
            ([0xD5, 0xBE, 0xB5, 0xE3], "站点"), ([0xA2, 0xE3], "€"), ([0xFD, 0x9B], "龥"),
            // Four bytes: the supplementary planes, CJK extension A, a ligature, a lorry.
            ([0x95, 0x32, 0x82, 0x36], "𠀀"), ([0x81, 0x39, 0xEE, 0x39], "㐀"),
            ([0x84, 0x30, 0xB2, 0x32, 0xA8, 0xA6], "ﬀé"),
            ([0x95, 0x34, 0xB2, 0x35, 0xD2, 0xB0, 0xBC, 0xD2, 0xA3, 0xAC, 0x95, 0x30, 0x8E, 0x30], "𠮷野家，🚚"),
            ([0x84, 0x31, 0x95, 0x33, 0xB1, 0xE0, 0xBA, 0xC5], "编号"),
        ] as [([UInt8], String)])
    func gb18030IsDecoded(bytes: [UInt8], text: String) throws {
        let decoded = try SourceText(decoding: bytes)
        #expect(String(decoding: decoded.bytes, as: UTF8.self) == text)
        #expect(decoded.encoding == .gb18030)
    }

    @Test func longGB18030IsDecodedAcrossChunks() throws {
        // An odd start, so that characters straddle the converter's chunks.
        let bytes: [UInt8] = [0x61] + (0..<100_000).flatMap { _ in [0xD5, 0xBE, 0x95, 0x32, 0x82, 0x36] as [UInt8] }
        let decoded = try SourceText(decoding: bytes)
        #expect(decoded.bytes == Array(("a" + String(repeating: "站𠀀", count: 100_000)).utf8))
    }

    @Test(arguments: ["", "plant_id,name", "站点，名称", "𠀀", "联通 é ü"])
    func utf8IsTakenAsItIsAndLosesItsMark(text: String) throws {
        for mark in ["", "\u{FEFF}"] {
            let decoded = try SourceText(decoding: Array((mark + text).utf8))
            #expect(decoded.bytes == Array(text.utf8))
            #expect(decoded.encoding == .utf8)
        }
    }

    @Test(
        arguments: [
            // A lone lead byte at the end; a byte that GB 18030 never begins with; an undefined four-byte code.
            (Array("a,b\nc,".utf8) + [0xD5], 6, 2), (Array("a\r\nb\r\n".utf8) + [0xFF, 0x41], 6, 3),
            ([0x61, 0x0D, 0x62, 0x0D, 0x81, 0x30, 0x20], 4, 3), ([0xFE, 0x39, 0xFE, 0x39], 0, 1),
            // UTF-16 with its mark.
            ([0xFF, 0xFE, 0x61, 0x00], 0, 1),
            // The mark says UTF-8, the rest is GB 18030.
            ([0xEF, 0xBB, 0xBF, 0x61, 0x0A, 0xBA, 0xA3], 5, 2),
            // A register in UTF-8 with one byte broken: as GB 18030 it would give other characters without a word.
            (Array("名称\n海宁第一混凝土搅拌站\n".utf8) + [0xE6, 0xB5, 0x2C, 0x0A], 38, 3),
        ] as [([UInt8], Int, Int)])
    func undecodableFilesNameByteAndLine(bytes: [UInt8], offset: Int, line: Int) {
        let error = #expect(throws: ExchangeError.self) { try SourceText(decoding: bytes) }
        #expect(error?.code == .unknownEncoding)
        #expect(error?.offset == offset)
        #expect(error?.line == line)
        #expect(error?.message.en.contains("byte \(offset)") == true)
        #expect(error?.message.zh.contains("第 \(offset) 字节") == true)
        #expect(error?.description.hasPrefix("第 \(line) 行：") == true)
    }
}
