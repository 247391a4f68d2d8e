import Chronology
import Exchange
import Geodesy
import Registers
import Testing

@Suite struct RegisterImportTests {
    private func read(_ kind: RegisterKind, _ text: String) -> RegisterImport.Result {
        RegisterImport.read(kind: kind, bytes: Array(text.utf8))
    }

    private func instant(_ text: String) -> Instant? { Instant(rfc3339: text) }

    @Test func aPlantIsReadFromEveryColumn() throws {
        let result = self.read(
            .plants,
            """
            coordinates,plant_id,name,credit_code,licence_no,licence_kind,status,valid_from,valid_to,district,\
            capacity_m3_per_year,lat,lon,radius_m,fence_wkt
            gcj02,P1,海宁第一站,91350100M000100Y43,ZJ-1,concrete,valid,2026-01-01,2026-12-31,330481,600000,\
            30.743799984,120.759819448,150,
            """)
        #expect(result.errors.isEmpty && result.warnings.isEmpty)
        let center = try #require(Coordinate(latitude: 30.7461, longitude: 120.7555))
        let plant = Plant(
            plantID: "P1", name: "海宁第一站", creditCode: "91350100M000100Y43", licenceNumber: "ZJ-1",
            licenceKind: .concrete, status: .valid,
            period: ValidPeriod(
                from: try #require(self.instant("2025-12-31T16:00:00Z")), to: self.instant("2026-12-31T16:00:00Z")),
            district: "330481", capacityPerYear: 600_000, fence: .circle(center: center, radiusMetres: 150))
        #expect(result.records == [.plant(plant)])
        #expect(result.rows.map(\.line) == [2])
        #expect(result.encoding == .utf8)
    }

    @Test func chineseHeadersAndValuesAreUnderstood() throws {
        let result = self.read(
            .plants,
            """
            站点编号,名称,统一社会信用代码,资质证书编号,资质类别,状态,有效期起,有效期止,区县,年产能（m³）,纬度,经度,半径（米）,坐标系
            P1,甲站,91350100M000100Y43,证1,预拌混凝土,正常,2026年3月2日,长期,330481,"1,200,000",３０．５,120.6,２００,高德
            P2,乙站,,,砂浆,吊销,2026/3/2,2026/3/2,330481,,30.5,120.6,200,
            """)
        #expect(result.errors.isEmpty && result.warnings.isEmpty)
        guard case .plant(let first) = result.records.first, case .plant(let second) = result.records.last else {
            Issue.record("no plants")
            return
        }
        #expect(first.period == ValidPeriod(from: try #require(self.instant("2026-03-02T00:00:00+08:00")), to: nil))
        #expect(first.capacityPerYear == 1_200_000)
        #expect(first.fence == (try Fence.circle(latitude: 30.5, longitude: 120.6, radiusMetres: 200, in: .gcj02)))
        #expect(second.status == .revoked && second.licenceKind == .mortar)
        // The last day is included.
        #expect(second.period.to == self.instant("2026-03-03T00:00:00+08:00"))
    }

    @Test func theOtherKindsAreRead() throws {
        let polygon = "\"POLYGON((120.6 30.5,120.61 30.5,120.61 30.51,120.6 30.5))\""
        let sites = self.read(
            .sites,
            "工地编号,工程名称,施工许可证号,状态,有效期起,有效期止,区县,准入搅拌站,围栏\nS1,甲工地,证,在建,2026-01-01,,330402,P1；P2、P1; ;P3,\(polygon)")
        guard case .site(let site) = sites.records.first else {
            Issue.record("\(sites.errors)")
            return
        }
        #expect(site.approvedPlants == ["P1", "P2", "P3"] && site.status == .active && site.period.to == nil)
        #expect(site.fence == (try Fence.parse(wkt: String(polygon.dropFirst().dropLast()), in: .wgs84)))

        let places = self.read(.places, "place_id,name,kind,lat,lon,radius_m\nL1,一号磅,地磅,30,120,50")
        #expect(places.records.first?.key == "L1")
        let vehicles = self.read(
            .vehicles,
            "车牌,终端号,车型,容积,自重,总质量,所属搅拌站,登记日期起,登记日期止,右侧盲区摄像头\n"
                + "浙F·12345,013800138000,搅拌车,12,13.5,31,P1,2026-01-01,2026-06-30,是"
        )
        #expect(
            vehicles.records == [
                .vehicle(
                    Vehicle(
                        plate: "浙F12345", terminal: "013800138000", kind: .mixer, capacityCubicMetres: 12,
                        tareTonnes: 13.5, grossLimitTonnes: 31, homePlant: "P1",
                        period: ValidPeriod(
                            from: try #require(self.instant("2026-01-01T00:00:00+08:00")),
                            to: self.instant("2026-07-01T00:00:00+08:00")),
                        blindSpotCamera: true))
            ])
        #expect(vehicles.warnings.map(\.column) == ["车牌"])
        let plain = self.read(.vehicles, "plate,terminal,kind\n浙F12345,T-1,bulk_cement")
        #expect(plain.records == [.vehicle(Vehicle(plate: "浙F12345", terminal: "T-1", kind: .bulkCement))])

        let terminals = self.read(
            .terminals, "terminal,dialect,drum_forward,right_camera_channel,coordinates\n0138,JT808,卸料,3,gcj02\nT,,,,")
        #expect(
            terminals.records == [
                .terminal(
                    TerminalSettings(
                        terminal: "0138", dialect: "jt808", drumForward: .discharges, rightCameraChannel: 3,
                        coordinates: .gcj02)),
                .terminal(TerminalSettings(terminal: "T")),
            ])
        // A device's items speak of 32 channels: a camera at another would never be known.
        let head = "terminal,dialect,drum_forward,right_camera_channel,coordinates\n"
        for (channel, isTaken) in [(1, true), (32, true), (33, false), (64, false), (0, false)] {
            let found = self.read(.terminals, head + "T,,,\(channel),")
            #expect(found.records.count == (isTaken ? 1 : 0), "\(channel)")
            #expect(found.errors.map(\.column) == (isTaken ? [] : ["right_camera_channel"]), "\(channel)")
        }
        let tickets = self.read(
            .tickets, "发货单号,站点编号,工地编号,车牌号,强度等级,方量,发货时间\nK1,P1,S1,浙F12345,C30,９．５,2026-03-02 08:15")
        #expect(
            tickets.records == [
                .ticket(
                    Ticket(
                        ticketID: "K1", plantID: "P1", siteID: "S1", plate: "浙F12345", product: "C30",
                        volumeCubicMetres: 9.5, issuedAt: try #require(self.instant("2026-03-02T00:15:00Z"))))
            ])
        let companies = self.read(.companies, "company,kind\n甲公司,producer")
        #expect(companies.records == [.company(Company(company: "甲公司", kind: "producer"))])
        let districts = self.read(.districts, "区划代码,名称,上级\n330481,海宁市,330400")
        #expect(districts.records == [.district(District(district: "330481", name: "海宁市", parent: "330400"))])
        #expect(districts.warnings.isEmpty)
    }

    @Test func everyBadCellIsReportedByLineAndColumn() {
        let result = self.read(
            .plants,
            """
            plant_id,名称,licence_kind,status,valid_from,valid_to,capacity_m3_per_year,\
            lat,lon,radius_m,fence_wkt,coordinates
            ,a,concrete,valid,2026-01-01,,,30,120,100,,
            P2,,beton,fine,2026-02-30,soon,much,91,120,100,,
            P3,a,concrete,valid,,,,30,,100,,
            P4,a,concrete,valid,2026-03-02,2026-03-01,-5,30,120,0.5,,
            P5,a,concrete,valid,2026-03-02,,,,,,,
            P6,a,concrete,valid,2026-03-02,,,,,,POLYGON((1 2)),
            P7,a,concrete,valid,2026-03-02,,nan,30,120,1e999,,utm
            P8,a,concrete,valid,2026-03-02
            P9,a,concrete,valid,2026-03-02,,,30,120,100,,
            """)
        #expect(
            result.errors.map { "\($0.line) \($0.column ?? "-")" } == [
                "2 plant_id", "3 名称", "3 licence_kind", "3 status", "3 valid_from", "3 valid_to",
                "3 capacity_m3_per_year", "3 lat", "4 valid_from", "4 lon", "5 valid_to", "5 capacity_m3_per_year",
                "5 radius_m", "6 fence_wkt", "7 fence_wkt", "8 capacity_m3_per_year", "8 coordinates", "8 radius_m",
                "9 -",
            ])
        #expect(result.records.map(\.key) == ["P9"])
        #expect(result.errors.allSatisfy { !$0.message.zh.isEmpty && !$0.message.en.isEmpty })
        #expect(result.errors[0].description == "第 2 行「plant_id」：必填，不能为空 / line 2, plant_id: required, but empty")
    }

    @Test(
        arguments: [
            (RegisterKind.plants, "plant_id,name,licence_kind,status\n", "valid_from"),
            (.vehicles, "plate,kind\n", "terminal"),
            (.places, "place_id;name;kind\n1;2;3", "place_id"), (.tickets, "a\tb\n", "issued_at"),
            (.companies, "x\n", "company"),
        ] as [(RegisterKind, String, String)])
    func missingColumnsAreErrorsOfTheHeader(kind: RegisterKind, text: String, column: String) {
        let result = self.read(kind, text)
        #expect(result.errors.allSatisfy { $0.line == 1 })
        #expect(result.errors.contains { $0.column == column })
        #expect(result.rows.isEmpty)
    }

    @Test func aColumnTwiceIsAnError() {
        let result = self.read(.companies, "company,企业名称\na,b")
        #expect(result.errors.map(\.column) == ["企业名称"])
    }

    @Test func extraColumnsAreLeftOutWithAWarning() {
        let result = self.read(
            .vehicles, "Plate, TERMINAL ,kind,colour,容积(升),VIN,\n浙F12345,T,mixer,red,9000,LZZ5BBSJ0KA000001,")
        #expect(result.errors.isEmpty)
        #expect(result.warnings.map { "\($0.line) \($0.column ?? "-")" } == ["1 colour", "1 容积(升)", "1 VIN", "2 VIN"])
        #expect(result.records == [.vehicle(Vehicle(plate: "浙F12345", terminal: "T", kind: .mixer))])
    }

    @Test func nationalFormatsOnlyWarn() {
        let vehicles = self.read(.vehicles, "plate,terminal,kind\ntruck 1,终端,mixer")
        #expect(vehicles.errors.isEmpty && vehicles.warnings.map(\.column) == ["plate", "terminal"])
        #expect(vehicles.records.first?.key == "truck 1")
        let companies = self.read(.companies, "company,credit_code,district\nC,91350100M000100Y4Z,海宁")
        #expect(companies.errors.isEmpty && companies.warnings.map(\.column) == ["credit_code", "district"])
    }

    @Test func aPolygonWinsOverACircleWithAWarning() throws {
        let wkt = "POLYGON((120 30,120.1 30,120.1 30.1,120 30))"
        let result = self.read(.places, "place_id,name,kind,lat,lon,radius_m,fence_wkt\nL,n,wash,1,,x,\"\(wkt)\"")
        #expect(result.errors.isEmpty)
        #expect(result.warnings.map(\.column) == ["fence_wkt"])
        #expect(result.records.first?.fence == (try Fence.parse(wkt: wkt, in: .wgs84)))
    }

    @Test func unreadableFilesAndKindsAreOneError() {
        let broken = RegisterImport.read(kind: .places, bytes: [0x61, 0x0A, 0xFF])
        #expect(broken.errors.map(\.line) == [2])
        #expect(broken.encoding == nil)
        #expect(RegisterImport.read(kind: .places, bytes: []).errors.count == 1)
        #expect(self.read(.zones, "zone_id,name\n1,2").errors.count == 1)
        #expect(RegisterImport.supportedKinds.count == 12)
        let empty = self.read(.companies, "company\n")
        #expect(empty.errors.isEmpty && empty.warnings.count == 1)
    }

    @Test func gb18030IsImported() {
        // 企业,区县 / 甲𠀀公司,330481
        let bytes: [UInt8] =
            [0xC6, 0xF3, 0xD2, 0xB5, 0x2C, 0xC7, 0xF8, 0xCF, 0xD8, 0x0D, 0x0A]
            + [0xBC, 0xD7, 0x95, 0x32, 0x82, 0x36, 0xB9, 0xAB, 0xCB, 0xBE, 0x2C] + Array("330481\r\n".utf8)
        let result = RegisterImport.read(kind: .companies, bytes: bytes)
        #expect(result.encoding == .gb18030)
        #expect(result.records == [.company(Company(company: "甲𠀀公司", district: "330481"))])
    }
}
