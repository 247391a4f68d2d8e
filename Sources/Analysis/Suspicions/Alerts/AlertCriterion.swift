import Deliveries
import Tracks

extension VehicleAlert.Rule {
    /// By what the rule is told, with the values of the parameters that were used: part of every alert.
    func criterion(_ parameters: AnalysisParameters) -> Statement {
        let (zh, en) = self.ofDriving(parameters) ?? self.ofTerminal(parameters)
        return Statement(zh: "判据：\(zh)。", en: "Told by: \(en).")
    }

    private func ofDriving(_ parameters: AnalysisParameters) -> (zh: String, en: String)? {
        let (driving, hauls, ways) = (parameters.driving, parameters.hauls, parameters.corridors)
        func minutes(_ seconds: Double) -> String { Wording.minutes(seconds) }
        switch self {
        case .speeding:
            let (loaded, other) = (Int(driving.loadedLimit), Int(driving.emptyLimit))
            let (over, seconds) = (Wording.percent(driving.speedTolerance), Int(driving.speedingSeconds))
            return (
                "限速载料 \(loaded)、其他 \(other) 公里/小时，超出 \(over) 以上并持续 \(seconds) 秒",
                "a limit of \(loaded) km/h loaded, \(other) else, exceeded by more than \(over) for \(seconds) s"
            )
        case .fatigueDriving:
            let (drive, rest) = (minutes(driving.fatigueSeconds), minutes(driving.restSeconds))
            return (
                "连续行驶超过 \(drive) 分钟，其间没有 \(rest) 分钟休息",
                "over \(drive) min of driving without a rest of \(rest) min"
            )
        case .restrictedZone:
            return ("登记的禁行区范围、时段与通行证", "fence, hours and permits of the zone as registered")
        case .offCorridor:
            let (metres, time) = (Wording.metres(ways.distance), minutes(ways.seconds))
            return (
                "离所有已知路线超过 \(metres.zh)、持续超过 \(time) 分钟，至少已知 \(ways.trips) 趟",
                "more than \(metres.en) off every known way for more than \(time) min, with at least \(ways.trips) trips known"
            )
        case .longStop:
            let (time, metres) = (minutes(driving.longStopSeconds), Wording.metres(hauls.queueDistance))
            return (
                "载料停留超过 \(time) 分钟，\(metres.zh) 内没有已知场所",
                "loaded, it stood for more than \(time) min with no known place within \(metres.en)"
            )
        case .silentVehicle:
            let (silent, live) = (minutes(driving.silentSeconds), minutes(driving.liveSeconds))
            return (
                "\(silent) 分钟没有上报，此前行驶或载料，且上报及时（\(live) 分钟以内）",
                "no report for \(silent) min, moving or loaded before, and heard of live (within \(live) min)"
            )
        case .frozenPosition, .teleport, .jamming, .replayedTrack, .clonedIdentity, .clockFault,
            .unregisteredTerminal:
            return nil
        }
    }

    private func ofTerminal(_ parameters: AnalysisParameters) -> (zh: String, en: String) {
        let (faults, integrity) = (parameters.faults, parameters.integrity)
        func minutes(_ seconds: Double) -> String { Wording.minutes(seconds) }
        switch self {
        case .frozenPosition:
            let (time, speed) = (minutes(faults.frozenSeconds), Int(faults.frozenSpeed))
            let (count, metres) = (faults.frozenReports, Int(faults.frozenMetres))
            return (
                "位置至少 \(time) 分钟不变，其间至少 \(count) 次速度高于 \(speed) 公里/小时，或里程增加 \(metres) 米",
                "one position for at least \(time) min, with at least \(count) speeds above \(speed) km/h or \(metres) m by the odometer"
            )
        case .teleport:
            let speed = Int(parameters.cleaning.maximumSpeed)
            return (
                "一天内 \(faults.teleportsADay) 次，两点之间超过 \(speed) 公里/小时",
                "\(faults.teleportsADay) times a day more than \(speed) km/h from fix to fix"
            )
        case .jamming:
            let (time, metres) = (minutes(integrity.jamSeconds), Wording.metres(integrity.jamRadius))
            return (
                "行驶中至少 \(time) 分钟没有卫星，\(metres.zh) 内至少 \(integrity.jamNeighbours) 台其他车辆有定位",
                "no satellite for at least \(time) min of driving, while at least \(integrity.jamNeighbours) others within "
                    + "\(metres.en) had a fix"
            )
        case .replayedTrack:
            let time = minutes(integrity.replaySeconds)
            return (
                "与往日连续相同的点至少 \(integrity.replayPoints) 个，历时至少 \(time) 分钟",
                "at least \(integrity.replayPoints) points in a row the same as on another day, over at least \(time) min"
            )
        case .clonedIdentity:
            let (metres, time) = (Wording.metres(integrity.cloneMetres), minutes(integrity.cloneSeconds))
            return (
                "\(time) 分钟内相距 \(metres.zh) 以上，往返至少 \(integrity.cloneSwitches) 次，或两终端多次相距过远",
                "at least \(metres.en) apart within \(time) min, to and fro at least \(integrity.cloneSwitches) times, or two terminals "
                    + "too far apart again and again"
            )
        case .clockFault:
            let (ahead, off) = (Int(faults.clockAhead), Int(faults.clockTolerance))
            let time = minutes(faults.clockSteadySeconds)
            return (
                "快于服务器 \(ahead) 秒以上，或稳定相差 8 小时、1024 周（误差 \(off) 秒），至少 \(time) 分钟、\(faults.clockReports) 次",
                "more than \(ahead) s ahead of the server, or steadily 8 h or 1024 weeks off (within \(off) s), for at least \(time) min "
                    + "and \(faults.clockReports) reports"
            )
        case .unregisteredTerminal, .speeding, .fatigueDriving, .restrictedZone, .offCorridor, .longStop,
            .silentVehicle:
            return ("车辆登记表", "the register of vehicles")
        }
    }
}
