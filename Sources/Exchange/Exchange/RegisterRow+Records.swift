import Registers
import Telemetry

/// From the cells of a row to the typed record of its register.
extension RegisterRow {
    /// `nil` when a required value is missing or wrong; `errors` says which.
    mutating func record(of kind: RegisterKind) -> RegisterRecord? {
        switch kind {
        case .plants: self.plant().map(RegisterRecord.plant)
        case .sites: self.site().map(RegisterRecord.site)
        case .places: self.place().map(RegisterRecord.place)
        case .vehicles: self.vehicle().map(RegisterRecord.vehicle)
        case .terminals: self.terminalSettings().map(RegisterRecord.terminal)
        case .tickets: self.ticket().map(RegisterRecord.ticket)
        case .companies: self.company().map(RegisterRecord.company)
        case .districts: self.districtRow().map(RegisterRecord.district)
        case .zones: self.zone().map(RegisterRecord.zone)
        case .accidents: self.accident().map(RegisterRecord.accident)
        case .baselines: self.baseline().map(RegisterRecord.baseline)
        case .plans: self.plan().map(RegisterRecord.plan)
        }
    }

    private mutating func plant() -> Plant? {
        let plantID = self.required(.plantID) { $0.id($1) }
        let name = self.required(.name) { $0.text($1) }
        let creditCode = self.creditCode()
        let licenceNumber = self.id(.licenceNumber)
        let licenceKind = self.required(.licenceKind) { $0.choice($1, Self.licenceKinds) }
        let status = self.required(.status) { $0.choice($1, Self.plantStatuses) }
        let period = self.period(from: .validFrom, to: .validTo, isOpenWithoutStart: false)
        let district = self.area()
        let capacity = self.number(.capacityPerYear, in: 0...1e9)
        let fence = self.fence(isRequired: true)
        guard let plantID, let name, let licenceKind, let status, let period, let fence else { return nil }
        return Plant(
            plantID: plantID, name: name, creditCode: creditCode, licenceNumber: licenceNumber,
            licenceKind: licenceKind, status: status, period: period, district: district, capacityPerYear: capacity,
            fence: fence)
    }

    private mutating func site() -> Site? {
        let siteID = self.required(.siteID) { $0.id($1) }
        let name = self.required(.name) { $0.text($1) }
        let permitNumber = self.id(.permitNumber)
        let status = self.required(.status) { $0.choice($1, Self.siteStatuses) }
        let period = self.period(from: .validFrom, to: .validTo, isOpenWithoutStart: false)
        let district = self.area()
        let approvedPlants = self.list(.approvedPlants)
        let fence = self.fence(isRequired: true)
        guard let siteID, let name, let status, let period, let fence else { return nil }
        return Site(
            siteID: siteID, name: name, permitNumber: permitNumber, status: status, period: period,
            district: district, approvedPlants: approvedPlants, fence: fence)
    }

    private mutating func place() -> Place? {
        let placeID = self.required(.placeID) { $0.id($1) }
        let name = self.required(.name) { $0.text($1) }
        let kind = self.required(.kind) { $0.choice($1, Self.placeKinds) }
        let fence = self.fence(isRequired: true)
        guard let placeID, let name, let kind, let fence else { return nil }
        return Place(placeID: placeID, name: name, kind: kind, fence: fence)
    }

    private mutating func vehicle() -> Vehicle? {
        let plate = self.required(.plate) { $0.plate($1) }
        let terminal = self.required(.terminal) { $0.terminal($1) }
        let kind = self.required(.kind) { $0.choice($1, Self.vehicleKinds) }
        let company = self.text(.company)
        let capacity = self.number(.capacity, in: 0...200)
        let tare = self.number(.tare, in: 0...200)
        let grossLimit = self.number(.grossLimit, in: 0...200)
        let homePlant = self.id(.homePlant)
        let period = self.period(from: .registeredFrom, to: .registeredTo, isOpenWithoutStart: true)
        let blindSpotCamera = self.boolean(.blindSpotCamera)
        self.checkVIN()
        guard let plate, let terminal, let kind, let period else { return nil }
        return Vehicle(
            plate: plate, terminal: terminal, kind: kind, company: company, capacityCubicMetres: capacity,
            tareTonnes: tare, grossLimitTonnes: grossLimit, homePlant: homePlant, period: period,
            blindSpotCamera: blindSpotCamera)
    }

    private mutating func terminalSettings() -> TerminalSettings? {
        let terminal = self.required(.terminal) { $0.terminal($1) }
        let dialect = self.id(.dialect)?.lowercased()
        let drumForward = self.choice(.drumForward, Self.drumMeanings)
        // Items 0x15 and 0x16 of JT/T 808 have a bit for each of 32 channels: of a higher one nothing is ever said.
        let channel = self.number(.rightCameraChannel, in: 1...32)
        if let channel, channel != channel.rounded() {
            self.fail(.rightCameraChannel, zh: "须为整数", en: "must be a whole number")
        }
        let coordinates = self.coordinateSystem()
        guard let terminal else { return nil }
        return TerminalSettings(
            terminal: terminal, dialect: dialect, drumForward: drumForward,
            rightCameraChannel: channel.map { Int($0) }, coordinates: coordinates)
    }

    private mutating func ticket() -> Ticket? {
        let ticketID = self.required(.ticketID) { $0.id($1) }
        let plantID = self.required(.plantID) { $0.id($1) }
        let siteID = self.required(.siteID) { $0.id($1) }
        let plate = self.required(.plate) { $0.plate($1) }
        let product = self.text(.product)
        let volume = self.number(.volume, in: 0...1000)
        let issuedAt = self.required(.issuedAt) { $0.moment($1) }
        guard let ticketID, let plantID, let siteID, let plate, let issuedAt else { return nil }
        return Ticket(
            ticketID: ticketID, plantID: plantID, siteID: siteID, plate: plate, product: product,
            volumeCubicMetres: volume, issuedAt: issuedAt)
    }

    private mutating func company() -> Company? {
        let company = self.required(.company) { $0.id($1) }
        let creditCode = self.creditCode()
        let kind = self.text(.kind)
        let district = self.area()
        let contact = self.text(.contact)
        guard let company else { return nil }
        return Company(company: company, creditCode: creditCode, kind: kind, district: district, contact: contact)
    }

    private mutating func districtRow() -> District? {
        let district = self.required(.district) { $0.id($1) }
        if let district { self.warn(.district, NationalFormats.districtCode(district)) }
        let name = self.required(.name) { $0.text($1) }
        let parent = self.id(.parent)
        let fence = self.fence(isRequired: false)
        guard let district, let name else { return nil }
        return District(district: district, name: name, parent: parent, fence: fence)
    }
}

/// Values that several registers have in common.
extension RegisterRow {
    mutating func plate(_ column: RegisterColumn) -> String? {
        guard let text = self.id(column) else { return nil }
        let plate = NationalFormats.normalisedPlate(text)
        if plate != text {
            self.warn(column, Remark(zh: "车牌按 \(plate) 导入", en: "the plate is taken as \(plate)"))
        }
        self.warn(column, NationalFormats.plate(plate))
        return plate
    }

    private mutating func terminal(_ column: RegisterColumn) -> String? {
        guard let text = self.id(column)?.halfWidth else { return nil }
        if TerminalID(text) == nil {
            self.warn(
                column,
                Remark(
                    zh: "没有主题能带这个终端名（须为 1–32 个 A-Z a-z 0-9 _ -）",
                    en: "no topic can carry this terminal's name (1–32 of A-Z a-z 0-9 _ -)"))
        }
        return text
    }

    private mutating func creditCode() -> String? {
        guard let text = self.id(.creditCode) else { return nil }
        let code = text.halfWidth.uppercased()
        guard let remark = NationalFormats.creditCode(code) else { return code }
        self.warn(.creditCode, remark)
        return text
    }

    mutating func area() -> String? {
        guard let text = self.id(.district) else { return nil }
        self.warn(.district, NationalFormats.districtCode(text))
        return text
    }

    private static let licenceKinds: [String: Plant.LicenceKind] = [
        "混凝土": .concrete, "预拌混凝土": .concrete, "商品混凝土": .concrete, "商混": .concrete, "预拌混凝土专业承包": .concrete,
        "砂浆": .mortar, "预拌砂浆": .mortar, "干混砂浆": .mortar, "湿拌砂浆": .mortar, "水泥": .cement, "散装水泥": .cement,
    ]
    private static let plantStatuses: [String: Plant.Status] = [
        "有效": .valid, "正常": .valid, "整改": .rectifying, "整改中": .rectifying, "限期整改": .rectifying,
        "暂停": .suspended, "暂扣": .suspended, "停产": .suspended, "吊销": .revoked, "撤销": .revoked, "撤回": .revoked,
        "注销": .cancelled,
    ]
    private static let siteStatuses: [String: Site.Status] = [
        "在建": .active, "施工": .active, "施工中": .active, "停工": .suspended, "暂停": .suspended, "竣工": .completed,
        "完工": .completed, "已竣工": .completed,
    ]
    private static let placeKinds: [String: Place.Kind] = [
        "车队": .depot, "车场": .depot, "场站": .depot, "车队场地": .depot, "加油站": .fuel, "加油": .fuel,
        "地磅": .weighbridge, "过磅": .weighbridge, "磅房": .weighbridge, "洗车": .wash, "洗车场": .wash, "洗车点": .wash,
        "停车": .parking, "停车场": .parking, "筒仓": .silo, "料仓": .silo, "水泥库": .silo,
    ]
    static let vehicleKinds: [String: Vehicle.Kind] = [
        "搅拌车": .mixer, "混凝土搅拌车": .mixer, "混凝土搅拌运输车": .mixer, "搅拌运输车": .mixer, "罐车": .mixer,
        "散装水泥车": .bulkCement, "散装水泥运输车": .bulkCement, "水泥罐车": .bulkCement, "粉罐车": .bulkCement,
        "砂浆车": .mortar, "砂浆运输车": .mortar, "预拌砂浆车": .mortar, "干混砂浆车": .mortar,
    ]
    private static let drumMeanings: [String: TerminalSettings.DrumForward] = [
        "mix": .mixes, "mixing": .mixes, "load": .mixes, "positive": .mixes, "true": .mixes, "1": .mixes,
        "搅拌": .mixes, "进料": .mixes, "装料": .mixes, "discharge": .discharges, "discharging": .discharges,
        "negative": .discharges, "false": .discharges, "-1": .discharges, "卸料": .discharges, "出料": .discharges,
    ]
}
