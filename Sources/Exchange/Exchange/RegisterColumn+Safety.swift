/// The columns of the registers that safety and planning rest on.
extension ColumnRule {
    static let zones: [ColumnRule] =
        [
            needs(.zoneID, "限行区编号", "区域编号", "编号"), needs(.name, "名称", "限行区名称", "区域名称"),
            may(.rule, "规定", "限行规定", "限行类型"), may(.days, "限行日", "星期", "适用日"),
            may(.from, "开始时刻", "限行开始", "起"), may(.to, "结束时刻", "限行结束", "止"),
            may(.permitPlates, "通行证车牌", "持证车辆", "通行证"),
            may(.validFrom, "有效期起", "生效日期", "起始日期"), may(.validTo, "有效期止", "失效日期", "终止日期"),
        ] + fences

    static let accidents: [ColumnRule] = [
        needs(.accidentID, "事故编号", "编号", "案件编号"), needs(.occurredAt, "发生时间", "事故时间", "事故发生时间"),
        may(.plate, "车牌", "车牌号", "车牌号码", "号牌", "号牌号码"), may(.company, "企业", "所属企业", "企业名称", "公司"), area,
        may(.severity, "等级", "事故等级", "严重程度", "事故类型"),
        may(.deathsWithin7Days, "7日内死亡人数", "7天内死亡人数", "七日内死亡人数"),
        may(.deathsWithin30Days, "30日内死亡人数", "30天内死亡人数", "三十日内死亡人数"),
        may(.injuries, "受伤人数", "伤", "受伤"), may(.rightTurn, "右转", "是否右转", "右转弯"), may(.latitude, "纬度"),
        may(.longitude, "经度"), may(.coordinates, "坐标系", "坐标系统"), may(.source, "来源", "数据来源", "出处"),
    ]

    static let baselines: [ColumnRule] = [
        needs(.year, "年份", "年度", "年"), area, may(.company, "企业", "所属企业", "企业名称", "公司"),
        may(.vehicleKind, "车型", "车辆类型", "车辆类别"), may(.vehicles, "车辆数", "车辆", "保有量"),
        may(.vehicleKilometres, "车公里", "行驶里程", "总里程"), may(.volume, "方量", "供应量", "供应方量"),
        may(.accidents, "事故数", "事故起数", "事故"), may(.fatalAccidents, "死亡事故数", "死亡事故起数", "死亡事故"),
        may(.deaths, "死亡人数", "死亡"), may(.deathWindowDays, "死亡统计天数", "死亡口径天数", "统计天数"),
        may(.source, "来源", "数据来源", "出处"),
    ]

    static let plans: [ColumnRule] = [
        needs(.year, "年份", "年度", "规划年", "年"), ColumnRule(.district, isRequired: true, areaAliases),
        may(.product, "产品", "品种", "产品名称"), may(.plannedCapacity, "产能", "生产能力"),
        may(.supply, "供应量", "产量", "供应"), may(.unit, "单位", "计量单位"),
    ]
}
