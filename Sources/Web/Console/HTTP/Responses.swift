import Foundation
import HTTPTypes
import Hummingbird

extension Response {
    /// A document that is true only now; `nextPage` is the address of the page that follows (RFC 8288).
    init(json bytes: [UInt8], mediaType: String = "application/json", nextPage: String? = nil) {
        var headers = HTTPFields()
        headers[.contentType] = mediaType
        headers[.cacheControl] = "no-store"
        if let nextPage { headers[.link] = "<\(nextPage)>; rel=\"next\"" }
        self.init(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    init(text: String, mediaType: String = "text/plain; charset=utf-8") {
        self.init(json: Array(text.utf8), mediaType: mediaType)
    }
}

extension HTTPField.Name {
    static let link = Self("Link")!
    static let lastEventID = Self("Last-Event-ID")!
    static let contentSecurityPolicy = Self("Content-Security-Policy")!
    static let contentTypeOptions = Self("X-Content-Type-Options")!
    static let referrerPolicy = Self("Referrer-Policy")!
    static let crossSiteToken = Self("X-CSRF-Token")!
    static let fetchSite = Self("Sec-Fetch-Site")!
    static let frameOptions = Self("X-Frame-Options")!
    static let accelBuffering = Self("X-Accel-Buffering")!
}

extension Query {
    /// This request's address with another cursor.
    func address(after cursor: String) -> String {
        let others = (self.request.uri.query ?? "").split(separator: "&").filter { !$0.hasPrefix("after=") }
        let encoded = cursor.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? cursor
        return self.request.uri.path + "?" + (others.map(String.init) + ["after=" + encoded]).joined(separator: "&")
    }
}
