import Chronology

extension CameraReport {
    /// The camera at the right blind spot. What a register calls by channel is told apart from what it does not know.
    private static let rightBlindSpot = "right_blind_spot"

    /// The states that a location lets us know of; `nil` when it says nothing of any camera. Without the register's
    /// channel the right camera stays unknown: which number a vendor gave it is never guessed.
    init?(_ location: JT808Location, rightChannel: Int?, recordedAt time: Instant) {
        let video = location.items.video
        let lost = video.lostChannels ?? 0
        let occluded = video.occludedChannels ?? 0
        var cameras: [CameraStatus] = []
        for channel in 1...32 where channel != rightChannel {
            let bit: UInt32 = 1 << UInt32(channel - 1)
            guard (lost | occluded) & bit != 0 else { continue }
            cameras.append(CameraStatus(name: "channel_\(channel)", state: lost & bit != 0 ? .lost : .occluded))
        }
        if let rightChannel, let state = Self.state(ofChannel: rightChannel, location) {
            cameras.append(CameraStatus(name: Self.rightBlindSpot, state: state))
        }
        guard !cameras.isEmpty else { return nil }
        self.init(recordedAt: time, cameras: cameras.sorted { $0.name < $1.name })
    }

    /// `nil` is unknown: what was not said is not ok.
    private static func state(ofChannel channel: Int, _ location: JT808Location) -> CameraStatus.State? {
        guard (1...32).contains(channel) else { return nil }
        let bit: UInt32 = 1 << UInt32(channel - 1)
        let video = location.items.video
        if let lost = video.lostChannels, lost & bit != 0 { return .lost }
        if let occluded = video.occludedChannels, occluded & bit != 0 { return .occluded }
        // A fault of some camera that no channel accounts for may be this one's.
        let otherFault = (video.alarms ?? 0) & Self.otherVideoFault != 0
        let isNamed = (video.lostChannels ?? 0) | (video.occludedChannels ?? 0) != 0
        if otherFault || location.alarm & Self.cameraFault != 0 && !isNamed { return .fault }
        // The mask answers for each channel; without it, "no camera at all" does.
        let isNotLost = video.lostChannels != nil || video.alarms.map { $0 & Self.signalLoss == 0 } == true
        let isNotOccluded = video.occludedChannels != nil || video.alarms.map { $0 & Self.occlusion == 0 } == true
        return isNotLost && isNotOccluded ? .ok : nil
    }

    /// Bits of item 0x14.
    private static let signalLoss: UInt32 = 1 << 0
    private static let occlusion: UInt32 = 1 << 1
    private static let otherVideoFault: UInt32 = 1 << 3
    /// Bit of the alarm word.
    private static let cameraFault: UInt32 = 1 << 11
}
