import ArgumentParser
import Chronology
import Exchange
import Foundation
import MQTTClient
import Registers

/// `tongxing replay FILE`
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "经 MQTT 重放录制的报文 / publish recorded traffic through MQTT at QoS 1")

    @Argument(
        help: "NDJSON 文件 / file: {\"topic\", \"payload\" or \"payload_hex\", \"sent\"} a line", completion: .file())
    var file: String

    @Option(help: "max，或录制速度的倍数 / max, or so many times the pace of `sent`")
    var speed = "max"

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        let factor = self.speed == "max" ? nil : Double(self.speed)
        guard self.speed == "max" || factor.map({ $0 > 0 && $0.isFinite }) == true else {
            throw Failure("--speed: must be max or a number above 0, not '\(self.speed)'", exitCode: 2)
        }
        let configuration = try await self.options.load()
        let settings = configuration.mqtt(clientID: "tongxing-replay-\(UUID().uuidString.prefix(8))")
        // libmosquitto blocks: a thread of its own.
        let outcome = await withCheckedContinuation { continuation in
            Thread { continuation.resume(returning: Result { try self.replay(settings, factor) }) }.start()
        }
        Terminal.line(try outcome.get())
    }

    private func replay(_ settings: MQTTSettings, _ factor: Double?) throws -> String {
        var passedOver = 0
        // The line of each message, to say which one the broker did not take.
        var lines: [Int] = []
        let publisher: MQTTPublisher
        do throws(MQTTError) {
            publisher = try MQTTPublisher(settings: settings)
        } catch {
            throw Failure("broker: \(error.message): check mqtt.url")
        }
        do {
            var replay = try ReplayFile(path: self.file)
            try publisher.connect()
            var pace = ReplayPace(factor: factor)
            while let entry = try replay.next() {
                switch entry {
                case .message(let line, let number):
                    try pace.wait(for: line.sent) { try publisher.exchange(waitingUpTo: $0) }
                    try publisher.publish(topic: line.topic, payload: line.payload)
                    lines.append(number)
                    if publisher.publishedCount.isMultiple(of: 5000) {
                        Terminal.progress("\(publisher.publishedCount) …")
                    }
                case .unpublishable(let reason, let number), .malformed(let reason, let number):
                    passedOver += 1
                    Terminal.error("\(self.file):\(number): \(reason.zh) / \(reason.en): 跳过 / passed over")
                }
            }
            guard try publisher.drain() else {
                throw Failure(
                    "the broker stopped acknowledging: \(publisher.acknowledgedCount) of \(publisher.publishedCount) are safe"
                )
            }
            publisher.disconnect()
            Terminal.endProgress()
            return
                "已发布 \(publisher.publishedCount)，跳过 \(passedOver) / \(publisher.publishedCount) published, \(passedOver) passed over"
        } catch let error as MQTTError {
            Terminal.endProgress()
            guard publisher.publishedCount > 0 else {
                throw Failure("broker: \(error.message): check mqtt.url and that the broker runs")
            }
            let safe = publisher.acknowledgedCount
            let place = safe < lines.count ? "\(self.file):\(lines[safe])" : self.file
            throw Failure(
                "\(place): 服务器断开（\(error.message)），已确认 \(safe) 条，第一条未确认的在此行：检查服务器日志、主题权限与报文大小限制 / "
                    + "the broker ended the connection (\(error.message)) after \(safe) were acknowledged; the first that "
                    + "was not is on this line: look at the broker's log, topic rights and size limit")
        } catch let error as ExchangeError {
            throw Failure("\(self.file): \(error.message.zh) / \(error.message.en)")
        }
    }
}

/// Keeps the pace of a recording.
struct ReplayPace {
    /// Times the recorded pace; nil is as fast as it goes.
    let factor: Double?
    private var firstSent: Instant?
    private var startedAt = Clocks.monotonicMilliseconds()

    init(factor: Double?) { self.factor = factor }

    /// Waits until `sent` is due, giving the time to `meanwhile` in pieces.
    mutating func wait(for sent: Instant?, meanwhile: (Int32) throws -> Void) throws {
        guard let factor, let sent else { return }
        guard let first = self.firstSent else {
            self.firstSent = sent
            self.startedAt = Clocks.monotonicMilliseconds()
            return
        }
        let due = Double(self.startedAt) + sent.seconds(since: first) * 1000 / factor
        while true {
            let left = due - Double(Clocks.monotonicMilliseconds())
            guard left >= 1 else { return }
            try meanwhile(Int32(min(left, 200)))
        }
    }
}
