import Exchange
import Foundation
import Glibc
import RepeatableRandom
import Testing

/// What the system's own gzip makes of ours.
struct GzipTests {
    /// Unpacked by Debian's gzip, which is on every machine; `nil` where it refuses.
    private static func unpacked(_ bytes: [UInt8]) async throws -> [UInt8]? {
        let file = FileManager.default.temporaryDirectory.appending(path: "gzip-\(UUID().uuidString).gz")
        try Data(bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        // Not by Foundation's Process, which the sanitizers see leak.
        return await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(returning: Self.output(of: "/bin/gzip -dc '\(file.path)' 2>/dev/null"))
            }
        }
    }

    /// What a command of the shell prints; `nil` where it ends with an error.
    private static func output(of command: String) -> [UInt8]? {
        guard let stream = popen(command, "r") else { return nil }
        var (output, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 65_536))
        while true {
            let count = fread(&buffer, 1, buffer.count, stream)
            guard count > 0 else { break }
            output += buffer[..<count]
        }
        return pclose(stream) == 0 ? output : nil
    }

    /// Around the sizes of the buffers between, of chance and of one byte over and over.
    @Test(arguments: [0, 1, 1023, 65_535, 65_536, 65_537, 1_000_000], [1, 9])
    func whatIsPackedIsUnpackedAsItWas(length: Int, level: Int) async throws {
        var generator = SplitMix64(seed: UInt64(length))
        for isChance in [true, false] {
            let bytes = (0..<length).map { _ in isChance ? UInt8.random(in: .min ... .max, using: &generator) : 7 }
            let packed = try #require(Gzip.compress(bytes, level: level))
            #expect(try await Self.unpacked(packed) == bytes)
            #expect(isChance || packed.count <= length / 100 + 64)
            // No time is in it: the same file has the same bytes at every start of the service.
            #expect(Gzip.compress(bytes, level: level) == packed && Array(packed[4..<8]) == [0, 0, 0, 0])
        }
    }
}
