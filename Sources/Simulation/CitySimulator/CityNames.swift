import Geodesy
import Registers

/// Names and numbers of the simulated city. None of them is, or sounds like, a real firm's.
enum CityNames {
    /// What a firm does.
    enum CompanyKind: String { case producer, haulier, builder }

    static func plant(_ number: Int) -> String { "模拟\(chinese(number))号混凝土站 Sim Concrete Plant \(number)" }
    static func mortarPlant(_ number: Int) -> String { "模拟\(chinese(number))号砂浆厂 Sim Mortar Plant \(number)" }
    static func cementPlant(_ number: Int) -> String { "模拟\(chinese(number))号水泥厂 Sim Cement Works \(number)" }
    static func hiddenPlant(_ number: Int) -> String { "隐藏拌合点\(chinese(number)) Hidden Plant \(number)" }
    static func site(_ number: Int) -> String { "模拟\(chinese(number))号工地 Sim Site \(number)" }
    static func lot(_ number: Int) -> String { "路外空地\(chinese(number)) Vacant Lot \(number)" }
    static func roadside(_ number: Int) -> String { "路边店\(chinese(number)) Roadside Stop \(number)" }
    static func unregisteredSite(_ number: Int) -> String { "未登记工地\(chinese(number)) Unregistered Site \(number)" }

    static func place(_ kind: Facility.Kind, _ number: Int) -> String {
        let names =
            switch kind {
            case .depot: ("停车场站", "Depot")
            case .fuel: ("加油站", "Fuel Station")
            case .weighbridge: ("地磅", "Weighbridge")
            case .wash: ("洗车点", "Wash Bay")
            case .silo: ("散装水泥中转库", "Cement Silo")
            default: ("货车停车场", "Truck Park")
            }
        return "模拟\(chinese(number))号\(names.0) Sim \(names.1) \(number)"
    }

    static func company(_ kind: CompanyKind, _ number: Int) -> String {
        switch kind {
        case .producer: "模拟\(chinese(number))号建材有限公司 Sim Materials Co. \(number)"
        case .haulier: "模拟运输有限公司 Sim Haulage Co."
        case .builder: "模拟建设有限公司 Sim Construction Co."
        }
    }

    /// 1–199 in Chinese numerals, as firms and stations are counted.
    private static func chinese(_ number: Int) -> String {
        let digits = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"]
        let (hundreds, tens, ones) = (number / 100, number / 10 % 10, number % 10)
        let head = hundreds == 0 ? "" : digits[hundreds % 10] + "百"
        guard tens > 0 else { return head + (hundreds > 0 && ones > 0 ? "零" : "") + digits[ones] }
        return head + (tens == 1 && hundreds == 0 ? "" : digits[tens]) + "十" + digits[ones]
    }

    /// Parts of the plane under the codes of real divisions, because codes are checked; their outlines are not real.
    static let districts: [District] =
        ([
            ("330421", "嘉善县（模拟） Jiashan (simulated)", 0, 0, Self.border, 15_000),
            ("330411", "秀洲区（模拟） Xiuzhou (simulated)", -18_000, 0, 0, 15_000),
            ("330402", "南湖区（模拟） Nanhu (simulated)", 0, -15_000, Self.border, 0),
            ("330424", "海盐县（模拟） Haiyan (simulated)", -18_000, -15_000, 0, 0),
            ("310116", "金山区（模拟） Jinshan (simulated)", Self.border, -15_000, 18_000, 15_000),
        ] as [(String, String, Double, Double, Double, Double)]).map { code, name, west, south, east, north in
            let corners = [
                Point(x: west, y: south), Point(x: east, y: south), Point(x: east, y: north), Point(x: west, y: north),
            ]
            let fence = Fence.polygon(Polygon(rings: [corners.map(Plane.coordinate)]))
            return District(district: code, name: name, parent: String(code.prefix(4)) + "00", fence: fence)
        }

    /// Metres east of the centre where the neighbouring city begins: the last of the districts.
    static let border = 9000.0

    /// The place's district.
    static func district(of point: Point) -> Int {
        point.x > self.border ? 4 : (point.y >= 0 ? 0 : 2) + (point.x >= 0 ? 0 : 1)
    }

    /// A unified social credit code with the check characters of GB 11714 and GB 32100, of a number range that begins
    /// with `MASIM`-like letters which no registrar has used.
    static func creditCode(_ number: Int, district: String) -> String {
        let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY".utf8)
        let digits = String(number)
        let organisation = "MAXX" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        let organisationSum = zip(organisation.utf8, [3, 7, 9, 10, 5, 8, 4, 2]).reduce(0) { sum, pair in
            let (byte, weight) = pair
            let value = byte <= UInt8(ascii: "9") ? Int(byte) - 0x30 : Int(byte) - 0x41 + 10
            return sum + value * weight
        }
        let remainder = 11 - organisationSum % 11
        let check = remainder == 10 ? "X" : remainder == 11 ? "0" : String(remainder)
        let body = "91" + district + organisation + check
        var weight = 1
        var sum = 0
        for byte in body.utf8 {
            sum += (alphabet.firstIndex(of: byte) ?? 0) * weight
            weight = weight * 3 % 31
        }
        let last = alphabet[(31 - sum % 31) % 31]
        return body + String(decoding: [last], as: UTF8.self)
    }

    /// A plate of Jiaxing (浙F) with the form of GA 36: a letter and four digits, another for every truck.
    static func plate(_ number: Int) -> String {
        let letters = Array("ABCDEFGHJKLMNPQRSTUVWXYZ")
        let digits = String(number * 37 % 10_000)
        let letter = letters[(number / 10_000 + 5) % letters.count]
        return "浙F" + String(letter) + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
