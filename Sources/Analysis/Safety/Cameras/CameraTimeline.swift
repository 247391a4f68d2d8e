package import Chronology
package import Telemetry

/// A camera's condition over a stretch of time, from stored reports: for a trail, a work list, or the moment of an
/// accident.
package enum CameraTimeline {
    /// Spans that follow each other without a gap from `from` to `to`. Reports before `from` count as far as they still
    /// hold, and those until the hysteresis after `to`, as they settle what was said before it; their order does not
    /// matter.
    package static func spans(
        of reports: some Sequence<CameraReport>, from: Instant, to: Instant,
        _ parameters: SafetyParameters.Cameras = .init()
    ) -> [CameraSpan] {
        guard from < to else { return [] }
        let end = to.advanced(bySeconds: parameters.hysteresis)
        let sorted = reports.filter { $0.recordedAt < end }.sorted { $0.recordedAt < $1.recordedAt }
        var machine = CameraMachine(at: min(from, sorted.first?.recordedAt ?? from))
        var spans: [CameraSpan] = []
        for report in sorted {
            guard let status = report.cameras.first(where: { $0.name == parameters.name }) else { continue }
            spans += machine.take(CameraCondition(status.state), at: report.recordedAt, parameters)
        }
        spans += machine.advance(to: end, parameters)
        return Self.joined(spans, from: from, to: to)
    }

    private static func joined(_ spans: [CameraSpan], from: Instant, to: Instant) -> [CameraSpan] {
        var joined: [CameraSpan] = []
        for span in spans where span.to > from && span.from < to {
            let (first, last) = (max(span.from, from), min(span.to, to))
            if let before = joined.last, before.condition == span.condition, before.to == first {
                joined[joined.count - 1].to = last
            } else {
                joined.append(CameraSpan(condition: span.condition, from: first, to: last))
            }
        }
        return joined
    }
}
