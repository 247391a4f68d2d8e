// swift-tools-version: 6.2
import PackageDescription

/// The settings of every Swift target. A warning is an error: what is worth a warning is worth mending.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// Tests themselves are compiled quickly; what they test is optimised as users have it (`make test`). Those of the whole
/// product are optimised too: they make its traffic, and what they do meanwhile must not make it wait.
let unoptimised: [SwiftSetting] = [.unsafeFlags(["-Onone"])]

/// A room of the house: `Sources/<folder>/<name>`. Its dependencies are the arrows of `Sources/README.md`.
func room(
    _ name: String, in folder: String, imports dependencies: [Target.Dependency] = [], resources: [Resource] = []
) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Sources/\(folder)/\(name)", exclude: [], resources: resources,
        swiftSettings: strict)
}

/// A room's tests: `Tests/<name>Tests`. `TestSupport` starts real servers, so only those who need them import it.
/// `besides` names what lies there and is not Swift.
func tests(
    _ name: String, imports dependencies: [Target.Dependency], besides others: [String] = [], isOptimised: Bool = false
) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: dependencies, path: "Tests/\(name)Tests", exclude: others,
        swiftSettings: isOptimised ? strict : strict + unoptimised)
}

/// One C library of Debian: a module map and a shim, no Swift.
func library(_ name: String, pkgConfig: String, apt: String) -> Target {
    .systemLibrary(name: name, path: "Sources/C/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

/// A few `extern "C"` functions over a C++ library that is headers only. SwiftPM installs nothing for such a target;
/// `apt` names what `deploy/setup.sh` has to.
func shim(_ name: String, apt: String) -> Target {
    .target(
        name: name, path: "Sources/C/\(name)",
        linkerSettings: [.linkedLibrary("m"), .linkedLibrary("stdc++")])
}

/// A few C functions over libc alone.
func functions(_ name: String) -> Target { .target(name: name, path: "Sources/C/\(name)") }

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let jwt: Target.Dependency = .product(name: "JWTKit", package: "jwt-kit")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let coreMetrics: Target.Dependency = .product(name: "CoreMetrics", package: "swift-metrics")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let model: [Target.Dependency] = ["Chronology", "Geodesy", "Telemetry", "Registers"]

let package = Package(
    name: "tongxing",
    products: [.executable(name: "tongxing", targets: ["tongxing"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(
            url: "https://github.com/apple/swift-configuration", from: "1.4.0",
            traits: []),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        library("CMosquitto", pkgConfig: "libmosquitto", apt: "libmosquitto-dev"),
        shim("CBoostMath", apt: "libboost-math-dev"),
        functions("CSocketBuffer"),
        library("CArchive", pkgConfig: "libarchive", apt: "libarchive-dev"),
        library("CCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),
        library("CExpat", pkgConfig: "expat", apt: "libexpat1-dev"),
        library("CXLSXWriter", pkgConfig: "xlsxwriter", apt: "libxlsxwriter-dev"),
        library("CPostgres", pkgConfig: "libpq", apt: "libpq-dev"),
        library("CZstd", pkgConfig: "libzstd", apt: "libzstd-dev"),

        room("Chronology", in: "Model"),
        room("Geodesy", in: "Model"),
        room("Telemetry", in: "Model", imports: ["Chronology", "Geodesy"]),
        room("Registers", in: "Model", imports: ["Chronology", "Geodesy"]),

        room("MQTTClient", in: "Ingestion", imports: ["CMosquitto", "CSocketBuffer"]),
        room("Seals", in: "Ingestion", imports: ["Chronology", "Telemetry", "CZstd", crypto]),
        room("IngestionPipeline", in: "Ingestion", imports: model + ["Seals", logging, metrics]),

        room("Tracks", in: "Analysis", imports: model),
        room("Deliveries", in: "Analysis", imports: model + ["Tracks"]),
        room("Suspicions", in: "Analysis", imports: model + ["Tracks", "Deliveries"]),
        room("Safety", in: "Analysis", imports: model + ["Tracks", "CBoostMath"]),
        room("Casework", in: "Analysis", imports: model + ["Deliveries", "Suspicions"]),

        room("PostgresClient", in: "Storage", imports: ["CPostgres"]),
        room(
            "FleetStore", in: "Storage",
            imports: model + ["PostgresClient", "Tracks", "Deliveries", "Suspicions", "Safety", "Casework", logging],
            resources: [.embedInCode("Migrations")]),

        room(
            "Exchange", in: "Exchange",
            imports: model + ["Deliveries", "Suspicions", "CArchive", "CExpat", "CXLSXWriter"]),
        room(
            "Evidence", in: "Exchange",
            imports: model + ["Seals", "Tracks", "Deliveries", "Suspicions", "Exchange", crypto]),
        room("Notices", in: "Exchange", imports: ["CCurl", crypto]),
        room(
            "Console", in: "Web",
            imports: model + [
                "Tracks", "Deliveries", "Suspicions", "Safety", "Casework", "Exchange", hummingbird, lifecycle, crypto,
                cryptoExtras, jwt, logging,
            ],
            resources: [.embedInCode("Pages")]),
        room("CitySimulator", in: "Simulation", imports: model + ["Tracks", "Deliveries", "Suspicions"]),

        room("Supervision", in: "App"),
        room("LocalServers", in: "App", imports: ["Supervision"]),
        .executableTarget(
            name: "tongxing",
            dependencies: model + [
                "MQTTClient", "IngestionPipeline", "Seals", "Tracks", "Deliveries", "Suspicions", "Safety",
                "Casework", "PostgresClient", "FleetStore", "Exchange", "Evidence", "Notices", "Console",
                "CitySimulator",
                "LocalServers",
                "Supervision", logging, metrics, coreMetrics,
                lifecycle, signals,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Yams", package: "Yams"),
            ],
            path: "Sources/App/tongxing",
            swiftSettings: strict),

        .executableTarget(
            name: "benchmarks",
            dependencies: model + [
                "MQTTClient", "IngestionPipeline", "Seals", "Tracks", "Deliveries", "Suspicions", "PostgresClient",
                "FleetStore", "Console", "CitySimulator", "LocalServers", "Supervision", crypto,
            ],
            path: "Benchmarks/Suite",
            swiftSettings: strict),

        .target(
            name: "TestSupport", dependencies: ["LocalServers", "Supervision"], path: "Tests/TestSupport",
            swiftSettings: strict),
        .target(name: "RepeatableRandom", path: "Tests/RepeatableRandom", swiftSettings: strict),
        tests("Chronology", imports: ["Chronology", "RepeatableRandom"]),
        tests("Geodesy", imports: ["Geodesy", "RepeatableRandom", "TestSupport"]),
        tests(
            "Telemetry", imports: ["Telemetry", "Chronology", "Geodesy", "RepeatableRandom", "TestSupport"],
            besides: ["Disagreements.md"]),
        tests("Registers", imports: ["Registers", "Chronology", "Geodesy"]),
        tests(
            "MQTTClient", imports: ["CMosquitto", "CSocketBuffer", "MQTTClient", "TestSupport", "LocalServers"]),
        tests("Seals", imports: ["Chronology", "Telemetry", "Seals"]),
        tests("IngestionPipeline", imports: model + ["IngestionPipeline", "RepeatableRandom", "Seals"]),
        tests("Tracks", imports: model + ["Tracks"]),
        tests("Deliveries", imports: model + ["Tracks", "Deliveries", "TestSupport"]),
        tests(
            "Suspicions",
            imports: model + [
                "Tracks", "Deliveries", "RepeatableRandom", "Suspicions", "CitySimulator", "TestSupport",
            ]),
        tests(
            "Safety", imports: model + ["Tracks", "Safety", "CitySimulator", "TestSupport"],
            besides: ["SmallYears.md", "Vectors"]),
        tests("Casework", imports: model + ["Casework"]),
        tests("PostgresClient", imports: ["PostgresClient", "CPostgres", "TestSupport"]),
        tests(
            "FleetStore",
            imports: model + [
                "FleetStore", "IngestionPipeline", "Seals", "PostgresClient", "Tracks", "Deliveries", "Suspicions",
                "Safety", "Casework", "TestSupport",
            ]),
        tests("Exchange", imports: model + ["Exchange", "Deliveries", "RepeatableRandom", "Suspicions"]),
        tests(
            "Evidence",
            imports: model + [
                "Evidence", "Exchange", "RepeatableRandom", "Seals", "Tracks", "Deliveries", "Suspicions",
                "TestSupport",
            ]),
        tests("Notices", imports: ["Notices"]),
        tests(
            "Console",
            imports: model + [
                "Console", "Exchange", "Tracks", "Deliveries", "Suspicions", "Safety", "Casework", hummingbird, nioCore,
                nioEmbedded, httpTypes, logging, jwt,
            ]),
        tests(
            "CitySimulator", imports: model + ["CitySimulator", "Tracks", "Deliveries", "Suspicions", "Safety"]),
        tests("Supervision", imports: ["RepeatableRandom", "Supervision", "TestSupport"]),
        tests("LocalServers", imports: ["LocalServers", "Supervision", "TestSupport"]),
        tests(
            "EndToEnd",
            imports: model + [
                "TestSupport", "LocalServers", "Supervision", "PostgresClient", "FleetStore", "Deliveries",
                "Suspicions", "Casework",
            ],
            besides: ["BreakOut.md", "Scripts"], isOptimised: true),
        tests(
            "Fault",
            imports: [
                "MQTTClient", "PostgresClient", "RepeatableRandom", "TestSupport", "LocalServers", "Supervision",
            ],
            besides: ["table.sh"], isOptimised: true),
        tests("Deploy", imports: ["TestSupport", "LocalServers"]),
        tests("Tidy", imports: ["TestSupport"]),
    ]
)

extension Package {
    /// Leaves only the named targets and what they stand on, so that a sanitizer pass builds the rooms that touch C and
    /// no web server.
    func keep(only names: Set<String>) {
        var kept = Set<String>()
        var open = names
        while let name = open.popFirst() {
            guard kept.insert(name).inserted, let target = self.targets.first(where: { $0.name == name }) else {
                continue
            }
            open.formUnion(target.roomNames)
        }
        self.targets.removeAll { !kept.contains($0.name) }
        self.products.removeAll()
    }
}

extension Package {
    /// Gives each target the rooms on which it stands through others, too. Swift lays out a value with all that lies
    /// in it, so that a target must be compiled again when a room changes that it does not name, and SwiftPM compiles
    /// it again only for those that it is given: what had been built before crashed. `ArrowTests` holds the imports to
    /// the arrows as they are drawn.
    func closeArrows() {
        let rooms = self.targets.filter { !($0.path ?? "").hasPrefix("Sources/C/") }
        let drawn = Dictionary(uniqueKeysWithValues: rooms.map { ($0.name, $0.roomNames) })
        for target in rooms {
            var reached = Set(target.roomNames)
            var open = target.roomNames
            while let name = open.popLast() {
                for next in drawn[name] ?? [] where drawn[next] != nil && reached.insert(next).inserted {
                    target.dependencies.append(.byNameItem(name: next, condition: nil))
                    open.append(next)
                }
            }
        }
    }
}

extension Target {
    /// The targets of this package that it names.
    var roomNames: [String] {
        self.dependencies.compactMap { dependency in
            if case .byNameItem(let name, _) = dependency { name } else { nil }
        }
    }
}

if Context.environment["TONGXING_ARROWS"] != "drawn" { package.closeArrows() }

if let only = Context.environment["TONGXING_ONLY"] {
    package.keep(only: Set(only.split(separator: "|").map(String.init)))
}
