import Chronology

/// What the rules are called in Chinese (the catalogue's names).
enum RuleTitle {
    /// The code itself for a rule without a name here.
    static func zh(_ code: String) -> String { Self.names[code] ?? code }

    private static let names = [
        "unlicensed-origin": "无资质来源", "licence-invalid": "资质失效", "licence-scope": "资质范围不符",
        "over-capacity": "超产能", "name-lending": "出借资质（挂靠）", "suspected-plant": "疑似搅拌点",
        "cement-to-unregistered": "水泥流向异常", "unregistered-destination": "未登记工地",
        "diversion": "改道卸料（盗卖）", "partial-diversion": "部分卸料盗卖", "supplier-not-approved": "供应商不在名单",
        "on-site-mixing": "现场搅拌", "ticket-missing": "有车无票", "ghost-ticket": "有票无车",
        "ticket-truck-mismatch": "车票不符", "ticket-time-mismatch": "时间不符", "ticket-volume-mismatch": "方量不符",
        "overload": "超载", "duplicate-ticket": "重复票", "over-age": "超时混凝土",
        "mid-route-stop": "途中停车（疑似加水、偷卸）", "night-pour": "夜间浇筑", "gap-in-haul": "在途断点",
        "dark-stay": "失联停留", "jamming": "疑似屏蔽", "frozen-position": "位置冻结", "teleport": "定位跳变",
        "replayed-track": "轨迹重放", "cloned-identity": "一机两地、套牌", "clock-fault": "时间异常",
        "off-corridor": "偏离常规路线", "long-stop": "异常停留",
    ]
}

/// Moments as clocks in China show them.
enum ChinaTime {
    /// `2026-03-02 16:15:30`
    static func text(_ instant: Instant?) -> String {
        guard let instant else { return "—" }
        let day = instant.date(at: .shanghai)
        return day.description + " " + Self.clock(instant)
    }

    /// `16:15:30`
    static func clock(_ instant: Instant) -> String {
        let day = instant.date(at: .shanghai)
        let second = Int(instant.seconds(since: Instant(startOf: day, at: .shanghai)))
        func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
        return two(second / 3600) + ":" + two(second / 60 % 60) + ":" + two(second % 60)
    }
}
