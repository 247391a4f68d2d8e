import CCurl

/// One POST of a form, and its answer. It blocks, so it belongs to a thread.
package enum FormPost {
    /// Bytes of an answer that are kept; one that is longer is none.
    private static let answerLimit = 65_536

    /// - Returns: `nil` where nobody answered, or too much.
    package static func send(_ body: [UInt8], to url: String) -> (status: Int, body: [UInt8])? {
        guard NoticeSender.isReady, let handle = curl_easy_init() else { return nil }
        defer { curl_easy_cleanup(handle) }
        // libcurl copies texts that are set.
        _ = tongxing_set_text(handle, CURLOPT_URL, url)
        _ = tongxing_set_text(handle, CURLOPT_PROTOCOLS_STR, "https,http")
        _ = tongxing_set_text(handle, CURLOPT_USERAGENT, "tongxing")
        for (option, number) in [
            (CURLOPT_FOLLOWLOCATION, 0), (CURLOPT_NOSIGNAL, 1), (CURLOPT_CONNECTTIMEOUT, 10), (CURLOPT_TIMEOUT, 30),
            (CURLOPT_POST, 1), (CURLOPT_POSTFIELDSIZE, body.count),
        ] {
            _ = tongxing_set_number(handle, option, number)
        }
        let accept = curl_slist_append(nil, "Accept: application/json")
        defer { curl_slist_free_all(accept) }
        _ = tongxing_set_list(handle, CURLOPT_HTTPHEADER, accept)
        var isDone = false
        let answer = [UInt8](unsafeUninitializedCapacity: Self.answerLimit) { buffer, count in
            var room = tongxing_room(
                bytes: UnsafeMutableRawPointer(buffer.baseAddress)?.assumingMemoryBound(to: CChar.self), length: 0,
                capacity: buffer.count)
            withUnsafeMutablePointer(to: &room) { room in
                _ = tongxing_keep_answer(handle, room)
                body.withUnsafeBytes { bytes in
                    // Not copied: it stays until the transfer is over.
                    _ = tongxing_set_text(handle, CURLOPT_POSTFIELDS, bytes.bindMemory(to: CChar.self).baseAddress)
                    isDone = curl_easy_perform(handle) == CURLE_OK
                }
            }
            count = room.length
        }
        return isDone ? (Int(tongxing_response_code(handle)), answer) : nil
    }
}
