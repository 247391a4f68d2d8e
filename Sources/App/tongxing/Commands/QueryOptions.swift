import ArgumentParser
import Chronology
import Foundation

/// `--from` and `--to`: half-open.
struct PeriodOptions: ParsableArguments {
    @Option(help: "起 / from (RFC 3339, or a date; without an offset Asia/Shanghai)")
    var from: String?

    @Option(help: "止（不含） / to, not included")
    var to: String?

    func instants() throws -> (from: Instant?, to: Instant?) {
        let from = try self.from.map { try Self.instant($0, "--from") }
        let to = try self.to.map { try Self.instant($0, "--to") }
        if let from, let to, from >= to {
            throw Failure("--from 必须早于 --to / --from must be before --to", exitCode: 2)
        }
        return (from, to)
    }

    static func instant(_ text: String, _ option: String) throws -> Instant {
        let instant = try Self.parsed(text, option)
        let askable = Instant.askable
        guard askable.contains(instant) else {
            throw Failure(
                "\(option): '\(text)' 应在 \(askable.lowerBound) 至 \(askable.upperBound) 之间 / "
                    + "must lie from \(askable.lowerBound) to \(askable.upperBound)", exitCode: 2)
        }
        return instant
    }

    private static func parsed(_ text: String, _ option: String) throws -> Instant {
        if let instant = Instant(text, assuming: .shanghai) { return instant }
        let parts = text.split(separator: "-").compactMap { Int($0) }
        if text.count == 10, parts.count == 3, let date = CivilDate(year: parts[0], month: parts[1], day: parts[2]) {
            return Instant(startOf: date, at: .shanghai)
        }
        throw Failure(
            "\(option): '\(text)' 不是时间 / is no time like 2026-03-02T08:00:00+08:00 or 2026-03-02", exitCode: 2)
    }
}
