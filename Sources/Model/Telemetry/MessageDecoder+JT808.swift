import Chronology

/// JT/T 808: frames and the gateway's JSON come together at `JT808Location`, and go on as one.
extension MessageDecoder {
    /// A message under a topic that is not the native dialect's.
    func decodeJT808(
        topic: Span<UInt8>, _ payload: Span<UInt8>, receivedAt: Instant, into message: inout DecodedMessage
    ) throws(ReportProblem) {
        let topic = try JT808Topic(topic)
        message.terminal = topic.terminal
        try self.checkSize(payload)
        switch topic.dialect {
        case .frame: try self.decodeFrame(payload, from: topic.terminal, receivedAt: receivedAt, into: &message)
        case .gateway: try self.decodeGateway(payload, from: topic.terminal, receivedAt: receivedAt, into: &message)
        }
    }

    private func decodeFrame(
        _ payload: Span<UInt8>, from terminal: TerminalID, receivedAt: Instant, into message: inout DecodedMessage
    ) throws(ReportProblem) {
        let frame = try JT808Frame(payload)
        // The serial number counts even where the rest is refused, but never another terminal's.
        if frame.phone == terminal { message.serial = frame.serial }
        try frame.check(from: terminal)
        // A photo comes in a hundred pieces; none of them would carry a report.
        guard !frame.isFragment || JT808Frame.MessageID.ofLocations.contains(frame.messageID) else {
            message.carriesNoReport = true
            return
        }
        guard !frame.isFragment else { throw ReportProblem(reason: .fragment, detail: "fragment") }
        let body = frame.bytes.span.extracting(frame.body)
        let context = LocationContext(
            layout: frame.layout, settings: self.devices.settings(of: terminal), receivedAt: receivedAt)
        switch frame.messageID {
        case JT808Frame.MessageID.location:
            self.accept(JT808Location(body), at: nil, context, into: &message)
        case JT808Frame.MessageID.locationAnswer:
            // The serial number of the request comes first.
            self.accept(body.count > 2 ? JT808Location(body.extracting(2...)) : nil, at: nil, context, into: &message)
        case JT808Frame.MessageID.locationBatch:
            try self.decodeBatch(body, context, into: &message)
        default:
            message.carriesNoReport = true
        }
    }

    /// A count, a type (0 as usual, 1 from a dark stretch), then locations with their lengths before them.
    private func decodeBatch(
        _ body: Span<UInt8>, _ context: LocationContext, into message: inout DecodedMessage
    ) throws(ReportProblem) {
        guard body.count >= 3 else { throw ReportProblem(reason: .malformed, detail: "batch") }
        let count = Int(body.bigEndian16(at: 0))
        guard count > 0 || body.count > 3 else { throw ReportProblem(reason: .empty, detail: "batch") }
        message.isList = true
        var index = 3
        for number in 0..<count {
            guard index + 2 <= body.count, case let end = index + 2 + Int(body.bigEndian16(at: index)),
                end <= body.count
            else {
                message.refusals.append(Refusal(.malformed, detail: "batch", reportIndex: number))
                return
            }
            self.accept(JT808Location(body.extracting((index + 2)..<end)), at: number, context, into: &message)
            index = end
        }
        guard index == body.count else {
            message.refusals.append(Refusal(.malformed, detail: "batch", reportIndex: count))
            return
        }
    }

    private func decodeGateway(
        _ payload: Span<UInt8>, from terminal: TerminalID, receivedAt: Instant, into message: inout DecodedMessage
    ) throws(ReportProblem) {
        let gateway: GatewayMessage
        do throws(JSONFailure) {
            gateway = try GatewayMessage(payload)
        } catch {
            throw ReportProblem(reason: .malformed, detail: error.description)
        }
        message.unknownFieldCount += gateway.unknownFieldCount
        if let problem = gateway.problem { throw problem }
        // Its `msg_sn` is no serial of ours: the gateway keeps heartbeats and log-ins, which use numbers up, to itself,
        // and each would be read as a message that was lost.
        try gateway.check(from: terminal)
        guard gateway.carriesLocations else {
            message.carriesNoReport = true
            return
        }
        guard !gateway.locations.isEmpty else { throw ReportProblem(reason: .empty, detail: "location") }
        guard gateway.locations.count <= self.limits.reportsPerMessage else {
            throw .tooMany(limit: self.limits.reportsPerMessage)
        }
        let context = LocationContext(
            layout: gateway.layout, settings: self.devices.settings(of: terminal), receivedAt: receivedAt)
        message.isList = gateway.isBatch
        for (index, location) in gateway.locations.enumerated() {
            let place = gateway.isBatch ? index : nil
            switch location {
            case .success(let location): self.accept(location, at: place, context, into: &message)
            case .failure(let problem):
                message.refusals.append(Refusal(problem.reason, detail: problem.detail, reportIndex: place))
            }
        }
    }

    /// What all locations of one message have in common.
    private struct LocationContext {
        var layout: JT808Frame.Layout
        var settings: DeviceSettings
        var receivedAt: Instant
    }

    /// A location becomes a position and whatever it lets us know of cameras and alarms, or a refusal. `nil` is one
    /// whose fixed part is cut off.
    private func accept(
        _ location: JT808Location?, at index: Int?, _ context: LocationContext, into message: inout DecodedMessage
    ) {
        do throws(ReportProblem) {
            guard let location else { throw ReportProblem(reason: .malformed, detail: "location") }
            let position = try PositionReport(
                location, context.settings, receivedAt: context.receivedAt, limits: self.limits)
            message.unknownFieldCount += location.items.unknownCount
            message.positions.append(position)
            let camera = CameraReport(
                location, rightChannel: context.settings.rightCameraChannel, recordedAt: position.recordedAt)
            if let camera { message.cameras.append(camera) }
            message.alarms += AlarmReport.all(
                in: location, layout: context.layout, recordedAt: position.recordedAt, receivedAt: context.receivedAt,
                limits: self.limits)
        } catch {
            message.refusals.append(Refusal(error.reason, detail: error.detail, reportIndex: index))
        }
    }
}
