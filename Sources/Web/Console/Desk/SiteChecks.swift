package import Suspicions

/// What an officer looks at on the spot, by the rules that hit. Each line asks for what would clear the suspicion as
/// much as for what would prove it.
package enum SiteChecks {
    package static func list(for judged: JudgedDelivery) -> [Statement] {
        var found: [Statement] = []
        for rule in judged.suspicions {
            for check in self.byRule[rule] ?? [] where !found.contains(check) { found.append(check) }
        }
        for check in self.always where !found.contains(check) { found.append(check) }
        return found
    }

    private static let origin = Statement(
        zh: "装料地点是否有搅拌设备、料仓、砂石堆场；查看资质证书、营业执照与备案，拍照并记录查询时间",
        en:
            "At the loading place: mixer, silos, aggregate heaps; see licence, business licence and filing, photograph, "
            + "note the time of the query")
    private static let batches = Statement(
        zh: "调取生产任务单、配料电脑记录与过磅单，核对时间、方量和车牌",
        en: "Production orders, batching computer and weighbridge records: compare time, volume and plate")
    private static let site = Statement(
        zh: "卸料地点是否为工程现场：施工许可、建设与监理单位、浇筑部位与进场验收记录",
        en: "At the place of unloading: is it a site? Permit, owner, supervisor, part poured, acceptance record")
    private static let ticket = Statement(
        zh: "向司机与工地分别索取发货单原件，核对票号、车牌、强度等级、方量与签收人",
        en: "Delivery note in the original from driver and from site: number, plate, grade, volume, who signed")
    private static let driver = Statement(
        zh: "分别询问司机停车原因与去向，核对维修、加油、用餐凭证", en: "Ask the driver why and where he stood; receipts of repair, fuel, meals")
    private static let terminal = Statement(
        zh: "检查车载终端、天线、电源与封签，核对安装记录、设备号与车牌，查看有无屏蔽器",
        en: "Terminal, antenna, power and seals; installation record, device number against plate; any jammer")
    private static let quality = Statement(
        zh: "测坍落度与出机时间，留置见证试件，查看是否加水", en: "Slump and time of batching, witnessed specimens, signs of added water")
    private static let weight = Statement(
        zh: "过磅复核总质量，核对行驶证核定载质量", en: "Weigh the truck; compare with the approved mass")
    private static let camera = Statement(
        zh: "检查右侧盲区摄像头画面、遮挡与接线，核对维修记录", en: "Right blind-spot camera: picture, cover, cable; repair record")

    private static let byRule: [String: [Statement]] = [
        "unlicensed-origin": [Self.origin, Self.batches, Self.ticket], "licence-invalid": [Self.origin, Self.batches],
        "licence-scope": [Self.origin, Self.batches], "over-capacity": [Self.batches],
        "name-lending": [Self.ticket, Self.batches, Self.origin], "suspected-plant": [Self.origin, Self.batches],
        "cement-to-unregistered": [Self.origin], "unregistered-destination": [Self.site, Self.ticket],
        "diversion": [Self.site, Self.ticket, Self.driver],
        "partial-diversion": [Self.driver, Self.weight, Self.ticket],
        "supplier-not-approved": [Self.ticket, Self.site], "on-site-mixing": [Self.site],
        "ticket-missing": [Self.ticket, Self.batches], "ghost-ticket": [Self.ticket, Self.batches],
        "ticket-truck-mismatch": [Self.ticket, Self.batches], "ticket-time-mismatch": [Self.ticket],
        "ticket-volume-mismatch": [Self.ticket, Self.weight], "overload": [Self.weight],
        "duplicate-ticket": [Self.ticket, Self.batches], "over-age": [Self.quality, Self.ticket],
        "mid-route-stop": [Self.driver, Self.quality], "long-stop": [Self.driver], "off-corridor": [Self.driver],
        "gap-in-haul": [Self.terminal, Self.driver], "dark-stay": [Self.terminal, Self.driver],
        "jamming": [Self.terminal], "frozen-position": [Self.terminal], "teleport": [Self.terminal],
        "replayed-track": [Self.terminal], "cloned-identity": [Self.terminal], "clock-fault": [Self.terminal],
        "camera-lost-moving": [Self.camera], "camera-occluded-moving": [Self.camera], "blind-right-turn": [Self.camera],
    ]

    private static let always = [
        Statement(
            zh: "至少两名执法人员到场，出示证件，全过程记录；保存原始数据与证据包",
            en: "Two officers at least, with identification, the whole recorded; keep the originals and the evidence "
                + "package"),
        Statement(
            zh: "听取并记录当事人的解释，逐条核对上面的相反事实", en: "Hear and note the party's explanation; check each of the facts against"),
    ]
}
