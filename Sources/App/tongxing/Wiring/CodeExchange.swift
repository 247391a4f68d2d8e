import Console
import Dispatch
import Notices

/// The identity provider's token endpoint through libcurl, on a thread of its own.
final class CodeExchange: CodeExchanging {
    private let queue = DispatchQueue(label: "tongxing.sign-in")

    func post(form: [(name: String, value: String)], to url: String) async throws -> (status: Int, body: [UInt8]) {
        let body = Array(SignIn.form(form).utf8)
        let answer = await withCheckedContinuation {
            (continuation: CheckedContinuation<(status: Int, body: [UInt8])?, Never>) in
            self.queue.async { continuation.resume(returning: FormPost.send(body, to: url)) }
        }
        guard let answer else { throw SignIn.Refusal(description: "the token endpoint cannot be reached") }
        return answer
    }
}
