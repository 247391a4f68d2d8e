package import Chronology

/// Turns the bytes of one MQTT message into accepted reports and refusals. Dialects are told apart by topic; each
/// has a file of its own for what its bytes say and another for what is accepted.
///
/// Hostile bytes are refused, never a trap; a message costs time in proportion to its length and memory in
/// proportion to `ValidationLimits.reportsPerMessage`.
package struct MessageDecoder: Sendable {
    package let limits: ValidationLimits

    package init(limits: ValidationLimits = .standard) {
        self.limits = limits
    }

    /// Replaces what `message` holds. A message that is not JSON throughout, or has too many reports, gives no
    /// report at all; otherwise each report is accepted or refused by itself.
    package func decode(
        topic: Span<UInt8>, payload: Span<UInt8>, receivedAt: Instant, into message: inout DecodedMessage
    ) {
        message.reset()
        do throws(ReportProblem) {
            let topic = try NativeTopic(topic)
            message.terminal = topic.terminal
            try self.decode(payload, of: topic, receivedAt: receivedAt, into: &message)
        } catch {
            // The message as a whole; what was read before goes with it.
            let terminal = message.terminal
            message.reset()
            message.terminal = terminal
            message.refusals.append(Refusal(error.reason, detail: error.detail))
        }
    }

    private func decode(
        _ payload: Span<UInt8>, of topic: NativeTopic, receivedAt: Instant, into message: inout DecodedMessage
    ) throws(ReportProblem) {
        let limits = self.limits
        guard payload.count <= limits.payloadBytes else {
            throw ReportProblem(
                reason: .malformed, detail: "超过 \(limits.payloadBytes) 字节 / more than \(limits.payloadBytes) bytes")
        }
        let count: Int?
        do throws(JSONFailure) {
            count = try self.reports(payload, of: topic, receivedAt: receivedAt, into: &message)
        } catch {
            throw ReportProblem(reason: .malformed, detail: error.description)
        }
        guard let count else { return }
        guard count > 0 else { throw ReportProblem(reason: .empty, detail: "[]") }
        guard count <= limits.reportsPerMessage else {
            throw ReportProblem(
                reason: .tooMany,
                detail: "超过 \(limits.reportsPerMessage) 条 / more than \(limits.reportsPerMessage) reports")
        }
    }

    /// Reads the one report of an object, or each of an array. Gives the array's length, `nil` for no array.
    private func reports(
        _ payload: Span<UInt8>, of topic: NativeTopic, receivedAt: Instant, into message: inout DecodedMessage
    ) throws(JSONFailure) -> Int? {
        var scanner = try JSONScanner(payload)
        guard try scanner.kind(payload) == .array else {
            try self.report(at: nil, &scanner, payload, of: topic, receivedAt: receivedAt, into: &message)
            try scanner.end(payload)
            return nil
        }
        var count = 0
        try scanner.beginArray(payload)
        while try scanner.nextElement(payload) {
            if count < self.limits.reportsPerMessage {
                try self.report(at: count, &scanner, payload, of: topic, receivedAt: receivedAt, into: &message)
            } else {
                try scanner.skip(payload)
            }
            count += 1
        }
        try scanner.end(payload)
        return count
    }

    private func report(
        at index: Int?, _ scanner: inout JSONScanner, _ payload: Span<UInt8>, of topic: NativeTopic,
        receivedAt: Instant, into message: inout DecodedMessage
    ) throws(JSONFailure) {
        guard try scanner.kind(payload) == .object else {
            try scanner.skip(payload)
            message.refusals.append(Refusal(.wrongShape, detail: "{}", reportIndex: index))
            return
        }
        let problem =
            switch topic.dialect {
            case .position:
                try self.position(&scanner, payload, from: topic.terminal, receivedAt: receivedAt, into: &message)
            case .camera:
                try self.camera(&scanner, payload, from: topic.terminal, receivedAt: receivedAt, into: &message)
            }
        guard let problem else { return }
        message.refusals.append(Refusal(problem.reason, detail: problem.detail, reportIndex: index))
    }

    private func position(
        _ scanner: inout JSONScanner, _ payload: Span<UInt8>, from terminal: TerminalID, receivedAt: Instant,
        into message: inout DecodedMessage
    ) throws(JSONFailure) -> ReportProblem? {
        var reader = FieldReader(NativePosition.table)
        let native = try NativePosition(&scanner, payload, reader: &reader)
        message.unknownFieldCount += reader.unknownFieldCount
        if let problem = reader.problem { return problem }
        do throws(ReportProblem) {
            message.positions.append(
                try PositionReport(native, from: terminal, receivedAt: receivedAt, limits: self.limits))
            return nil
        } catch {
            return error
        }
    }

    private func camera(
        _ scanner: inout JSONScanner, _ payload: Span<UInt8>, from terminal: TerminalID, receivedAt: Instant,
        into message: inout DecodedMessage
    ) throws(JSONFailure) -> ReportProblem? {
        var reader = FieldReader(NativeCamera.table)
        let native = try NativeCamera(&scanner, payload, limit: self.limits.camerasPerReport, reader: &reader)
        message.unknownFieldCount += reader.unknownFieldCount
        if let problem = reader.problem { return problem }
        do throws(ReportProblem) {
            message.cameras.append(
                try CameraReport(native, from: terminal, receivedAt: receivedAt, limits: self.limits))
            return nil
        } catch {
            return error
        }
    }
}
