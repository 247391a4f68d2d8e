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

/// A room of the house: `Sources/<folder>/<name>`. Its dependencies are the arrows of `Sources/README.md`.
func room(
    _ name: String, in folder: String, imports dependencies: [Target.Dependency] = [], resources: [Resource] = []
) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Sources/\(folder)/\(name)", exclude: [], resources: resources,
        swiftSettings: strict)
}

/// A room's tests: `Tests/<name>Tests`. `TestSupport` starts real servers, so only those who need them import it.
func tests(_ name: String, imports dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: "\(name)Tests", dependencies: dependencies, path: "Tests/\(name)Tests", swiftSettings: strict)
}

/// One C library of Debian: a module map and a shim, no Swift.
func library(_ name: String, pkgConfig: String, apt: String) -> Target {
    .systemLibrary(name: name, path: "Sources/C/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let coreMetrics: Target.Dependency = .product(name: "CoreMetrics", package: "swift-metrics")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTesting: Target.Dependency = .product(name: "HummingbirdTesting", package: "hummingbird")
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
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        library("CMosquitto", pkgConfig: "libmosquitto", apt: "libmosquitto-dev"),
        library("CPostgres", pkgConfig: "libpq", apt: "libpq-dev"),
        library("CZstd", pkgConfig: "libzstd", apt: "libzstd-dev"),

        room("Chronology", in: "Model"),
        room("Geodesy", in: "Model"),
        room("Telemetry", in: "Model", imports: ["Chronology", "Geodesy"]),
        room("Registers", in: "Model", imports: ["Chronology", "Geodesy"]),

        room("MQTTClient", in: "Ingestion", imports: ["CMosquitto"]),
        room("IngestionPipeline", in: "Ingestion", imports: model + ["CZstd", crypto, logging, metrics]),

        room("Tracks", in: "Analysis", imports: model),
        room("Deliveries", in: "Analysis", imports: model + ["Tracks"]),
        room("Suspicions", in: "Analysis", imports: model + ["Tracks", "Deliveries"]),

        room("PostgresClient", in: "Storage", imports: ["CPostgres"]),
        room(
            "FleetStore", in: "Storage",
            imports: model + ["PostgresClient", "Tracks", "Deliveries", "Suspicions", logging],
            resources: [.embedInCode("Migrations")]),

        room("Exchange", in: "Exchange", imports: model + ["Deliveries", "Suspicions"]),
        room(
            "Console", in: "Web",
            imports: model + ["Deliveries", "Suspicions", "Exchange", hummingbird, lifecycle, crypto, logging],
            resources: [.embedInCode("Pages")]),
        room("CitySimulator", in: "Simulation", imports: model + ["Deliveries", "Suspicions"]),

        room("Supervision", in: "App"),
        room("LocalServers", in: "App", imports: ["Supervision"]),
        .executableTarget(
            name: "tongxing",
            dependencies: model + [
                "MQTTClient", "IngestionPipeline", "Tracks", "Deliveries", "Suspicions", "PostgresClient", "FleetStore",
                "Exchange", "Console", "CitySimulator", "LocalServers", "Supervision", logging, metrics, coreMetrics,
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
                "MQTTClient", "IngestionPipeline", "Tracks", "Deliveries", "Suspicions", "PostgresClient",
                "CitySimulator",
                "LocalServers", "Supervision", crypto,
            ],
            path: "Benchmarks/Suite",
            swiftSettings: strict),

        .target(
            name: "TestSupport", dependencies: ["LocalServers", "Supervision"], path: "Tests/TestSupport",
            swiftSettings: strict),
        tests("Chronology", imports: ["Chronology"]),
        tests("Geodesy", imports: ["Geodesy", "TestSupport"]),
        tests("Telemetry", imports: ["Telemetry", "Chronology", "Geodesy", "TestSupport"]),
        tests("Registers", imports: ["Registers", "Chronology", "Geodesy"]),
        tests("MQTTClient", imports: ["MQTTClient", "TestSupport"]),
        tests("IngestionPipeline", imports: model + ["IngestionPipeline"]),
        tests("Tracks", imports: model + ["Tracks"]),
        tests("Deliveries", imports: model + ["Tracks", "Deliveries", "TestSupport"]),
        tests("Suspicions", imports: model + ["Tracks", "Deliveries", "Suspicions"]),
        tests("PostgresClient", imports: ["PostgresClient", "TestSupport"]),
        tests(
            "FleetStore", imports: model + ["FleetStore", "PostgresClient", "Deliveries", "Suspicions", "TestSupport"]),
        tests("Exchange", imports: model + ["Exchange", "Deliveries", "Suspicions"]),
        tests(
            "Console",
            imports: model + ["Console", "Deliveries", "Suspicions", hummingbird, hummingbirdTesting, logging]),
        tests("CitySimulator", imports: model + ["CitySimulator", "Deliveries", "Suspicions"]),
        tests("Supervision", imports: ["Supervision", "TestSupport"]),
        tests("LocalServers", imports: ["LocalServers", "Supervision", "TestSupport"]),
        tests("EndToEnd", imports: model + ["TestSupport", "LocalServers", "Supervision", "PostgresClient"]),
        tests("Deploy", imports: ["TestSupport", "LocalServers"]),
        tests("Tidy", imports: ["TestSupport"]),
    ]
)
