import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Logging

/// The files of the page: our own from inside the binary, Leaflet's from the system's package. All are in memory
/// before the first request, each under one fixed address: no request reaches the file system.
struct Assets: Sendable {
    /// One file with what its headers say.
    struct File: Sendable {
        var bytes: ByteBuffer
        /// The same in gzip, where that is less.
        var packed: ByteBuffer?
        var mediaType: String
        /// From the SHA-256 of the bytes.
        private var mark: String

        init(_ bytes: [UInt8], mediaType: String) {
            self.bytes = ByteBuffer(bytes: bytes)
            self.packed = Compression.packed(bytes, mediaType: mediaType).map { ByteBuffer(bytes: $0) }
            self.mediaType = mediaType
            self.mark = SHA256.hash(data: bytes).prefix(12).map { String(format: "%02x", $0) }.joined()
        }

        /// Quoted; what differs in its bytes has a tag of its own (RFC 9110, 8.8.3.3).
        func tag(isPacked: Bool) -> String { "\"\(self.mark)\(isPacked ? "-gzip" : "")\"" }
    }

    private(set) var files: [String: File] = [:]

    init(configuration: ConsoleConfiguration, tiles: TileSource?, logger: Logger) {
        for (path, bytes) in Self.pages {
            let mediaType = Self.mediaType(of: path)
            self.files[path] = File(
                mediaType.hasPrefix("text/html") ? Self.withPreloads(bytes) : bytes, mediaType: mediaType)
        }
        for (path, shell) in PageShell.all {
            self.files[path] = File(Self.withPreloads(shell.bytes), mediaType: Self.mediaType(of: path))
        }
        self.files["/app/settings.json"] = File(
            JSONWriter.document {
                $0.member("tile_url", tiles?.template)
                $0.member("tile_attribution", tiles == nil ? nil : configuration.tileAttribution)
            }, mediaType: "application/json")
        for name in Self.leafletFiles {
            let path = configuration.leafletDirectory + "/" + name
            guard let data = FileManager.default.contents(atPath: path) else {
                logger.error(
                    "Leaflet is missing, the page has no map: install libjs-leaflet or set web.leafletDirectory",
                    metadata: ["file": "\(path)"])
                continue
            }
            let address = "/leaflet/" + (name == "leaflet.esm.min.js" ? "leaflet.js" : name)
            self.files[address] = File(Array(data), mediaType: Self.mediaType(of: name))
        }
    }

    /// What the page uses of Debian's `libjs-leaflet`.
    private static let leafletFiles = ["leaflet.esm.min.js", "leaflet.css"]

    func install(in table: inout RouteTable) {
        for (path, file) in self.files.sorted(by: { $0.key < $1.key }) {
            table.add(path) { request, _ in file.response(to: request) }
        }
    }

    private static func mediaType(of path: String) -> String {
        switch path.split(separator: ".").last {
        case "js": "text/javascript; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "svg": "image/svg+xml"
        case "yaml": "application/yaml; charset=utf-8"
        default: "text/html; charset=utf-8"
        }
    }
}

extension Assets.File {
    func response(to request: Request) -> Response {
        let packed = Compression.isTaken(by: request) ? self.packed : nil
        let tag = self.tag(isPacked: packed != nil)
        var headers = HTTPFields()
        headers[.contentType] = self.mediaType
        headers[.eTag] = tag
        if self.packed != nil { headers[.vary] = "Accept-Encoding" }
        // Asked for every time and answered by 304: after an update no page runs with half of its files old.
        headers[.cacheControl] = "no-cache"
        if request.headers[.ifNoneMatch] == tag { return Response(status: .notModified, headers: headers) }
        if packed != nil { headers[.contentEncoding] = "gzip" }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: packed ?? self.bytes))
    }
}
