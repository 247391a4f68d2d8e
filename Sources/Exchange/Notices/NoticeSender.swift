import CCurl

/// Owns one libcurl handle: sends a webhook or a mail and waits for the answer. It blocks, so it belongs to a thread.
package struct NoticeSender: ~Copyable {
    /// What became of a try.
    package enum Outcome: Hashable, Sendable {
        case accepted
        /// Why not, in the receiver's or the network's words.
        case failed(String)
    }

    /// Freed at the end of this value's life; one transfer at a time goes by it.
    private let handle: UnsafeMutableRawPointer

    /// curl_global_init is to be called once; a static is.
    static let isReady: Bool = tongxing_start() == CURLE_OK

    /// `nil` when libcurl cannot start.
    package init?() {
        guard Self.isReady, let handle = curl_easy_init() else { return nil }
        self.handle = handle
    }

    deinit { curl_easy_cleanup(self.handle) }

    /// POSTs JSON; whatever is answered with 2xx has been taken. A redirect is a refusal.
    package borrowing func post(_ body: [UInt8], to url: String, headers: [(name: String, value: String)]) -> Outcome {
        let handle = self.handle
        Self.prepare(handle, url, protocols: "https,http")
        var list: UnsafeMutablePointer<curl_slist>?
        // curl_slist_append copies the text and returns the list's head.
        for header in ["Content-Type: application/json", "Expect:"] + headers.map({ "\($0.name): \($0.value)" }) {
            list = curl_slist_append(list, header) ?? list
        }
        defer { curl_slist_free_all(list) }
        _ = tongxing_set_list(handle, CURLOPT_HTTPHEADER, list)
        _ = tongxing_set_number(handle, CURLOPT_POST, 1)
        _ = tongxing_set_number(handle, CURLOPT_POSTFIELDSIZE, body.count)
        let outcome = body.withUnsafeBytes { bytes in
            // Not copied: it stays until `perform` has returned.
            _ = tongxing_set_text(handle, CURLOPT_POSTFIELDS, bytes.bindMemory(to: CChar.self).baseAddress)
            return Self.perform(handle)
        }
        guard outcome == .accepted else { return outcome }
        let status = tongxing_response_code(handle)
        return (200..<300).contains(status) ? .accepted : .failed("HTTP \(status)")
    }

    /// Gives a mail to the relay (`smtp://` with STARTTLS, `smtps://`); on the loopback TLS is not insisted on.
    package borrowing func mail(_ message: MailMessage, by relay: String) -> Outcome {
        let handle = self.handle
        Self.prepare(handle, relay, protocols: "smtp,smtps")
        let recipients = curl_slist_append(nil, "<\(message.to)>")
        defer { curl_slist_free_all(recipients) }
        let level = WebhookAddress.isLoopback(WebhookAddress.host(of: relay)) ? CURLUSESSL_TRY : CURLUSESSL_ALL
        _ = tongxing_set_number(handle, CURLOPT_USE_SSL, Int(level.rawValue))
        _ = tongxing_set_text(handle, CURLOPT_MAIL_FROM, "<\(message.from)>")
        _ = tongxing_set_list(handle, CURLOPT_MAIL_RCPT, recipients)
        return message.bytes.withUnsafeBytes { bytes in
            var source = tongxing_bytes(next: bytes.bindMemory(to: CChar.self).baseAddress, left: bytes.count)
            return withUnsafeMutablePointer(to: &source) { source in
                _ = tongxing_send(handle, source)
                return Self.perform(handle)
            }
        }
    }

    private static func prepare(_ handle: UnsafeMutableRawPointer, _ url: String, protocols: String) {
        curl_easy_reset(handle)
        // libcurl copies texts that are set.
        _ = tongxing_set_text(handle, CURLOPT_URL, url)
        _ = tongxing_set_text(handle, CURLOPT_PROTOCOLS_STR, protocols)
        _ = tongxing_set_text(handle, CURLOPT_USERAGENT, "tongxing")
        _ = tongxing_set_number(handle, CURLOPT_FOLLOWLOCATION, 0)
        _ = tongxing_set_number(handle, CURLOPT_NOSIGNAL, 1)
        _ = tongxing_set_number(handle, CURLOPT_CONNECTTIMEOUT, 10)
        _ = tongxing_set_number(handle, CURLOPT_TIMEOUT, 20)
        _ = tongxing_discard_answer(handle)
    }

    private static func perform(_ handle: UnsafeMutableRawPointer) -> Outcome {
        let code = curl_easy_perform(handle)
        guard code != CURLE_OK else { return .accepted }
        // A constant text of libcurl's.
        let said = String(cString: curl_easy_strerror(code))
        let status = tongxing_response_code(handle)
        return .failed(status > 0 ? "\(said) (\(status))" : said)
    }
}
