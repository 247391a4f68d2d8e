import ArgumentParser
import Chronology
import FleetStore
import Foundation
import IngestionPipeline
import Registers
import Seals
import Telemetry

/// `tongxing raw TERMINAL TIME`
struct RawCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "raw", abstract: "由一条定位找回原始报文 / the raw message behind a stored report",
        discussion: """
            时间须与已存报告一致（trail 所示，微秒精确）。核对该批封存后，给出主题、接收时间、原始字节、批次与哈希，以及 JT/T 808
            中不入库的附加项（油量、记录仪速度、车辆信号、信号强度）。查询会被记录。
            The time must be the stored report's own, as `trail` prints it. The batch's seal is checked; what a JT/T 808
            message says beside its reports (fuel, the recorder's speed, vehicle signals, signal strength) is decoded.
            The look is logged.
            """)

    @Argument(help: "终端号 / terminal")
    var terminal: String

    @Argument(help: "设备时间 / the report's time (RFC 3339; without an offset Asia/Shanghai)")
    var time: String

    @Option(help: "查询目的（案号或理由），须写明，会被记录 / case number or reason: needed, and logged")
    var purpose: String?

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        let configuration = try await self.options.load()
        let instant = try PeriodOptions.instant(self.time, "TIME")
        let purpose = try Purpose.given(self.purpose, isNeeded: true)
        let text = try Database.connectCurrent(configuration.databaseURL) { connection in
            let reader = SealReader(connection: connection)
            let names = [self.terminal, TerminalNames.stripped(self.terminal)]
            var found: SealReader.RawPlace?
            for name in names where found == nil { found = try reader.place(of: name, at: instant) }
            // Logged before it is shown: a look that cannot be logged is not had.
            func note(isFound: Bool) throws {
                try AuditStore(connection: connection).addLook(
                    at: self.terminal, purpose: purpose, period: AuditStore.Note.period(from: instant, to: instant),
                    isFound: isFound, interface: "command line raw")
            }
            guard let place = found else {
                try note(isFound: false)
                throw Failure(
                    "没有终端 '\(self.terminal)' 在 \(instant) 的报告，或其原文已按期清除 no report of this terminal with this time, "
                        + "or its original was dropped by retention: see `tongxing trail` for the times")
            }
            try note(isFound: true)
            return try RawText(place).description
        }
        Terminal.line(text)
    }
}

/// One raw message with its place in the log, as text.
struct RawText: CustomStringConvertible {
    let description: String

    init(_ place: SealReader.RawPlace) throws {
        let raw: RawBatch
        do throws(SealBreak) {
            // That it continues the batch before it is for `verify-seals`; that it is what was sealed, for this.
            try BatchSeal.check(
                place.batch, lane: place.lane, after: place.batch.previousHash ?? BatchSeal.genesis)
            raw = try BatchSeal.open(place.batch, lane: place.lane)
        } catch {
            throw Failure("封存链断裂 chain broken: 通道 lane '\(place.laneName)', \(error)")
        }
        guard raw.messages.indices.contains(place.messageIndex) else {
            throw Failure("batch \(place.batchID) holds no message \(place.messageIndex): run `tongxing verify-seals`")
        }
        let message = raw.messages[place.messageIndex]
        let hash = place.batch.hash.map(HexDump.pair).joined()
        self.description =
            """
            主题 topic          \(raw.topicText(of: message).printable())
            接收 received       \(message.receivedAt)
            批次 batch          \(place.batchID) (通道 lane \(place.laneName), 编号 number \(place.batch.number))
            序位 index          \(place.messageIndex)
            批哈希 batch SHA-256 \(hash)
            原文 payload        \(message.payload.count) bytes

            """ + Self.items(in: raw, message) + HexDump.textAndDump(Array(raw.bytes[message.payload]))
    }

    /// A line for each location that says more than its report.
    private static func items(in raw: RawBatch, _ message: RawBatch.Message) -> String {
        let bytes = raw.bytes.span
        return UnreportedItems.all(
            topic: bytes.extracting(message.topic), payload: bytes.extracting(message.payload)
        ).map { items in
            var parts: [String] = []
            if let fuel = items.fuel { parts.append("油量 fuel \(Self.tenths(fuel)) L") }
            if let speed = items.recorderSpeed { parts.append("记录仪速度 recorder speed \(Self.tenths(speed)) km/h") }
            if let signals = items.signals {
                let meanings = signals.meanings.map { "\($0.chinese) \($0.english)" }.joined(separator: "; ")
                parts.append("车辆信号 vehicle signals [\(meanings)] (\(signals.rawValue))")
            }
            if let strength = items.signalStrength { parts.append("信号强度 signal strength \(strength)") }
            let time = items.recordedAt?.description ?? "?"
            return "附加项 items        \(time): \(parts.joined(separator: ", "))\n"
        }.joined()
    }

    private static func tenths(_ value: UInt16) -> String { "\(value / 10).\(value % 10)" }
}

/// Bytes for a person to read.
enum HexDump {
    static func pair(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }

    /// The bytes as text where they are UTF-8 without control characters, and sixteen a line as hexadecimal in any
    /// case.
    static func textAndDump(_ bytes: [UInt8]) -> String {
        var text = ""
        if let string = String(validating: bytes, as: UTF8.self),
            string.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control || $0 == "\n" || $0 == "\t" })
        {
            text = string.printable(keeping: ["\n", "\t"]) + "\n"
        }
        return text + self.dump(bytes)
    }

    private static func dump(_ bytes: [UInt8]) -> String {
        stride(from: 0, to: bytes.count, by: 16).map { start in
            let row = bytes[start..<min(start + 16, bytes.count)]
            let offset = String(start, radix: 16)
            let hex = row.map(Self.pair).joined(separator: " ")
            let printable = row.map { (0x20..<0x7F).contains($0) ? String(UnicodeScalar($0)) : "." }.joined()
            return String(repeating: "0", count: max(0, 6 - offset.count)) + offset + "  "
                + hex.padding(toLength: 47, withPad: " ", startingAt: 0) + "  " + printable
        }.joined(separator: "\n")
    }
}
