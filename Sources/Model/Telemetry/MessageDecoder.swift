package import Chronology

/// Turns the bytes of one MQTT message into accepted reports and refusals. Dialects are told apart by topic, the native
/// one first; each has a file of its own for what its bytes say and another for what is accepted.
///
/// Hostile bytes are refused, never a trap; a message costs time in proportion to its length and memory in
/// proportion to `ValidationLimits.reportsPerMessage`.
package struct MessageDecoder: Sendable {
    package let limits: ValidationLimits
    /// How to read the terminals; replaced when the register changes.
    package var devices: DeviceDirectory
    /// A report's time is held against this moment where it is later than the receipt: what was refused because the
    /// server's clock was behind is not refused for ever.
    package var clock = Instant.distantPast

    package init(limits: ValidationLimits = .standard, devices: DeviceDirectory = .empty) {
        self.limits = limits
        self.devices = devices
    }

    /// Replaces what `message` holds. A message that is not JSON throughout, or has too many reports, gives no
    /// report at all; otherwise each report is accepted or refused by itself.
    package func decode(
        topic: Span<UInt8>, payload: Span<UInt8>, receivedAt: Instant, into message: inout DecodedMessage
    ) {
        message.reset()
        let receivedAt = max(receivedAt, self.clock)
        do throws(ReportProblem) {
            guard var native = try NativeTopic(topic) else {
                try self.decodeJT808(topic: topic, payload, receivedAt: receivedAt, into: &message)
                return
            }
            message.terminal = native.terminal
            native.coordinates = self.devices.coordinates(of: native.terminal)
            try self.decode(payload, of: native, receivedAt: receivedAt, into: &message)
        } catch {
            // The message as a whole; what was read before goes with it.
            let (terminal, serial) = (message.terminal, message.serial)
            let numbers = message.refusedSequences + message.positions.compactMap(\.sequence)
            message.reset()
            (message.terminal, message.serial, message.refusedSequences) = (terminal, serial, numbers)
            message.refusals.append(Refusal(error.reason, detail: error.detail))
        }
    }

    private func decode(
        _ payload: Span<UInt8>, of topic: NativeTopic, receivedAt: Instant, into message: inout DecodedMessage
    ) throws(ReportProblem) {
        try self.checkSize(payload)
        let count: Int?
        do throws(JSONFailure) {
            count = try self.reports(payload, of: topic, receivedAt: receivedAt, into: &message)
        } catch {
            throw ReportProblem(reason: .malformed, detail: error.description)
        }
        guard let count else { return }
        guard count > 0 else { throw ReportProblem(reason: .empty, detail: "[]") }
        guard count <= self.limits.reportsPerMessage else { throw .tooMany(limit: self.limits.reportsPerMessage) }
    }

    func checkSize(_ payload: Span<UInt8>) throws(ReportProblem) {
        let limit = self.limits.payloadBytes
        guard payload.count <= limit else {
            throw ReportProblem(reason: .malformed, detail: "超过 \(limit) 字节 / more than \(limit) bytes")
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
        message.isList = true
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
                try self.position(&scanner, payload, from: topic, receivedAt: receivedAt, into: &message)
            case .camera:
                try self.camera(&scanner, payload, from: topic.terminal, receivedAt: receivedAt, into: &message)
            }
        guard let problem else { return }
        message.refusals.append(Refusal(problem.reason, detail: problem.detail, reportIndex: index))
    }

    private func position(
        _ scanner: inout JSONScanner, _ payload: Span<UInt8>, from topic: NativeTopic, receivedAt: Instant,
        into message: inout DecodedMessage
    ) throws(JSONFailure) -> ReportProblem? {
        var reader = FieldReader(NativePosition.table)
        let native = try NativePosition(&scanner, payload, reader: &reader)
        message.unknownFieldCount += reader.unknownFieldCount
        do throws(ReportProblem) {
            if let problem = reader.problem { throw problem }
            message.positions.append(
                try PositionReport(native, from: topic, receivedAt: receivedAt, limits: self.limits))
            return nil
        } catch {
            if let number = native.sequence { message.refusedSequences.append(number) }
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

extension ReportProblem {
    static func tooMany(limit: Int) -> ReportProblem {
        ReportProblem(reason: .tooMany, detail: "超过 \(limit) 条 / more than \(limit) reports")
    }
}
