import Exchange
import Tracks

/// How the console serves. `init` checks the values; the keys are read by the application.
///
/// ## Configuration keys:
/// - `web.host` (text, default `127.0.0.1`): the address to listen on.
/// - `web.port` (0…65535, default 8080; 0 takes a free one).
/// - `web.leafletDirectory` (path, default `/usr/share/javascript/leaflet`): Debian's `libjs-leaflet`.
/// - `web.tileURL` (text, default none): `https://tiles.example/{z}/{x}/{y}.png`; without it the page draws its own
///   data on a plain ground and asks no foreign host for anything.
/// - `web.tileAttribution` (text): shown on the map when tiles are.
/// - `web.tls` (`none`, `proxy`): with `proxy` cookies are `Secure` and browsers are told to come by TLS only.
/// - `web.allowedHosts` (texts, default none): further names by which browsers reach the console (`HostGuard`).
package struct ConsoleConfiguration: Sendable {
    package var host: String
    package var port: Int
    package var leafletDirectory: String
    package var tileURL: String?
    package var tileAttribution: String
    package var allowedHosts: [String]
    /// A proxy before the console speaks TLS.
    package var isBehindTLS = false
    /// Events kept for clients that come back with `Last-Event-ID`; older ones are answered by `reset`.
    package var eventHistoryLimit = 2048
    /// Events waiting for one slow client; one more and all of them give way to a `reset`.
    package var perClientQueueLimit = 256
    /// Streams of events at one time; further clients get 503.
    package var eventClientLimit = 1000
    /// Trucks in one `position` event.
    package var positionsPerEvent = 500
    /// Deliveries taken from the store at one time by the follower.
    package var deliveriesPerRead = 500
    /// Reports in one trail; a longer one says where to go on.
    package var trailPointLimit = 20_000
    /// The console looks into the store at least this often, also when nothing was announced.
    package var pollInterval: Duration = .seconds(5)
    /// Announcements closer together than this are answered by one look.
    package var minimumInterval: Duration = .milliseconds(250)
    /// Silence on a stream of events is broken by a comment after this time, so that a dead connection shows.
    package var heartbeatInterval: Duration = .seconds(15)
    /// What a client waits before it connects again.
    package var retryMilliseconds = 2000
    /// Trails read again for the same viewing within this time are the same look, and noted once.
    package var viewingLimitSeconds: Double = 3600
    /// Viewings remembered at one time; one more and the oldest is forgotten, so that its next look is noted again.
    package var viewingsRemembered = 10_000
    /// For so long the rules believe what a camera said (`driving.cameraHold`): from then on the live map and a time
    /// line show it as `unknown`, and unknown is not ok.
    package var cameraHoldSeconds = AnalysisParameters.standard.driving.cameraHold
    /// A gap between two fixes that a trail does not draw across, as in its files and in evidence.
    package var trailGapSeconds = TrailWriter.longestGapSeconds

    package init(
        host: String = "127.0.0.1", port: Int = 8080,
        leafletDirectory: String = "/usr/share/javascript/leaflet", tileURL: String? = nil,
        tileAttribution: String = "", allowedHosts: [String] = []
    ) {
        self.host = host
        self.port = port
        self.leafletDirectory = leafletDirectory
        self.tileURL = tileURL
        self.tileAttribution = tileAttribution
        self.allowedHosts = allowedHosts
    }
}
