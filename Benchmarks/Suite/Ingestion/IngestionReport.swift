/// Turns the rounds' figures into measurements, each with its peer and goal.
struct IngestionReport {
    var figures: [IngestionSubject: [IngestionFigure: [Double]]]

    mutating func measurements() -> [Measurement] {
        var all: [Measurement] = []
        for subject in IngestionSubject.allCases {
            for figure in IngestionFigure.allCases where self.isOf(interest: figure, subject) {
                guard let values = self.figures[subject]?[figure] else { continue }
                let (peer, goal) = self.goal(of: figure, subject)
                all.append(
                    Measurement(
                        "ingestion", figure.name(of: subject), unit: figure.unit, values: values, peer: peer, goal: goal
                    ))
            }
        }
        return all + self.totals()
    }

    /// What only reads has no database.
    private func isOf(interest figure: IngestionFigure, _ subject: IngestionSubject) -> Bool {
        subject != .limit || (figure != .liveDatabase && figure != .backlogDatabase)
    }

    private func goal(of figure: IngestionFigure, _ subject: IngestionSubject) -> (Measurement?, Goal?) {
        switch (subject, figure) {
        case (.ours, .live): (self.one(.limit, .live), .ratioAtLeast(0.9))
        case (.ours, .backlog): (self.one(.prototype1000, .backlog), .ratioAtLeast(0.8))
        default: (nil, nil)
        }
    }

    private func one(_ subject: IngestionSubject, _ figure: IngestionFigure) -> Measurement {
        Measurement(
            "ingestion", figure.name(of: subject), unit: figure.unit, values: self.figures[subject]?[figure] ?? [])
    }

    /// Client and database together, and ours held against each peer.
    private func totals() -> [Measurement] {
        let limits: [(peer: IngestionSubject, goal: Goal)] = [
            (.pahoInsert, .ratioAtMost(0.06)), (.pahoCopy, .ratioAtMost(0.25)), (.jq, .ratioAtMost(0.45)),
        ]
        let kinds: [(name: String, client: IngestionFigure, database: IngestionFigure)] = [
            ("实时总 CPU live client + database", .liveClient, .liveDatabase),
            ("积压总 CPU backlog client + database", .backlogClient, .backlogDatabase),
        ]
        var all: [Measurement] = []
        for kind in kinds {
            func total(_ subject: IngestionSubject) -> [Double] {
                zip(
                    self.figures[subject]?[kind.client] ?? [], self.figures[subject]?[kind.database] ?? []
                ).map { $0 + $1 }
            }
            func measured(_ subject: IngestionSubject, against peer: Measurement? = nil, goal: Goal? = nil)
                -> Measurement
            {
                Measurement(
                    "ingestion", "\(subject.label)：\(kind.name)", unit: "µs/msg", values: total(subject), peer: peer,
                    goal: goal)
            }
            all.append(measured(.ours, goal: .atMost(8)))
            all.append(measured(.prototype1000))
            for limit in limits {
                let peer = measured(limit.peer)
                all += [peer, measured(.ours, against: peer, goal: limit.goal)]
            }
        }
        return all
    }
}

/// Publish to commit, by subject and rate.
struct LatencyFigures {
    /// What one run gave; `keptUp` is the share of the rate that was committed.
    struct Figure {
        var p50: Double
        var p99: Double
        var keptUp: Double
    }

    static let subjects: [IngestionSubject] = [.ours, .prototype1000, .pahoCopy]
    static let rates = [500, 5000]
    private var found: [IngestionSubject: [Int: [Figure]]] = [:]

    mutating func add(_ figure: Figure, of subject: IngestionSubject, at rate: Int) {
        self.found[subject, default: [:]][rate, default: []].append(figure)
    }

    var measurements: [Measurement] {
        Self.subjects.flatMap { subject in
            Self.rates.flatMap { rate in
                let figures = self.found[subject]?[rate] ?? []
                let name = "\(subject.label)：发布到提交 publish → committed, \(rate) msg/s"
                return [
                    Measurement("ingestion", "\(name): p50", unit: "ms", values: figures.map(\.p50)),
                    Measurement(
                        "ingestion", "\(name): p99", unit: "ms", values: figures.map(\.p99),
                        goal: subject == .ours && rate == 5000 ? .atMost(250) : nil),
                ]
            }
        }
    }
}
