package import Chronology

/// A delivery as people ask for it by its id: as it stands or, when it is derived no more, as it last stood, with all
/// that it was before. Nothing that was decided about, put into a case or exported is lost by judging again.
package struct DeliveryRecord: Hashable, Sendable {
    package var judged: JudgedDelivery
    /// When it was derived no more; `nil`: it stands.
    package var supersededAt: Instant?
    /// The earliest first. Of one that is derived no more the last is `judged`.
    package var earlier: [SupersededForm]
    /// What is derived now of the same truck in its time; only of one that is derived no more.
    package var successors: [JudgedDelivery]

    package init(
        judged: JudgedDelivery, supersededAt: Instant? = nil, earlier: [SupersededForm] = [],
        successors: [JudgedDelivery] = []
    ) {
        self.judged = judged
        self.supersededAt = supersededAt
        self.earlier = earlier
        self.successors = successors
    }

    /// What changed after `time`: forms that stood until later.
    package func changes(since time: Instant) -> [SupersededForm] { self.earlier.filter { $0.until > time } }
}

/// How a delivery stood until it was judged otherwise, or derived no more.
package struct SupersededForm: Hashable, Sendable {
    package var judged: JudgedDelivery
    /// By which registers, parameters and derivation.
    package var world: String
    package var until: Instant
    /// Why it stood no longer, as analysis noted it.
    package var reason: String

    package init(judged: JudgedDelivery, world: String, until: Instant, reason: String) {
        self.judged = judged
        self.world = world
        self.until = until
        self.reason = reason
    }

    package var cause: ChangeCause { ChangeCause(reason: self.reason) }

    /// The cause in words for people: of a change of the registers with its revision, the import and who made it, of
    /// what somebody asked for with his own words.
    package var statement: Statement {
        let words = self.cause.words
        switch self.cause {
        case .registers:
            let (zh, en) = self.registerChange
            return Statement(zh: "\(words.zh)（\(zh)）", en: "\(words.en) (\(en))")
        case .registersOrParameters:
            guard let detail = self.worldChange else { return words }
            let zh = [
                ("service of ", "服务用户 "), ("registers ", "登记第 "), ("parameters ", "参数 "), ("derivation ", "推导第 "),
            ]
            .reduce(detail) { $0.replacing($1.0, with: $1.1) }
            return Statement(zh: "\(words.zh)（\(zh)）", en: "\(words.en) (\(detail))")
        case .other where !self.reason.isEmpty:
            return Statement(zh: "\(words.zh)（\(self.reason)）", en: "\(words.en) (\(self.reason))")
        default: return words
        }
    }

    /// Of `registers or parameters changed (service of tongxing: registers 5, parameters …)` what is in brackets.
    private var worldChange: String? {
        guard let mark = self.reason.firstRange(of: ChangeCause.worldMark + " (") else { return nil }
        let tail = self.reason[mark.upperBound...]
        return tail.firstIndex(of: ")").map { String(tail[..<$0]) }
    }

    /// Of `admin: registers changed (revision 12: sites.csv)`; of several changes the first.
    private var registerChange: (zh: String, en: String) {
        guard let mark = self.reason.firstRange(of: ChangeCause.registersMark) else {
            return (self.reason, self.reason)
        }
        let tail = self.reason[mark.upperBound...]
        let said = tail.prefix(upTo: tail.firstRange(of: "); ")?.lowerBound ?? tail.endIndex)
        let parts = said.split(separator: ":", maxSplits: 1)
        let revision = parts.first.map(String.init) ?? ""
        var source = (parts.count > 1 ? parts[1] : "").drop { $0 == " " }
        if said.endIndex == tail.endIndex, source.last == ")" { source.removeLast() }
        let before = self.reason[..<mark.lowerBound].split(separator: ";").last.map { $0.drop { $0 == " " } } ?? ""
        let user = before.prefix { $0 != ":" }
        return (
            "版本 \(revision)：\(source)\(user.isEmpty ? "" : "，\(user)")",
            "revision \(revision): \(source)\(user.isEmpty ? "" : ", by \(user)")"
        )
    }
}

/// Why a delivery was judged otherwise, or derived no more.
package enum ChangeCause: String, Sendable, CaseIterable {
    case registers
    /// So much changed that it was not told apart.
    case registersOrParameters = "registers_or_parameters"
    case lateReports = "late_reports"
    case tickets
    /// A suspected plant was found, moved, or decided about.
    case suspectedPlants = "suspected_plants"
    /// Other deliveries, usual ways and roads.
    case surroundings
    /// It was not final, and came out otherwise with the reports that followed.
    case notFinal = "not_final"
    /// Somebody asked for it, and said why in his own words.
    case other

    fileprivate static let registersMark = "registers changed (revision "
    fileprivate static let worldMark = "registers or parameters changed"

    /// The reason that analysis notes where so much changed that it was not told apart.
    /// - Parameters:
    ///   - world: by which registers, parameters and derivation it is judged from then on.
    ///   - user: as whom the service runs whose configuration says so.
    package static func ofWorld(_ world: String, by user: String) -> String {
        "\(self.worldMark) (service of \(user): \(world))"
    }

    /// What stands in the reasons that analysis notes, with whoever asked for it in front of some.
    private static let marks: [(text: String, cause: ChangeCause)] = [
        (Self.registersMark, .registers), (Self.worldMark, .registersOrParameters),
        ("late reports", .lateReports), ("delivery notes came in or changed", .tickets),
        ("search for suspected plants: ", .suspectedPlants), (": suspected plant ", .suspectedPlants),
        ("another delivery came, went or changed: ", .surroundings),
        ("what its plant sent out before it that month is another", .surroundings),
        ("a usual way of this plant and site was learned or forgotten: ", .surroundings),
        ("usual roads were learned", .surroundings), ("it was not final", .notFinal),
    ]

    /// - Parameter reason: as analysis noted it; of several the first in the order of `marks` counts.
    package init(reason: String) {
        self = Self.marks.first { reason.contains($0.text) }?.cause ?? .other
    }

    fileprivate var words: Statement {
        switch self {
        case .registers: Statement(zh: "登记变更", en: "a change of the registers")
        case .registersOrParameters:
            Statement(zh: "登记、参数或推导程序变更", en: "registers, parameters or the derivation changed")
        case .lateReports: Statement(zh: "迟到的定位数据补入", en: "late reports came in")
        case .tickets: Statement(zh: "发货单补入或更改", en: "delivery notes came in or changed")
        case .suspectedPlants:
            Statement(zh: "疑似搅拌点被发现、移动或作出决定", en: "a suspected plant was found, moved or decided about")
        case .surroundings:
            Statement(zh: "相关运单、常用路线或道路变化", en: "other deliveries, usual ways or roads changed")
        case .notFinal:
            Statement(zh: "当时尚未定稿，后续数据使结果不同", en: "it was not final, and came out otherwise with what followed")
        case .other: Statement(zh: "按要求重新推导", en: "it was derived again as asked for")
        }
    }
}
