/// The data-quality indicators that regulators know, by name. The first six are those of the joint control assessment
/// (全国重点营运车辆联网联控考核管理办法, JT/T 796, JT/T 809, GB/T 35658); the last four are this product's.
package enum QualityIndicator: String, Sendable, Codable, CaseIterable {
    case connected = "connected_rate"
    case online = "online_rate"
    case trackComplete = "track_complete_rate"
    case dataQualified = "data_qualified_rate"
    case drifting = "drift_rate"
    case platformUp = "platform_up_rate"
    case cameraEffective = "camera_effective_rate"
    case rightTurnEffective = "right_turn_effective_rate"
    case ticketed = "ticketed_rate"
    case tracked = "tracked_rate"

    package var title: SafetyStatement {
        switch self {
        case .connected: SafetyStatement(zh: "入网率", en: "connected")
        case .online: SafetyStatement(zh: "上线率", en: "online")
        case .trackComplete: SafetyStatement(zh: "轨迹完整率", en: "complete tracks")
        case .dataQualified: SafetyStatement(zh: "数据合格率", en: "qualified data")
        case .drifting: SafetyStatement(zh: "漂移率", en: "drifting vehicles")
        case .platformUp: SafetyStatement(zh: "平台连通率", en: "platform up")
        case .cameraEffective: SafetyStatement(zh: "摄像头有效率", en: "cameras effective")
        case .rightTurnEffective: SafetyStatement(zh: "右转有效率", en: "right turns with a working camera")
        case .ticketed: SafetyStatement(zh: "有票率", en: "deliveries with a ticket")
        case .tracked: SafetyStatement(zh: "有轨率", en: "tickets with a trip")
        }
    }

    package var formula: SafetyStatement {
        switch self {
        case .connected:
            SafetyStatement(zh: "已登记且已联网车辆 ÷ 应联网车辆", en: "vehicles registered and connected ÷ vehicles that must be")
        case .online:
            SafetyStatement(
                zh: "期内至少有一条有效定位的车辆 ÷ 已联网车辆", en: "vehicles with a valid position in the period ÷ connected")
        case .trackComplete:
            SafetyStatement(
                zh: "完整轨迹里程 ÷ 轨迹总里程（相邻有效点相距超过 2 公里的一段为不完整）",
                en:
                    "km of complete track ÷ km of track (a segment of more than 2 km between valid points is incomplete)"
            )
        case .dataQualified:
            SafetyStatement(
                zh: "合格记录 ÷ 收到记录（不合格：车牌不明、境外坐标、速度超过 160 或为负、方向超过 360、时间异常、无定位）",
                en:
                    "qualified records ÷ received (not: unknown plate, outside China, speed above 160 or below 0, course above 360, "
                    + "wrong time, no fix)")
        case .drifting:
            SafetyStatement(
                zh: "出现漂移的车辆 ÷ 上线车辆（相邻定位推算速度超过 160 公里/小时）",
                en: "vehicles with drift ÷ online (implied speed between fixes above 160 km/h)")
        case .platformUp:
            SafetyStatement(zh: "（总分钟 − 中断分钟）÷ 总分钟", en: "(minutes − minutes disconnected) ÷ minutes")
        case .cameraEffective:
            SafetyStatement(
                zh: "右侧摄像头确知正常的行驶时间 ÷ 行驶时间（未知不算正常，另列）",
                en: "moving time with the right camera known ok ÷ moving time (unknown is not ok, and shown apart)")
        case .rightTurnEffective:
            SafetyStatement(
                zh: "右转前后摄像头确知正常的右转 ÷ 右转", en: "right turns with the camera known ok around them ÷ right turns")
        case .ticketed:
            SafetyStatement(
                zh: "匹配到发货单的运输 ÷ 识别出的运输（从未导入发货单时无定义）",
                en: "deliveries with a matched ticket ÷ deliveries detected (undefined where no ticket was imported)")
        case .tracked: SafetyStatement(zh: "匹配到运输的发货单 ÷ 发货单", en: "tickets with a matched trip ÷ tickets")
        }
    }

    /// Where the formula is from; an assumption is said to be one.
    package var source: SafetyStatement {
        switch self {
        case .connected:
            SafetyStatement(
                zh: "《全国重点营运车辆联网联控系统考核管理办法》的指标名；公式为通行理解",
                en: "named in the assessment rules of the national joint control system; the formula as commonly "
                    + "understood")
        case .online:
            SafetyStatement(
                zh: "同上；“至少一条”为通行理解；省级通报例：42,293 ÷ 42,489 = 99.54%",
                en: "the same rules; “at least one” as commonly understood; a provincial bulletin: 42,293 ÷ 42,489 = "
                    + "99.54 %")
        case .trackComplete:
            SafetyStatement(
                zh: "同上；“2 公里”为通行理解；省级通报例：278,890.63 ÷ 283,116.51 公里 = 98.51%",
                en: "the same rules; “2 km” as commonly understood; a provincial bulletin: 278,890.63 ÷ 283,116.51 km "
                    + "= 98.51 %")
        case .dataQualified:
            SafetyStatement(
                zh: "同上，JT/T 796、JT/T 809、GB/T 35658 的指标名；不合格的情形为通行理解",
                en: "the same rules, JT/T 796, JT/T 809, GB/T 35658; what is unqualified as commonly understood")
        case .drifting:
            SafetyStatement(
                zh: "同上；“160 公里/小时”为通行理解", en: "the same rules; “160 km/h” as commonly understood")
        case .platformUp:
            SafetyStatement(
                zh: "同上；地方通报例：44,640 分钟中断 4.74 分钟为 99.99%",
                en: "the same rules; a local bulletin: 4.74 of 44,640 minutes disconnected are 99.99 %")
        case .cameraEffective, .rightTurnEffective, .ticketed, .tracked:
            SafetyStatement(zh: "本产品自定，无国家标准", en: "this product's own; there is no national standard")
        }
    }

    /// For all but drift, more is better.
    package var isBetterWhenHigh: Bool { self != .drifting }

    /// What a good province reaches (Sichuan's bulletins): 上线率 99.5 %, 轨迹完整率 99.4 %, 数据合格率 99.8 %, 漂移率 1.0 %.
    package var reference: Double? {
        switch self {
        case .online: 0.995
        case .trackComplete: 0.994
        case .dataQualified: 0.998
        case .drifting: 0.01
        default: nil
        }
    }
}
