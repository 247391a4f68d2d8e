/// Why a package cannot be made, or the first thing in one that does not hold.
package struct EvidenceError: Error, Hashable, Sendable {
    /// What sort of thing it is.
    package enum Code: String, Sendable {
        /// A file cannot be read or written.
        case unreadable
        /// No Ed25519 key, or one that is damaged.
        case badKey = "bad-key"
        /// The manifest is not signed by this key.
        case badSignature = "bad-signature"
        /// Manifest and folder do not name the same files.
        case otherFiles = "other-files"
        /// A file's bytes are not those of the manifest.
        case changedFile = "changed-file"
        /// A sealed batch does not hold, or does not follow its predecessor.
        case brokenChain = "broken-chain"
        /// A table is not what the raw messages say.
        case otherContents = "other-contents"
        /// There is nothing to prove with: the originals were dropped.
        case noOriginals = "no-originals"
        /// More than a package may hold.
        case tooLarge = "too-large"
    }

    package var code: Code
    /// The file in the package, or the path.
    package var place: String
    package var zh: String
    package var en: String

    package init(_ code: Code, at place: String, zh: String, en: String) {
        self.code = code
        self.place = place
        self.zh = zh
        self.en = en
    }
}

extension EvidenceError: CustomStringConvertible {
    /// One line for a terminal.
    package var description: String { "\(self.place): \(self.zh) / \(self.en)" }
}
