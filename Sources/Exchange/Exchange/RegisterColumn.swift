import Registers

/// A column of a register by the contract's name.
enum RegisterColumn: String, CaseIterable {
    case plantID = "plant_id"
    case siteID = "site_id"
    case placeID = "place_id"
    case ticketID = "ticket_id"
    case name, plate, terminal, company, district, parent
    case creditCode = "credit_code"
    case licenceNumber = "licence_no"
    case licenceKind = "licence_kind"
    case permitNumber = "permit_no"
    case approvedPlants = "approved_plants"
    case kind, status
    case validFrom = "valid_from"
    case validTo = "valid_to"
    case registeredFrom = "registered_from"
    case registeredTo = "registered_to"
    case capacityPerYear = "capacity_m3_per_year"
    case capacity = "capacity_m3"
    case tare = "tare_t"
    case grossLimit = "gross_limit_t"
    case homePlant = "home_plant"
    case blindSpotCamera = "blind_spot_camera"
    case product
    case volume = "volume_m3"
    case issuedAt = "issued_at"
    case contact, dialect, rule, days, from, to, severity, injuries, year, vehicles, accidents, deaths, source
    case plannedCapacity = "capacity"
    case supply, unit
    case zoneID = "zone_id"
    case permitPlates = "permit_plates"
    case accidentID = "accident_id"
    case occurredAt = "occurred_at"
    case deathsWithin7Days = "deaths_within_7_days"
    case deathsWithin30Days = "deaths_within_30_days"
    case rightTurn = "right_turn"
    case vehicleKind = "vehicle_kind"
    case vehicleKilometres = "vehicle_km"
    case fatalAccidents = "fatal_accidents"
    case deathWindowDays = "death_window_days"
    case drumForward = "drum_forward"
    case rightCameraChannel = "right_camera_channel"
    case latitude = "lat"
    case longitude = "lon"
    case radius = "radius_m"
    case fence = "fence_wkt"
    case coordinates
}

/// One column of one kind of register: whether it must be there, and the Chinese headers it also goes by.
struct ColumnRule {
    let column: RegisterColumn
    let isRequired: Bool
    let aliases: [String]

    init(_ column: RegisterColumn, isRequired: Bool, _ aliases: [String]) {
        self.column = column
        self.isRequired = isRequired
        self.aliases = aliases
    }

    static func needs(_ column: RegisterColumn, _ aliases: String...) -> ColumnRule {
        ColumnRule(column, isRequired: true, aliases)
    }

    static func may(_ column: RegisterColumn, _ aliases: String...) -> ColumnRule {
        ColumnRule(column, isRequired: false, aliases)
    }

    /// The columns of `kind` in the contract's order.
    static func columns(of kind: RegisterKind) -> [ColumnRule] {
        switch kind {
        case .plants: self.plants
        case .sites: self.sites
        case .places: self.places
        case .vehicles: self.vehicles
        case .terminals: self.terminals
        case .tickets: self.tickets
        case .companies: self.companies
        case .districts: self.districts
        case .zones: self.zones
        case .accidents: self.accidents
        case .baselines: self.baselines
        case .plans: self.plans
        }
    }
}

extension ColumnRule {
    static let fences: [ColumnRule] = [
        may(.latitude, "纬度"), may(.longitude, "经度"), may(.radius, "半径", "围栏半径", "半径米"),
        may(.fence, "围栏", "电子围栏", "围栏坐标", "围栏wkt"), may(.coordinates, "坐标系", "坐标系统"),
    ]
    private static let validity: [ColumnRule] = [
        needs(.validFrom, "有效期起", "有效期自", "有效期始", "有效期开始", "生效日期", "起始日期"),
        may(.validTo, "有效期止", "有效期至", "有效期终", "有效期结束", "失效日期", "终止日期"),
    ]
    static let areaAliases = ["区县", "区划", "县区", "县市区", "行政区", "行政区划", "所在区县", "区划代码"]
    static let area = ColumnRule(.district, isRequired: false, areaAliases)
    private static let credit = may(.creditCode, "统一社会信用代码", "信用代码", "社会信用代码")
    private static let plate = needs(.plate, "车牌", "车牌号", "车牌号码", "号牌", "号牌号码")
    private static let terminal = needs(
        .terminal, "终端号", "终端", "终端编号", "终端手机号", "终端id", "设备号", "设备编号", "sim卡号", "手机号")

    private static let plants: [ColumnRule] =
        [
            needs(.plantID, "站点编号", "企业编号", "搅拌站编号", "站编号", "编号"),
            needs(.name, "名称", "站点名称", "企业名称", "搅拌站名称", "搅拌站"), credit,
            may(.licenceNumber, "资质证书编号", "资质证书号", "证书编号", "资质编号", "备案编号", "许可证号", "许可证编号"),
            needs(.licenceKind, "资质类别", "资质类型", "类别", "资质种类"), needs(.status, "状态", "资质状态"),
        ] + validity + [
            area, may(.capacityPerYear, "年产能", "产能", "设计年产能", "年生产能力"),
        ] + fences

    private static let sites: [ColumnRule] =
        [
            needs(.siteID, "工地编号", "项目编号", "工程编号", "编号"),
            needs(.name, "名称", "工地名称", "项目名称", "工程名称"),
            may(.permitNumber, "施工许可证号", "施工许可证编号", "施工许可证", "许可证号"),
            needs(.status, "状态", "工地状态", "项目状态", "工程状态"),
        ] + validity + [
            area, may(.approvedPlants, "准入搅拌站", "准入站点", "准入企业", "供应单位", "供应站点"),
        ] + fences

    private static let places: [ColumnRule] =
        [
            needs(.placeID, "地点编号", "场所编号", "编号"), needs(.name, "名称", "地点名称", "场所名称"),
            needs(.kind, "类别", "类型", "地点类型", "场所类型"),
        ] + fences

    private static let vehicles: [ColumnRule] = [
        plate, terminal, needs(.kind, "车型", "车辆类型", "车辆类别", "类型", "类别"),
        may(.company, "企业", "所属企业", "企业名称", "运输企业", "所属公司", "公司"),
        may(.capacity, "容积", "搅动容量", "罐容", "搅拌筒容量", "方量"),
        may(.tare, "整备质量", "自重", "空车质量", "皮重"),
        may(.grossLimit, "总质量限值", "总质量", "最大总质量", "限重"),
        may(.homePlant, "所属搅拌站", "所属站点", "驻站", "所属站"),
        may(.registeredFrom, "登记日期起", "登记起", "登记日期", "注册日期", "启用日期"),
        may(.registeredTo, "登记日期止", "登记止", "注销日期", "停用日期"),
        may(.blindSpotCamera, "盲区摄像头", "右侧盲区摄像头", "盲区监测", "右侧盲区监测"),
    ]

    private static let terminals: [ColumnRule] = [
        terminal, may(.dialect, "协议", "通信协议"), may(.drumForward, "正转含义", "滚筒正转", "正转"),
        may(.rightCameraChannel, "右侧摄像头通道", "右侧盲区通道", "右侧通道"), may(.coordinates, "坐标系", "坐标系统"),
    ]

    private static let tickets: [ColumnRule] = [
        needs(.ticketID, "发货单号", "发货单编号", "送货单号", "票号", "小票号", "运单号", "单号"),
        needs(.plantID, "站点编号", "企业编号", "搅拌站编号", "搅拌站", "供应站点"),
        needs(.siteID, "工地编号", "项目编号", "工程编号", "工地"), plate,
        may(.product, "产品", "强度等级", "品种", "产品名称", "标号"),
        may(.volume, "方量", "数量", "发货方量", "本车方量"),
        needs(.issuedAt, "发货时间", "开票时间", "出站时间", "出厂时间", "签发时间"),
    ]

    private static let companies: [ColumnRule] = [
        needs(.company, "企业", "企业编号", "企业名称", "公司", "名称", "编号"), credit,
        may(.kind, "类别", "类型", "企业类型", "企业类别"), area, may(.contact, "联系人", "联系方式", "联系电话"),
    ]

    private static let districts: [ColumnRule] =
        [
            ColumnRule(.district, isRequired: true, areaAliases + ["代码", "编号", "区县编号", "区县代码"]),
            needs(.name, "名称", "区县名称", "区划名称"), may(.parent, "上级", "上级区划", "所属市", "上级代码"),
        ] + fences.filter { $0.column == .fence || $0.column == .coordinates }
}
