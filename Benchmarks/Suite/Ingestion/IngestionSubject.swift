import Foundation
import Supervision

/// Who is measured: our service, its peers (`Benchmarks/peers`), and the limits.
enum IngestionSubject: String, CaseIterable {
    /// libmosquitto reading and acknowledging at once: what the broker can give.
    case limit
    case ours
    case prototype1000
    case prototype5000
    case readAhead
    case rawReader
    case jq
    case pahoCopy
    case pahoInsert

    var label: String {
        switch self {
        case .limit: "只读，不入库 reads, stores nothing"
        case .ours: "砼行 Tongxing"
        case .prototype1000: "C 原型 prototype, COPY 1,000"
        case .prototype5000: "C 原型 prototype, COPY 5,000"
        case .readAhead: "C 原型 prototype, 5,000, 大块读 larger reads"
        case .rawReader: "C 裸套接字 raw socket, COPY 5,000"
        case .jq: "mosquitto_sub | jq | psql"
        case .pahoCopy: "paho + psycopg, COPY 1,000"
        case .pahoInsert: "paho + psycopg, INSERT"
        }
    }

    /// The share of a run's messages that it is given, so that a slow peer takes no longer than a fast one.
    var share: Double {
        switch self {
        case .limit, .ours, .prototype1000, .prototype5000, .readAhead, .rawReader, .jq: 1
        case .pahoCopy: 0.4
        case .pahoInsert: 0.05
        }
    }

    /// Whether it commits as it goes, so that a first batch can warm it up.
    var commitsAlong: Bool { self != .jq }

    /// Where its rows lie, and their event time.
    var table: (name: String, time: String) {
        self == .ours ? ("position", "recorded_at") : ("peer_position", "ts")
    }

    /// The program to start; it prints "ready" and, in the end, "first … last … count …" (not ours).
    func program(tools: String) -> (path: String, arguments: [String], environment: [String: String]) {
        let peers = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("peers").path
        switch self {
        case .ours:
            let path = URL(fileURLWithPath: OwnExecutable.path).deletingLastPathComponent()
                .appendingPathComponent("tongxing").path
            return (path, ["serve", "--only", "ingestion"], [:])
        case .limit: return ("\(tools)/peers/prototype", [], ["BENCH_DISCARD": "1", "BENCH_BATCH": "1000"])
        case .prototype1000: return ("\(tools)/peers/prototype", [], ["BENCH_BATCH": "1000"])
        case .prototype5000: return ("\(tools)/peers/prototype", [], ["BENCH_BATCH": "5000"])
        case .readAhead: return ("\(tools)/peers/prototype_read_ahead", [], ["BENCH_BATCH": "5000"])
        case .rawReader: return ("\(tools)/peers/raw_reader", [], ["BENCH_BATCH": "5000"])
        case .jq: return ("/bin/sh", ["\(peers)/sub_jq_copy.sh"], [:])
        case .pahoCopy: return ("\(tools)/venv/bin/python", ["\(peers)/paho_copy.py"], [:])
        case .pahoInsert: return ("\(tools)/venv/bin/python", ["\(peers)/paho_insert.py"], [:])
        }
    }
}

/// What is measured of each subject in each round.
enum IngestionFigure: String, CaseIterable {
    case live, liveClient, liveDatabase, liveBroker, backlog, backlogClient, backlogDatabase

    var unit: String {
        switch self {
        case .live, .backlog: "msg/s"
        case .liveClient, .liveDatabase, .liveBroker, .backlogClient, .backlogDatabase: "µs/msg"
        }
    }

    func name(of subject: IngestionSubject) -> String {
        let what =
            switch self {
            case .live: "实时速率 live rate"
            case .liveClient: "实时客户端 CPU live client"
            case .liveDatabase: "实时数据库 CPU live database"
            case .liveBroker: "实时代理 CPU live broker"
            case .backlog: "积压速率 backlog rate"
            case .backlogClient: "积压客户端 CPU backlog client"
            case .backlogDatabase: "积压数据库 CPU backlog database"
            }
        return "\(subject.label)：\(what)"
    }
}
