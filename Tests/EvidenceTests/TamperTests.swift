import Deliveries
import RepeatableRandom
import Suspicions
import Testing

@testable import Evidence

/// Whatever is done to a package, the verifier says so.
@Suite struct TamperTests {
    private static let key = EvidenceSigningKey()

    private static func package() async throws -> [PackageFile] {
        try await EvidencePackage.make(Sample.evidence(), signedBy: Self.key).files
    }

    /// The manifest made again and signed by the very key: what an insider could do.
    private static func signedAgain(_ files: [PackageFile]) throws -> [PackageFile] {
        let plain = files.filter { $0.path != PackageLayout.manifest && $0.path != PackageLayout.signature }
        let manifest = Manifest(plain).bytes
        return plain + [
            PackageFile(path: PackageLayout.manifest, bytes: manifest),
            PackageFile(path: PackageLayout.signature, bytes: try Self.key.signature(of: manifest)),
        ]
    }

    private static func finding(_ files: [PackageFile], key: EvidencePublicKey? = nil) -> EvidenceError? {
        do throws(EvidenceError) {
            _ = try EvidenceVerifier.verify(files, key: key)
            return nil
        } catch {
            return error
        }
    }

    @Test func aPackageAsItWasMadeHolds() async throws {
        let files = try await Self.package()
        let found = try EvidenceVerifier.verify(files, key: Self.key.publicKey)
        #expect(found.deliveryID == Sample.delivery.delivery.deliveryID)
        #expect(found.batches == 43)
        #expect(found.messages == 44)
        #expect(found.positions == 42)
        #expect(found.fingerprint == Self.key.publicKey.fingerprint)
        #expect(Self.finding(files) == nil)
        #expect(Self.finding(files, key: EvidenceSigningKey().publicKey)?.code == .badSignature)
    }

    /// In every file, at its ends and at random places, one bit.
    @Test(arguments: 0..<4 as Range<UInt64>)
    func everyFlippedBitIsFound(seed: UInt64) async throws {
        let files = try await Self.package()
        var generator = SplitMix64(seed: seed)
        for (index, file) in files.enumerated() {
            #expect(!file.bytes.isEmpty, "\(file.path)")
            let last = file.bytes.count - 1
            for offset in [0, last] + (0..<4).map({ _ in Int.random(in: 0...last, using: &generator) }) {
                var changed = files
                changed[index].bytes[offset] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                let found = Self.finding(changed)
                #expect(found != nil, "seed \(seed): byte \(offset) of \(file.path)")
                let isSigned = [PackageLayout.manifest, PackageLayout.signature, PackageLayout.publicKey]
                    .contains(file.path)
                if !isSigned { #expect(found?.place == file.path, "seed \(seed)") }
                #expect(Self.finding(changed, key: Self.key.publicKey) != nil, "seed \(seed): \(file.path)")
            }
        }
    }

    @Test func cutLengthenedRemovedAddedAndRenamedFilesAreFound() async throws {
        let files = try await Self.package()
        for index in files.indices {
            let path = files[index].path
            var cut = files
            cut[index].bytes.removeLast()
            #expect(Self.finding(cut) != nil, "cut \(path)")
            var longer = files
            longer[index].bytes.append(0)
            #expect(Self.finding(longer) != nil, "longer \(path)")
            var removed = files
            removed.remove(at: index)
            #expect(Self.finding(removed)?.code == .otherFiles, "removed \(path)")
            var renamed = files
            renamed[index].path += "x"
            #expect(Self.finding(renamed)?.code == .otherFiles, "renamed \(path)")
        }
        let added = files + [PackageFile(path: "raw/batches/1-99.zst", bytes: [])]
        #expect(Self.finding(added)?.place == "raw/batches/1-99.zst")
        var swapped = files
        let (one, other) = (files.startIndex, files.startIndex + 1)
        (swapped[one].bytes, swapped[other].bytes) = (files[other].bytes, files[one].bytes)
        #expect(Self.finding(swapped)?.code == .changedFile)
    }

    /// What somebody with the key writes and signs has to agree with the sealed originals all the same.
    @Test(arguments: [
        (PackageLayout.positions, EvidenceError.Code.otherContents), (PackageLayout.cameras, .otherContents),
        (PackageLayout.refusals, .otherContents), (PackageLayout.trailCSV, .otherContents),
        (PackageLayout.trailGeoJSON, .otherContents), (PackageLayout.trailGPX, .otherContents),
        (PackageLayout.messages, .otherContents), (PackageLayout.lanes, .brokenChain),
        (PackageLayout.batches, .brokenChain), ("raw/batches/1-2.zst", .brokenChain),
    ])
    func aForgedTableIsFoundUnderAGoodSignature(path: String, code: EvidenceError.Code) async throws {
        let files = try await Self.package()
        let index = try #require(files.firstIndex { $0.path == path })
        // A digit near the end: a coordinate, a hash, a payload.
        let offset = try #require(files[index].bytes.lastIndex { (0x30...0x38).contains($0) })
        var forged = files
        forged[index].bytes[offset] += 1
        if path == PackageLayout.lanes {
            // The end of a lane that holds the last batch.
            let text = String(decoding: files[index].bytes, as: UTF8.self)
            forged[index].bytes = Array(text.replacing(",side,1,", with: ",side,0,").utf8)
        }
        if path == PackageLayout.batches {
            let text = String(decoding: files[index].bytes, as: UTF8.self)
            let line = try #require(text.split(separator: "\n").dropFirst(2).first)
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            forged[index].bytes = Array(
                text.replacing(cells[4], with: String(cells[4].reversed()), maxReplacements: 1).utf8)
        }
        let found = Self.finding(try Self.signedAgain(forged))
        #expect(found?.code == code, "\(String(describing: found))")
    }

    /// A message that was dropped from the table, the tables being made again from what is left, is still seen: the
    /// head says how many there were; and a batch that the lane does not have is no batch.
    @Test func messagesCannotBeAddedWithoutTheirBatch() async throws {
        let files = try await Self.package()
        let index = try #require(files.firstIndex { $0.path == "raw/batches/1-2.zst" })
        var forged = files
        forged[index].bytes = try #require(files.first { $0.path == "raw/batches/1-3.zst" }).bytes
        #expect(Self.finding(try Self.signedAgain(forged))?.code == .brokenChain)
    }
}
