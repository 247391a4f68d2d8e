/// The names of the files in a package.
enum PackageLayout {
    static let manifest = "MANIFEST.sha256"
    static let signature = "MANIFEST.sig"
    static let publicKey = "public-key.pem"
    static let readme = "README.txt"
    static let head = "package.json"
    static let messages = "raw/messages.csv"
    static let batches = "raw/batches.csv"
    static let lanes = "raw/lanes.csv"
    static let decoding = "raw/decoding.json"
    static let positions = "decoded/positions.csv"
    static let cameras = "decoded/cameras.csv"
    static let alarms = "decoded/alarms.csv"
    static let refusals = "decoded/refusals.csv"
    static let trailCSV = "trail/trail.csv"
    static let trailGeoJSON = "trail/trail.geojson"
    static let trailGPX = "trail/trail.gpx"
    static let judgement = "analysis/judgement.json"
    static let earlier = "analysis/earlier.json"
    static let successors = "analysis/successors.json"
    static let suspects = "analysis/suspected_plants.json"
    static let parameters = "analysis/parameters.csv"
    static let map = "pictures/map.svg"
    static let timeline = "pictures/timeline.svg"
    static let report = "report.html"
    static let printed = "report.pdf"

    static func batch(_ key: BatchKey) -> String { "raw/batches/\(key.lane)-\(key.number).zst" }
    static func register(_ name: String) -> String { "registers/\(name).csv" }
}
