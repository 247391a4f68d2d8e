import Geodesy
import Registers

/// From the cells of a row to zones, accidents, baselines and plans.
extension RegisterRow {
    mutating func zone() -> Zone? {
        let zoneID = self.required(.zoneID) { $0.id($1) }
        let name = self.required(.name) { $0.text($1) }
        let rule = self.text(.rule)
        let days = self.weekdays(.days)
        let from = self.minuteOfDay(.from)
        let to = self.minuteOfDay(.to)
        if (self.cell(.from) == nil) != (self.cell(.to) == nil) {
            self.fail(
                self.cell(.from) == nil ? .from : .to, zh: "开始与结束时刻须同时填写", en: "from and to go together")
        }
        let plates = self.list(.permitPlates).map(NationalFormats.normalisedPlate)
        let fence = self.fence(isRequired: true)
        let period = self.period(from: .validFrom, to: .validTo, isOpenWithoutStart: true)
        guard let zoneID, let name, let fence, let period else { return nil }
        return Zone(
            zoneID: zoneID, name: name, rule: rule, days: days, fromMinute: from, toMinute: to,
            permitPlates: Set(plates), fence: fence, period: period)
    }

    mutating func accident() -> Accident? {
        let accidentID = self.required(.accidentID) { $0.id($1) }
        let occurredAt = self.required(.occurredAt) { $0.moment($1) }
        let plate = self.plate(.plate)
        let company = self.text(.company)
        let district = self.area()
        let severity = self.choice(.severity, Self.severities)
        let within7 = self.whole(.deathsWithin7Days, in: 0...10_000)
        let within30 = self.whole(.deathsWithin30Days, in: 0...10_000)
        let injuries = self.whole(.injuries, in: 0...100_000)
        let isRightTurn = self.boolean(.rightTurn)
        let coordinate = self.point()
        let source = self.text(.source)
        if let within7, let within30, within7 > within30 {
            self.fail(
                .deathsWithin7Days, zh: "7 日内死亡人数多于 30 日内", en: "more deaths within 7 days than within 30")
        }
        guard let accidentID, let occurredAt else { return nil }
        let accident = Accident(
            accidentID: accidentID, occurredAt: occurredAt, plate: plate, company: company, district: district,
            severity: severity, deathsWithin7Days: within7, deathsWithin30Days: within30, injuries: injuries,
            isRightTurn: isRightTurn, coordinate: coordinate, source: source)
        self.warn(.severity, accident.contradiction)
        return accident
    }

    mutating func baseline() -> Baseline? {
        let year = self.required(.year) { $0.whole($1, in: 2000...2200) }
        let district = self.area()
        let company = self.text(.company)
        let kind = self.choice(.vehicleKind, Self.vehicleKinds)
        let vehicles = self.reported(.vehicles, in: 0...1e9)
        let kilometres = self.reported(.vehicleKilometres, in: 0...1e15)
        let volume = self.reported(.volume, in: 0...1e15)
        let accidents = self.whole(.accidents, in: 0...1_000_000_000)
        let fatalAccidents = self.whole(.fatalAccidents, in: 0...1_000_000_000)
        let deaths = self.whole(.deaths, in: 0...1_000_000_000)
        let window = self.whole(.deathWindowDays, in: 0...3660)
        let source = self.text(.source)
        if let accidents, let fatalAccidents, fatalAccidents > accidents {
            self.fail(.fatalAccidents, zh: "死亡事故多于全部事故", en: "more fatal accidents than accidents")
        }
        guard let year else { return nil }
        let baseline = Baseline(
            year: year, district: district, company: company, vehicleKind: kind, vehicles: vehicles,
            vehicleKilometres: kilometres, volumeCubicMetres: volume, accidents: accidents,
            fatalAccidents: fatalAccidents, deaths: deaths, deathWindowDays: window, source: source)
        self.warn(.deaths, baseline.contradiction)
        return baseline
    }

    mutating func plan() -> Plan? {
        let year = self.required(.year) { $0.whole($1, in: 1900...2200) }
        let district = self.required(.district) { $0.id($1) }
        let product = self.id(.product)
        let capacity = self.reported(.plannedCapacity, in: 0...1e15)
        let supply = self.reported(.supply, in: 0...1e15)
        let unit = self.id(.unit)
        guard let year, let district else { return nil }
        return Plan(year: year, district: district, product: product, capacity: capacity, supply: supply, unit: unit)
    }

    private static let severities: [String: Accident.Severity] = [
        "财产损失": .property, "财产损失事故": .property, "伤人": .injury, "伤人事故": .injury, "死亡": .fatal, "死亡事故": .fatal,
        "亡人": .fatal, "亡人事故": .fatal, "一般": .ordinary, "一般事故": .ordinary, "较大": .larger, "较大事故": .larger,
        "重大": .major, "重大事故": .major, "特别重大": .extraordinary, "特别重大事故": .extraordinary, "特大": .extraordinary,
    ]
}

/// Kinds of cells that these registers have in common.
extension RegisterRow {
    /// Published tables mark what was not reported with a dash; that is unknown, not 0.
    private func isReported(_ column: RegisterColumn) -> Bool {
        guard let text = self.cell(column)?.halfWidth else { return false }
        return !["-", "–", "—", "——", "/", "…"].contains(text)
    }

    private mutating func reported(_ column: RegisterColumn, in range: ClosedRange<Double>) -> Double? {
        self.isReported(column) ? self.number(column, in: range) : nil
    }

    private mutating func whole(_ column: RegisterColumn, in range: ClosedRange<Int>) -> Int? {
        let limits = Double(range.lowerBound)...Double(range.upperBound)
        guard let number = self.reported(column, in: limits) else { return nil }
        guard number == number.rounded() else {
            self.fail(column, zh: "须为整数", en: "must be a whole number")
            return nil
        }
        return Int(number)
    }

    /// Latitude and longitude, both or neither.
    private mutating func point() -> Coordinate? {
        let failures = self.errors.count
        let system = self.coordinateSystem() ?? .wgs84
        guard self.cell(.latitude) != nil || self.cell(.longitude) != nil else { return nil }
        let latitude = self.required(.latitude) { $0.number($1, in: -90...90) }
        let longitude = self.required(.longitude) { $0.number($1, in: -180...180) }
        guard self.errors.count == failures, let latitude, let longitude else { return nil }
        let point = system.wgs84(latitude: latitude, longitude: longitude)
        return Coordinate(latitude: point.latitude, longitude: point.longitude)
    }

    /// `7:00`, `07:00`, `0700`, `24:00`, in minutes since midnight.
    private mutating func minuteOfDay(_ column: RegisterColumn) -> Int? {
        guard let text = self.cell(column)?.halfWidth else { return nil }
        var parts = text.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count == 1, text.utf8.count == 4 { parts = [text.prefix(2), text.suffix(2)] }
        // Spreadsheets write the seconds as well.
        if parts.count == 3, parts[2] == "00" { parts.removeLast() }
        guard parts.count == 2, let hour = Self.digits(parts[0]), let minute = Self.digits(parts[1]), minute < 60,
            hour * 60 + minute <= 24 * 60
        else {
            self.fail(column, zh: "不是时刻，如 07:00", en: "not a time of day such as 07:00")
            return nil
        }
        return (hour * 60 + minute) % (24 * 60)
    }

    private static func digits(_ text: Substring) -> Int? {
        (1...2).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }

    /// Days of the week, 1 Monday to 7 Sunday: `1;2;3`, `1-5`, `mon-fri`, `周一至周五`, `工作日`, `每天`.
    private mutating func weekdays(_ column: RegisterColumn) -> Set<Int> {
        var days: Set<Int> = []
        let separators: Set<Character> = [";", "；", "、", ",", " "]
        guard let text = self.cell(column)?.halfWidth.lowercased() else { return days }
        for part in text.split(whereSeparator: { separators.contains($0) }) {
            if let known = Self.dayGroups[String(part)] {
                days.formUnion(known)
                continue
            }
            let ends = part.split(whereSeparator: { $0 == "-" || $0 == "至" || $0 == "~" }).map { Self.weekday($0) }
            guard (1...2).contains(ends.count), let first = ends[0], let last = ends.last ?? nil, first <= last else {
                self.fail(column, zh: "不是星期，如 1;2;3、1-5、工作日", en: "not days of the week such as 1;2;3 or 1-5")
                return []
            }
            days.formUnion(first...last)
        }
        return days
    }

    private static let dayGroups: [String: ClosedRange<Int>] = [
        "每天": 1...7, "每日": 1...7, "全周": 1...7, "daily": 1...7, "all": 1...7, "工作日": 1...5, "weekdays": 1...5,
        "周末": 6...7, "双休日": 6...7, "weekend": 6...7,
    ]

    private static func weekday(_ text: Substring) -> Int? {
        if let number = Int(text) { return (1...7).contains(number) ? number : nil }
        if let english = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].firstIndex(of: String(text.prefix(3))) {
            return english + 1
        }
        let day = text.drop { "星期周礼拜".contains($0) }
        guard day.count == 1, let character = day.first else { return nil }
        return Array("一二三四五六日").firstIndex(of: character).map { $0 + 1 } ?? (character == "天" ? 7 : nil)
    }
}
