import Chronology
import Foundation
import TestSupport
import Testing

@testable import Telemetry

/// Frames of other people's suites: decoded like their sources say, before anything is refused for what it says; then
/// taken or refused. `Disagreements.md` beside this file has every line on which a source, a second decoder and we
/// differ, and who is right.
@Suite struct JT808VectorTests {
    @Test(.enabled(if: JT808Vectors.areThere)) func framesDecodeLikeTheirSources() throws {
        let frames = try JT808Vectors.frames("frames")
        #expect(frames.count == 104)
        var locations = 0
        for (line, vector) in frames.enumerated() {
            let frame: JT808Frame
            do throws(ReportProblem) {
                frame = try JT808Frame(vector.bytes.span)
            } catch {
                #expect(error.reason == (vector.checksumIsGood ? .badLength : .badChecksum), "line \(line)")
                #expect(!vector.checksumIsGood || !vector.lengthIsGood, "line \(line)")
                continue
            }
            #expect(vector.checksumIsGood && vector.lengthIsGood, "line \(line)")
            #expect(frame.messageID == UInt16(vector.messageID.dropFirst(2), radix: 16), "line \(line)")
            #expect((frame.layout == .year2019) == (vector.version == "2019"), "line \(line)")
            #expect(frame.phone.text == vector.phone.map { String($0.drop { $0 == "0" }) }, "line \(line)")
            #expect(frame.serial == vector.serial, "line \(line)")
            let ours = Self.locations(of: frame)
            #expect(ours.count == vector.locations.count, "line \(line)")
            for (one, other) in zip(ours, vector.locations) {
                Self.compare(one, other, "line \(line)")
                locations += 1
            }
        }
        #expect(locations == 109)
    }

    private static func locations(of frame: JT808Frame) -> [JT808Location] {
        let body = frame.bytes.span.extracting(frame.body)
        switch frame.messageID {
        case 0x0201: return [JT808Location(body.extracting(2...))].compactMap(\.self)
        case 0x0704:
            var found: [JT808Location] = []
            var index = 3
            while index + 2 <= body.count {
                let end = index + 2 + Int(body.bigEndian16(at: index))
                if let location = JT808Location(body.extracting((index + 2)..<end)) { found.append(location) }
                index = end
            }
            return found
        default: return [JT808Location(body)].compactMap(\.self)
        }
    }

    private static func compare(_ ours: JT808Location, _ theirs: JT808Vectors.Location, _ line: Comment) {
        #expect(ours.alarm == theirs.alarm, line)
        #expect(ours.status.rawValue == theirs.status, line)
        #expect(Double(ours.latitude) == (theirs.lat.magnitude * 1e6).rounded(), line)
        #expect(Double(ours.longitude) == (theirs.lon.magnitude * 1e6).rounded(), line)
        #expect(ours.status.contains(.isSouth) == (theirs.lat < 0), line)
        #expect(ours.status.contains(.isWest) == (theirs.lon < 0), line)
        #expect(ours.altitude == theirs.altitude, line)
        #expect(Double(ours.speed) == (theirs.speed * 10).rounded(), line)
        #expect(ours.direction == theirs.direction, line)
        #expect(ours.time == BeijingTime(theirs.time.filter(\.isNumber).dropFirst(2).description), line)

        let items = ours.items
        var safety = items.safety[...]
        for item in theirs.items ?? [] where item.truncated != true {
            switch (item.number, item.hex.count / 2) {
            case (0x01, 4): #expect(items.mileage == item.value, line)
            case (0x02, 2): #expect(items.fuel.map { UInt32($0) } == item.value, line)
            case (0x03, 2): #expect(items.recorderSpeed.map { UInt32($0) } == item.value, line)
            case (0x14, 4): #expect(items.video.alarms == item.value, line)
            case (0x15, 4): #expect(items.video.lostChannels == item.value, line)
            case (0x16, 4): #expect(items.video.occludedChannels == item.value, line)
            case (0x17, 2): #expect(items.video.failedStores.map { UInt32($0) } == item.value, line)
            case (0x18, 3):
                let both = items.video.driver.flatMap { driver in
                    items.video.fatigueLevel.map { UInt32(driver) << 8 | UInt32($0) }
                }
                #expect(both == item.value, line)
            case (0x18, 2): #expect(items.video.driver.map { UInt32($0) } == item.value, line)
            case (0x25, 4): #expect(items.signals == item.value, line)
            case (0x30, 1): #expect(items.signalStrength.map { UInt32($0) } == item.value, line)
            case (0x31, 1): #expect(items.satellites.map { UInt32($0) } == item.value, line)
            case (0x52, 1): #expect(UInt32(items.drum?.rawValue ?? 0) == item.value, line)
            case (0x64...0x67, _):
                let alarm = safety.popFirst()
                #expect(alarm?.item == item.number, line)
                guard let alarm, let said = item.safety else { continue }
                self.compare(alarm, said, line)
            default: continue
            }
        }
        #expect(safety.isEmpty, line)
    }

    private static func compare(_ ours: SafetyAlarm, _ theirs: JT808Vectors.Safety, _ line: Comment) {
        #expect(ours.number == theirs.number, line)
        #expect(ours.flag == theirs.flag, line)
        #expect(ours.type == theirs.event ?? 0, line)
        #expect(ours.level == theirs.level ?? 0, line)
        #expect(ours.speed == theirs.speed, line)
        #expect(ours.altitude == theirs.altitude, line)
        #expect(Double(ours.latitude) == (theirs.lat * 1e6).rounded(), line)
        #expect(Double(ours.longitude) == (theirs.lon * 1e6).rounded(), line)
        #expect(ours.time == BeijingTime(theirs.time.filter(\.isNumber).dropFirst(2).description), line)
        #expect(ours.vehicleState == theirs.state, line)
    }

    // A frame that decodes ends in one of two ways: its reports, or a reason in what they say.
    @Test(.enabled(if: JT808Vectors.areThere)) func whatDecodesIsTakenOrRefusedForWhatItSays() throws {
        for vector in try JT808Vectors.frames("frames") where vector.checksumIsGood && vector.lengthIsGood {
            let message = decode(topic: "jt808/\(vector.phone ?? "")/raw", vector.bytes)
            #expect(message.positions.count + message.refusals.count == vector.locations.count)
            #expect(message.refusals.allSatisfy { $0.reason == .outOfRange })
            #expect(message.serial == vector.serial)
            let isPossible = vector.locations.map { $0.lat.magnitude <= 90 && $0.speed <= 250 && $0.direction <= 360 }
            #expect(message.positions.count == isPossible.count { $0 })
        }
    }

    @Test(.enabled(if: JT808Vectors.areThere)) func badFramesAreRefusedForTheirReason() throws {
        let frames = try JT808Vectors.frames("bad-frames")
        #expect(frames.count == 29)
        for vector in frames {
            // The terminal that the frame itself names, so that nothing else is wrong.
            let phone = vector.bytes[(vector.bytes[3] & 0x40 == 0 ? 5 : 6)...].prefix(
                vector.bytes[3] & 0x40 == 0 ? 6 : 10)
            let digits = phone.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined().filter(\.isNumber)
            let message = decode(topic: "jt808/\(digits)/raw", vector.bytes)
            #expect(message.refusals.map(\.reason) == [vector.checksumIsGood ? .badLength : .badChecksum])
            #expect(message.positions.isEmpty && message.alarms.isEmpty && message.cameras.isEmpty)
            #expect(message.serial == nil && !message.carriesNoReport)
        }
    }

    /// Every line that we do not take as it stands has its row.
    @Test(.enabled(if: JT808Vectors.areThere)) func theTableNamesEveryFrameThatIsRefused() throws {
        let path = (RepositoryRoot.url?.path ?? "") + "/Tests/TelemetryTests/Disagreements.md"
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        var named: Set<Int> = []
        for cell in lines.filter({ $0.hasPrefix("| ") }).compactMap({ $0.split(separator: "|").first }) {
            for part in cell.split(separator: ",") {
                let ends = part.split(separator: "–").compactMap { Int($0.filter { $0 != " " }) }
                if let first = ends.first, let last = ends.last { named.formUnion(first...last) }
            }
        }
        let frames = try JT808Vectors.frames("frames")
        for (line, vector) in frames.enumerated() {
            let message = decode(topic: "jt808/\(vector.phone ?? "")/raw", vector.bytes)
            #expect(message.refusals.isEmpty || named.contains(line), "line \(line)")
        }
        #expect(named.allSatisfy(frames.indices.contains))
    }
}
