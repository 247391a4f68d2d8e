import Casework
import Suspicions

/// What is said of bodies and decisions that cannot be taken.
extension Problem {
    static func refused(_ refusal: CaseworkRefusal) -> Problem {
        Problem(
            status: 409, type: "does-not-follow", title: "状态不允许 / Not as things stand",
            detail: "\(refusal.zh) / \(refusal.en)", place: "request body",
            remedy: "刷新后按现状处理 / Read it again and go on from how it stands")
    }

    /// Runs `work`; what does not follow is said as a 409.
    static func explained<Result>(_ work: () async throws -> Result) async throws -> Result {
        do {
            return try await work()
        } catch let refusal as CaseworkRefusal {
            throw Problem.refused(refusal)
        } catch let refusal as SuspectDecisionError {
            throw Problem.refused(CaseworkRefusal(zh: refusal.statement.zh, en: refusal.statement.en))
        }
    }

    static func badWord(_ name: String, _ words: [String]) -> Problem {
        let list = words.joined(separator: ", ")
        return .badBody(zh: "\(name) 应为 \(list) 之一", en: "\(name) must be one of \(list)")
    }

    /// One of an enumeration's words; `nil` for none.
    static func word<Word: RawRepresentable & CaseIterable>(
        _ name: String, _ text: String?
    ) throws(Problem) -> Word? where Word.RawValue == String {
        guard let text else { return nil }
        guard let word = Word(rawValue: text) else { throw .badWord(name, Word.allCases.map(\.rawValue)) }
        return word
    }

    /// Neither a control character nor one that turns the direction of what follows: with U+202E a record would be read
    /// as other than it is.
    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7f, 0x61c, 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x2069: false
        default: true
        }
    }

    /// What a person wrote: at most 2,000 characters, line breaks allowed.
    static func note(_ text: String?) throws(Problem) -> String {
        guard let text else { return "" }
        guard text.count <= 2000, text.unicodeScalars.allSatisfy({ Self.isPlain($0) || $0 == "\n" }) else {
            throw .badBody(
                zh: "文字最多 2000 字，不含控制字符和改变文字方向的字符",
                en: "text is at most 2,000 characters without control characters and such as turn its direction")
        }
        return text
    }

    /// An id in a body: 1–200 characters without control characters.
    static func id(_ name: String, _ text: String) throws(Problem) -> String {
        guard (1...200).contains(text.count), text.unicodeScalars.allSatisfy(Self.isPlain) else {
            throw .badBody(zh: "\(name) 应为 1 至 200 个字符", en: "\(name) must be 1 to 200 characters")
        }
        return text
    }
}

extension Query {
    /// One of these words; `nil` when the parameter is missing.
    func word(_ name: String, of words: [String]) throws(Problem) -> String? {
        guard let text = try self.text(name) else { return nil }
        guard words.contains(text) else {
            let list = words.joined(separator: ", ")
            throw .badParameter(name, zh: "应为 \(list) 之一", en: "It must be one of \(list)")
        }
        return text
    }

    /// Who does what is asked for.
    func actor() throws(Problem) -> DeskActor {
        DeskActor(try self.principal(), address: self.address)
    }
}
