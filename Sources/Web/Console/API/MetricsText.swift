/// `/metrics` in Prometheus' text format 0.0.4.
package struct MetricsText {
    package private(set) var text = ""

    package init() {}

    /// The head of a metric, before its samples.
    package mutating func head(_ name: String, _ type: String, help: String?) {
        if let help { self.text += "# HELP \(name) \(help)\n" }
        self.text += "# TYPE \(name) \(type)\n"
    }

    /// One metric with all its samples; `samples` are label pairs and values.
    mutating func metric(
        _ name: String, _ type: String, help: String, samples: [(labels: [(String, String)], value: Double)]
    ) {
        self.head(name, type, help: help)
        for sample in samples { self.sample(name, sample.labels, sample.value) }
    }

    mutating func metric(_ name: String, _ type: String, help: String, _ value: Double) {
        self.metric(name, type, help: help, samples: [([], value)])
    }

    package mutating func sample(_ name: String, _ labels: [(String, String)], _ value: Double) {
        self.text += name
        if !labels.isEmpty {
            let pairs = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }
            self.text += "{" + pairs.joined(separator: ",") + "}"
        }
        let number = value.description
        self.text += " " + (number.hasSuffix(".0") ? String(number.dropLast(2)) : number) + "\n"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}

extension MetricsText {
    /// - Parameter status: `nil` when the store cannot be asked.
    mutating func fleet(_ status: FleetStatus?) {
        self.metric(
            "tongxing_web_store_up", "gauge", help: "Whether the console can read the store.", status == nil ? 0 : 1)
        guard let status else { return }
        let counts = status.counts
        self.metric(
            "tongxing_ingestion_messages_received_total", "counter", help: "MQTT messages received.",
            Double(counts.received))
        self.metric(
            "tongxing_ingestion_messages_total", "counter", help: "MQTT messages by the state they ended in.",
            samples: Self.states(counts).map { ([("state", $0.state)], $0.value) })
        self.ledger(status)
        self.metric(
            "tongxing_ingestion_positions_total", "counter", help: "Position reports stored.",
            Double(counts.positions))
        self.metric(
            "tongxing_ingestion_camera_reports_total", "counter", help: "Camera reports stored.",
            Double(counts.cameraReports))
        self.metric(
            "tongxing_ingestion_alarms_total", "counter", help: "Alarms of terminals stored.", Double(counts.alarms))
        self.metric(
            "tongxing_analysis_lag_batches", "gauge", help: "Sealed batches not analysed yet.",
            Double(status.analysisLagBatches))
        self.metric(
            "tongxing_analysis_lag_seconds", "gauge", help: "Age of the oldest batch not analysed yet.",
            status.analysisLagSeconds)
    }

    private mutating func ledger(_ status: FleetStatus) {
        self.metric(
            "tongxing_lane_messages_total", "counter",
            help: "Messages by lane and state; lane retry takes quarantined ones in again.",
            samples: status.lanes.flatMap { lane in
                Self.states(lane.counts).map { ([("lane", lane.lane), ("state", $0.state)], $0.value) }
            })
        self.metric(
            "tongxing_ingestion_terminals", "gauge", help: "Terminals that have ever sent a message.",
            Double(status.terminals))
        self.metric(
            "tongxing_ingestion_messages_without_terminal_total", "counter",
            help: "Messages whose topic names no terminal.", Double(status.withoutTerminal))
    }

    /// By terminal only where the configuration asks for it: a terminal's activity is personal information, `/metrics`
    /// asks nobody who he is, and thousands of trucks are as many series times four (decision D10). The sum over a
    /// lane's terminals is `tongxing_lane_messages_total`.
    mutating func terminals(_ terminals: [TerminalCounts]) {
        guard !terminals.isEmpty else { return }
        self.metric(
            "tongxing_terminal_messages_total", "counter",
            help: "Messages by terminal, lane and state; an empty terminal: the topic names none.",
            samples: terminals.flatMap { row in
                Self.states(row.counts).map {
                    ([("terminal", row.terminal), ("lane", row.lane), ("state", $0.state)], $0.value)
                }
            })
    }

    /// The states that received messages end in.
    private static func states(_ counts: IngestionCounts) -> [(state: String, value: Double)] {
        [
            ("stored", Double(counts.stored)), ("duplicate", Double(counts.duplicate)),
            ("quarantined", Double(counts.quarantined)), ("ignored", Double(counts.ignored)),
        ]
    }

    mutating func web(clients: Int, totals: EventLog.Totals, requests: RequestCounter) {
        self.metric(
            "tongxing_web_event_clients", "gauge", help: "Open streams of server-sent events.", Double(clients))
        self.metric(
            "tongxing_web_events_total", "counter", help: "Events published to the streams.",
            Double(totals.published))
        self.metric(
            "tongxing_web_event_resets_total", "counter",
            help: "Clients told to load everything again.", Double(totals.resets))
        let rows = requests.snapshot
        self.metric(
            "tongxing_web_requests_total", "counter", help: "HTTP requests.",
            samples: rows.map { ($0.key.labels, Double($0.total.count)) })
        self.metric(
            "tongxing_web_request_seconds_total", "counter",
            help: "Time until the head of the response was ready.",
            samples: rows.map { ($0.key.labels, $0.total.seconds) })
    }
}

extension RequestCounter.Key {
    fileprivate var labels: [(String, String)] {
        [("route", self.route), ("method", self.method), ("status", String(self.status))]
    }
}
