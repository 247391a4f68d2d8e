import Chronology

extension AlarmReport {
    /// Everything that the location raises an alarm about, each kind once an item.
    static func all(
        in location: JT808Location, layout: JT808Frame.Layout, recordedAt time: Instant, receivedAt: Instant,
        limits: ValidationLimits
    ) -> [AlarmReport] {
        let video = location.items.video
        let isQuiet =
            location.alarm | (video.alarms ?? 0) | UInt32(video.failedStores ?? 0) | UInt32(video.driver ?? 0) == 0
        guard !isQuiet || !location.items.safety.isEmpty else { return [] }
        var alarms: [AlarmReport] = []
        for (bit, kind) in AlarmKind.ofAlarmWord where location.alarm & (1 << bit) != 0 {
            guard AlarmKind.has(alarmBit: bit, layout) else { continue }
            alarms.append(AlarmReport(recordedAt: time, kind: kind, item: 0))
        }
        for (bit, kind) in AlarmKind.ofVideo where (video.alarms ?? 0) & (1 << bit) != 0 {
            alarms.append(AlarmReport(recordedAt: time, kind: kind, item: JT808Items.ID.videoAlarms))
        }
        if let stores = video.failedStores, stores != 0 {
            alarms.append(AlarmReport(recordedAt: time, kind: .videoStoreFault, item: JT808Items.ID.failedStores))
        }
        for (bit, kind) in AlarmKind.ofDriver where (video.driver ?? 0) & (1 << bit) != 0 {
            let level = kind == .fatigue && video.fatigueLevel != 0 ? video.fatigueLevel : nil
            alarms.append(AlarmReport(recordedAt: time, kind: kind, item: JT808Items.ID.driver, level: level))
        }
        var seen = Set(alarms)
        for alarm in location.items.safety {
            // The alarm's own time where it is one: the location may be reported again and later.
            let own = alarm.time.instant.flatMap { try? limits.check($0, receivedAt: receivedAt) }
            let report = AlarmReport(
                recordedAt: own ?? time, kind: AlarmKind(alarm), item: alarm.item,
                level: alarm.level == 0 ? nil : alarm.level, edge: alarm.edge)
            if seen.insert(report).inserted { alarms.append(report) }
        }
        return alarms
    }
}

extension SafetyAlarm {
    fileprivate var edge: AlarmReport.Edge? {
        switch self.flag {
        case 1: .begin
        case 2: .end
        default: nil
        }
    }
}

extension AlarmKind {
    /// The alarm word by bit.
    fileprivate static let ofAlarmWord: [(bit: UInt32, kind: AlarmKind)] = [
        (0, .sos), (1, .overspeed), (2, .fatigue), (3, .danger), (4, .gnssFault), (5, .antennaCut), (6, .antennaShort),
        (7, .powerLow), (8, .powerOff), (9, .displayFault), (10, .speechFault), (11, .cameraFault), (12, .cardFault),
        (13, .overspeedWarning), (14, .fatigueWarning), (15, .trafficViolation), (16, .tyre), (17, .rightBlindSpot),
        (18, .dailyOvertime), (19, .parkingOvertime), (20, .area), (21, .route), (22, .sectionTime),
        (23, .routeDeviation), (24, .speedSensorFault), (25, .fuel), (26, .stolen), (27, .illegalIgnition),
        (28, .illegalMove), (29, .collision), (30, .rolloverWarning), (31, .illegalDoor),
    ]

    /// Bits 15–17 came with the standard of 2019, which gave up bit 31; elsewhere they are reserved.
    fileprivate static func has(alarmBit bit: UInt32, _ layout: JT808Frame.Layout) -> Bool {
        switch bit {
        case 15...17: layout == .year2019
        case 31: layout == .year2013
        default: true
        }
    }

    fileprivate static let ofVideo: [(bit: UInt32, kind: AlarmKind)] = [
        (0, .videoLoss), (1, .videoOcclusion), (2, .videoStoreFault), (3, .videoFault), (4, .overcrowding),
        (5, .drivingAbnormal), (6, .recordingFull),
    ]

    fileprivate static let ofDriver: [(bit: UInt16, kind: AlarmKind)] = [(0, .fatigue), (1, .phone), (2, .smoking)]

    /// Types that a standard leaves to the vendor become the item's `…-other`.
    fileprivate init(_ alarm: SafetyAlarm) {
        self =
            switch (alarm.item, alarm.type) {
            case (0x64, 0x01): .fcw
            case (0x64, 0x02): .ldw
            case (0x64, 0x03): .headway
            case (0x64, 0x04): .pedestrian
            case (0x64, 0x05): .laneChanges
            case (0x64, 0x06): .signOverrun
            case (0x64, 0x07): .obstacle
            case (0x64, 0x10): .signSeen
            case (0x64, 0x11): .roadSnapshot
            case (0x65, 0x01): .fatigue
            case (0x65, 0x02): .phone
            case (0x65, 0x03): .smoking
            case (0x65, 0x04): .distraction
            case (0x65, 0x05): .driverAbnormal
            case (0x65, 0x10): .driverSnapshot
            case (0x65, 0x11): .driverChange
            case (0x66, _): .tyre
            case (0x67, 0x01): .bsdRear
            case (0x67, 0x02): .bsdLeft
            case (0x67, 0x03): .bsdRight
            case (_, 0xF1): .installationFault
            case (_, 0xF2): .algorithmFault
            case (0x64, _): .roadOther
            case (0x65, _): .driverOther
            default: .bsdOther
            }
    }
}
