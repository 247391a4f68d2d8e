import Chronology
import Geodesy
import Testing

@testable import Telemetry

/// What a location becomes: position, cameras, alarms, each read as the register says.
@Suite struct JT808ReportTests {
    private func decode(
        _ location: LocationWriter, is2019: Bool = true, _ settings: DeviceSettings = DeviceSettings()
    ) -> DecodedMessage {
        let frame = FrameWriter(is2019: is2019, body: location.bytes)
        // Padded as registers often have it.
        let devices = DeviceDirectory([("013700000001", settings)])
        return TelemetryTests.decode(topic: frame.topic, frame.bytes, devices: devices)
    }

    private func cameras(_ items: [(id: UInt8, value: [UInt8])], alarm: UInt32 = 0, channel: Int?) -> String {
        let location = LocationWriter(alarm: alarm, items: items)
        return self.decode(location, DeviceSettings(rightCameraChannel: channel)).cameras
            .flatMap(\.cameras).map { "\($0.name)=\($0.state.rawValue)" }.joined(separator: ";")
    }

    @Test func signsStandInTheStatus() {
        func degrees(_ status: UInt32) -> [Double?] {
            let position = self.decode(LocationWriter(status: status)).positions.first
            return [position?.coordinate.latitude, position?.coordinate.longitude]
        }
        #expect(degrees(0b0011) == [30.746123, 120.755512])
        #expect(degrees(0b0111) == [-30.746123, 120.755512])
        #expect(degrees(0b1011) == [30.746123, -120.755512])
        #expect(degrees(0b1111) == [-30.746123, -120.755512])
    }

    @Test func aPositionWithoutAFixIsKeptAndMarked() {
        let none = self.decode(LocationWriter(status: 0b01)).positions.first
        #expect(none?.hasFix == false && none?.ignition == true)
        let fix = self.decode(LocationWriter(status: 0b10)).positions.first
        #expect(fix?.hasFix == true && fix?.ignition == false)
    }

    @Test(arguments: [
        LocationWriter(latitude: 90_000_001), LocationWriter(longitude: 180_000_001), LocationWriter(speed: 2501),
        LocationWriter(direction: 361), LocationWriter(latitude: .max, longitude: .max),
        LocationWriter(items: [(0x01, [0xFF, 0xFF, 0xFF, 0xFF])]),
    ])
    func outOfRangeIsRefused(location: LocationWriter) {
        let message = self.decode(location)
        #expect(message.refusals.map(\.reason) == [.outOfRange])
        #expect(message.positions.isEmpty)
    }

    @Test(arguments: [
        "000000000000", "260230161530", "261301000000", "260302240000", "260302166000", "260302161560", "260302162541",
        "000101075959",
    ])
    func timesThatAreNoneAreRefused(time: String) {
        #expect(self.decode(LocationWriter(time: time)).refusals.map(\.reason) == [.badTime])
    }

    @Test func timesAreChinas() {
        #expect(
            self.decode(LocationWriter(time: "260101000000")).positions.first?.recordedAt
                == Instant(rfc3339: "2025-12-31T16:00:00Z"))
        // A nibble above nine is no digit.
        var bytes = LocationWriter().bytes
        bytes[25] = 0x1A
        let frame = FrameWriter(body: bytes)
        #expect(TelemetryTests.decode(topic: frame.topic, frame.bytes).refusals.map(\.reason) == [.badTime])
    }

    @Test func theDrumTurnsAsTheRegisterSays() {
        func drum(_ value: UInt8, _ forward: DeviceSettings.DrumForward?) -> Int16? {
            let location = LocationWriter(items: [(0x52, [value])])
            return self.decode(location, DeviceSettings(drumForward: forward)).positions.first?.drum
        }
        #expect(drum(1, .mixes) == 10 && drum(2, .mixes) == -10)
        #expect(drum(1, .discharges) == -10 && drum(2, .discharges) == 10)
        #expect(drum(1, nil) == nil && drum(2, nil) == nil)
        #expect(drum(3, nil) == 0 && drum(3, .mixes) == 0)
        #expect(drum(0, .mixes) == nil && drum(4, .mixes) == nil)
    }

    @Test func coordinatesAreTheDevices() throws {
        let location = LocationWriter()
        let plain = try #require(self.decode(location).positions.first?.coordinate)
        let gcj02 = try #require(
            self.decode(location, DeviceSettings(coordinates: .gcj02)).positions.first?.coordinate)
        #expect(gcj02 == CoordinateSystem.gcj02.coordinate(latitude: 30.746123, longitude: 120.755512))
        #expect(plain != gcj02)
        // Status bit 5: through the map makers' plug-in.
        let shifted = LocationWriter(status: 0b100011)
        #expect(self.decode(shifted).positions.first?.coordinate == gcj02)
        #expect(self.decode(shifted, DeviceSettings(coordinates: .wgs84)).positions.first?.coordinate == plain)
        let nowhere = LocationWriter(latitude: 0, longitude: 0)
        #expect(
            self.decode(nowhere, DeviceSettings(coordinates: .bd09)).positions.first?.coordinate.isNullIsland == true)
    }

    @Test func theRegisterSaysInWhichSystemANativeReportIs() {
        let devices = DeviceDirectory([("truck-0042", DeviceSettings(coordinates: .bd09))])
        func coordinate(_ more: String) -> Coordinate? {
            TelemetryTests.decode(position(more), devices: devices).positions.first?.coordinate
        }
        #expect(coordinate("") == CoordinateSystem.bd09.coordinate(latitude: 30.5, longitude: 120.5))
        #expect(
            coordinate(#""coordinates":"wgs84""#) == Coordinate(latitudeE7: 305_000_000, longitudeE7: 1_205_000_000))
        let other = TelemetryTests.decode(topic: "fleet/v1/TRUCK-0042/position", position(""), devices: devices)
        #expect(other.positions.first?.coordinate == Coordinate(latitudeE7: 305_000_000, longitudeE7: 1_205_000_000))
    }

    @Test func theExactNameWinsOverThePhoneNumber() {
        let devices = DeviceDirectory(
            [
                ("0042", DeviceSettings(rightCameraChannel: 1)), ("42", DeviceSettings(rightCameraChannel: 2)),
                ("00x", DeviceSettings(rightCameraChannel: 3)),
            ])
        func channel(_ name: String) -> Int? {
            TerminalID(name).flatMap { devices.settings(of: $0).rightCameraChannel }
        }
        #expect(channel("0042") == 1 && channel("42") == 2 && channel("042") == 2)
        #expect(channel("00x") == 3 && channel("x") == nil && channel("0x") == nil)
    }

    @Test func theRightCameraIsTheRegistersChannel() {
        let lost: (id: UInt8, value: [UInt8]) = (0x15, [0, 0, 1, 0])
        let none: [UInt8] = [0, 0, 0, 0]
        #expect(self.cameras([(0x14, none), (0x15, none), (0x16, none)], channel: 9) == "right_blind_spot=ok")
        #expect(self.cameras([lost, (0x16, none)], channel: 9) == "right_blind_spot=lost")
        #expect(self.cameras([(0x15, none), (0x16, [0, 0, 1, 0])], channel: 9) == "right_blind_spot=occluded")
        // Lost and occluded: without a signal there is nothing to occlude.
        #expect(self.cameras([lost, (0x16, [0, 0, 1, 0])], channel: 9) == "right_blind_spot=lost")
        // Another camera's trouble, named by channel.
        #expect(self.cameras([lost, (0x16, none)], alarm: 1 << 11, channel: 1) == "channel_9=lost;right_blind_spot=ok")
        #expect(self.cameras([(0x15, none), (0x16, none)], alarm: 1 << 11, channel: 1) == "right_blind_spot=fault")
        #expect(self.cameras([(0x14, [0, 0, 0, 8])], channel: 1) == "right_blind_spot=fault")
        // A bit that means nothing.
        #expect(self.cameras([(0x14, [0x80, 0, 0, 0])], channel: 1) == "right_blind_spot=ok")
        // Some camera, and nobody says which.
        #expect(self.cameras([(0x14, [0, 0, 0, 1])], channel: 1) == "")
        #expect(self.cameras([(0x15, none)], channel: 1) == "")
        #expect(self.cameras([], channel: 1) == "")
        #expect(self.cameras([lost, (0x16, none)], channel: nil) == "channel_9=lost")
        #expect(self.cameras([(0x14, none), (0x15, none), (0x16, none)], channel: nil) == "")
        #expect(
            self.cameras([(0x15, [0x80, 0, 0, 1]), (0x16, none)], channel: 32) == "channel_1=lost;right_blind_spot=lost"
        )
        #expect(self.cameras([(0x15, none), (0x16, none)], channel: 33) == "")
    }

    @Test func alarmsOfTheAlarmWord() {
        func kinds(_ alarm: UInt32, is2019: Bool) -> [AlarmKind] {
            self.decode(LocationWriter(alarm: alarm), is2019: is2019).alarms.map(\.kind)
        }
        #expect(kinds(0, is2019: true) == [])
        #expect(kinds(1 << 2 | 1 << 17, is2019: true) == [.fatigue, .rightBlindSpot])
        #expect(kinds(1 << 2 | 1 << 17, is2019: false) == [.fatigue])
        #expect(kinds(1 << 31, is2019: false) == [.illegalDoor] && kinds(1 << 31, is2019: true) == [])
        #expect(kinds(.max, is2019: true).count == 31 && kinds(.max, is2019: false).count == 29)
    }

    @Test func alarmsOfTheItems() {
        /// Any item of active safety in the identity's two lengths.
        func safety(_ id: UInt8, type: UInt8, level: UInt8, time: String, yue: Bool) -> (id: UInt8, value: [UInt8]) {
            var value: [UInt8] = [0, 0, 0, 7, 1]
            if id != 0x66 { value.append(type) }
            if id < 0x66 { value += [level, 0, 0, 0, 0, 0] }
            value += [UInt8](repeating: 0, count: 11) + FrameWriter.packed(time, bytes: 6) + [0, 4]
            value += [UInt8](repeating: 0x30, count: yue ? 40 : 16) + (id == 0x66 ? [0] : [])
            return (id, value)
        }
        for yue in [false, true] {
            let message = self.decode(
                LocationWriter(items: [
                    safety(0x64, type: 1, level: 2, time: "260302161500", yue: yue),
                    safety(0x65, type: 1, level: 1, time: "260302161530", yue: yue),
                    safety(0x66, type: 0, level: 0, time: "000000000000", yue: yue),
                    safety(0x67, type: 3, level: 0, time: "990101000000", yue: yue),
                    safety(0x64, type: 9, level: 1, time: "260302161530", yue: yue),
                ]))
            let time = Instant(rfc3339: "2026-03-02T08:15:30Z") ?? .distantPast
            #expect(
                message.alarms == [
                    AlarmReport(
                        recordedAt: time.advanced(bySeconds: -30), kind: .fcw, item: 0x64, level: 2, edge: .begin),
                    AlarmReport(recordedAt: time, kind: .fatigue, item: 0x65, level: 1, edge: .begin),
                    // No time of its own, or one from the future: the location's.
                    AlarmReport(recordedAt: time, kind: .tyre, item: 0x66, edge: .begin),
                    AlarmReport(recordedAt: time, kind: .bsdRight, item: 0x67, edge: .begin),
                    AlarmReport(recordedAt: time, kind: .roadOther, item: 0x64, level: 1, edge: .begin),
                ])
            #expect(message.unknownFieldCount == 0)
        }
        let video = self.decode(
            LocationWriter(items: [(0x14, [0, 0, 0, 0x43]), (0x17, [0, 1]), (0x18, [0, 3, 5])]))
        #expect(
            video.alarms.map { "\($0.kind.rawValue) \($0.item) \($0.level ?? 0)" } == [
                "video-loss 20 0", "video-occlusion 20 0", "recording-full 20 0", "video-store-fault 23 0",
                "fatigue 24 5",
                "phone 24 0",
            ])
        // Lengths that neither standard has.
        let odd = self.decode(LocationWriter(items: [(0x64, [1, 2, 3]), (0x67, [UInt8](repeating: 0, count: 47))]))
        #expect(odd.alarms.isEmpty && odd.unknownFieldCount == 2 && odd.positions.count == 1)
    }

    @Test func itemsThatAreCutOffAreLeftOut() {
        let whole = LocationWriter(items: [(0x31, [9])]).bytes
        for rest: [UInt8] in [[0x01], [0x01, 4], [0x01, 4, 0, 0, 0], [0xFF, 0xFF]] {
            let frame = FrameWriter(body: whole + rest)
            let message = TelemetryTests.decode(topic: frame.topic, frame.bytes)
            #expect(message.positions.first?.satellites == 9)
            #expect(message.positions.first?.odometer == nil)
            #expect(message.unknownFieldCount == 1 && message.refusals.isEmpty)
        }
    }

    @Test(.enabled(if: JT808Vectors.areThere)) func theFramesWithCamerasAndDrum() throws {
        let frames = try JT808Vectors.named()
        let devices = DeviceDirectory(
            [
                ("13700000001", DeviceSettings(drumForward: .mixes, rightCameraChannel: 9)),
                ("13419905507", DeviceSettings(rightCameraChannel: 3)),
                ("653695850003", DeviceSettings(rightCameraChannel: 1)),
            ])
        func read(_ name: String) throws -> DecodedMessage {
            let bytes = try #require(frames[name])
            let phone = try JT808Frame(bytes.span).phone.text
            let later = Instant(rfc3339: "2026-03-11T00:00:00Z") ?? .distantPast
            return TelemetryTests.decode(topic: "jt808/\(phone)/raw", bytes, devices: devices, at: later)
        }
        func state(_ name: String) throws -> CameraStatus.State? {
            try read(name).cameras.first?.cameras.first { $0.name == "right_blind_spot" }?.state
        }
        #expect(frames.count == 11)
        #expect(try frames.keys.allSatisfy { try read($0).positions.count == 1 })
        #expect(try state("moving_ok") == .ok)
        #expect(try state("right_turn_signal_ch9_lost") == .lost)
        #expect(try read("right_turn_signal_ch9_lost").alarms.map(\.kind) == [.cameraFault, .videoLoss])
        #expect(try state("right_cam_occluded_bit17") == .occluded)
        #expect(try read("right_cam_occluded_bit17").alarms.map(\.kind) == [.rightBlindSpot, .videoOcclusion])
        let blindSpot = try read("subiao_bsd_right_rear").alarms
        #expect(blindSpot.map(\.kind) == [.bsdRight] && blindSpot.first?.edge == .begin)
        let noFix = try #require(try read("no_fix_stale_position").positions.first)
        #expect(!noFix.hasFix && noFix.speed == 0)
        #expect(try read("drum_reverse_vendor_0x52").positions.first?.drum == -10)
        let escapes = try read("escape_test_7e_7d_in_body")
        #expect(escapes.serial == 0x7E7D && escapes.positions.first?.coordinate.longitudeE7 == 1_207_558_380)
        // Its recorder speed has four bytes instead of two.
        #expect(escapes.unknownFieldCount == 1)
        #expect(try state("SmallChi_0x15_4") == .lost)
        #expect(try read("SmallChi_0x17").alarms.map(\.kind) == [.videoStoreFault, .videoStoreFault])
        #expect(try state("SmallChi_0x17") == .ok)
        #expect(try read("csdn_136531246").alarms.isEmpty)
    }
}
