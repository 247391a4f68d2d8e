import Chronology

extension CameraReport {
    /// What we accept of a native camera report: at least one camera, each once, in a known state.
    init(
        _ native: borrowing NativeCamera, from terminal: TerminalID, receivedAt: Instant, limits: ValidationLimits
    ) throws(ReportProblem) {
        try terminal.check(claimed: native.terminal)
        let time = try limits.check(native.time, receivedAt: receivedAt)
        guard let said = native.cameras, !said.isEmpty else {
            throw ReportProblem(reason: .missingField, detail: NativeCamera.Field.cameras.rawValue)
        }
        var cameras: [CameraStatus] = []
        cameras.reserveCapacity(said.count)
        for (index, camera) in said.enumerated() {
            // Names are the payload's own, so the place is said instead.
            guard let state = CameraStatus.State(rawValue: camera.state), Self.isAllowed(camera.name) else {
                throw ReportProblem(reason: .outOfRange, detail: "cameras[\(index)]")
            }
            cameras.append(CameraStatus(name: camera.name, state: state))
        }
        cameras.sort { $0.name < $1.name }
        guard zip(cameras, cameras.dropFirst()).allSatisfy({ $0.name != $1.name }) else {
            throw ReportProblem(reason: .repeatedField, detail: NativeCamera.Field.cameras.rawValue)
        }
        self.init(recordedAt: time, cameras: cameras)
    }

    /// The log keeps the states of a report as `name=state;name=state`.
    private static func isAllowed(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control && $0 != ";" && $0 != "=" }
    }
}
