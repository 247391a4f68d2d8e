import Telemetry
import Chronology
import Deliveries
import Geodesy
import Registers
import Tracks

extension Statement {
    /// Ends every hit.
    static let leadOnly = Statement(
        zh: "本条仅为核查线索，须由人员现场核实，不作为处罚依据。",
        en: "This is a lead for a person to check, not a finding of guilt.")

    /// Who, and by which registers.
    static func registers(_ world: World) -> Statement {
        let registers = world.registers
        let (plants, sites) = (registers.plants.count, registers.sites.count)
        return Statement(
            zh: "依据：登记库第 \(registers.revision) 版（站点 \(plants) 条、工地 \(sites) 条）。",
            en: Self.registersPrefix + "\(registers.revision) (\(plants) rows of plants, \(sites) of sites).")
    }

    private static let registersPrefix = "Judged by register revision "
    fileprivate var isOfRegisters: Bool { self.en.hasPrefix(Self.registersPrefix) }
}

extension JudgedDelivery {
    /// Without the revision of the registers that it was judged by: what does not touch a delivery raises that, too.
    package var withoutRegisterState: JudgedDelivery {
        var copy = self
        for index in copy.judgements.indices {
            copy.judgements[index].registerRevision = 0
            copy.judgements[index].facts.removeAll(where: \.isOfRegisters)
        }
        return copy
    }
}

/// Small pieces of sentences.
enum Wording {
    /// As clocks in China show it, to the minute: `2026-03-02 16:15`.
    static func time(_ instant: Instant) -> String {
        let text = instant.formatted(at: .shanghai)
        return text.prefix(10) + " " + text.dropFirst(11).prefix(5)
    }

    static func date(_ instant: Instant) -> String { instant.date(at: .shanghai).description }

    /// `83 米` below a kilometre, `2.4 公里` above.
    static func metres(_ metres: Double) -> (zh: String, en: String) {
        guard metres.isFinite else { return ("未知距离", "an unknown distance") }
        if metres < 1000 {
            let whole = Int(metres.rounded())
            return ("\(whole) 米", "\(whole) m")
        }
        let kilometres = Self.decimal(metres / 1000, digits: 1)
        return ("\(kilometres) 公里", "\(kilometres) km")
    }

    static func minutes(_ seconds: Double) -> String {
        seconds.isFinite ? String(Int((seconds / 60).rounded())) : "?"
    }

    /// Latitude and longitude to a metre.
    static func coordinate(_ coordinate: Coordinate?) -> String {
        guard let coordinate else { return "?" }
        return Self.decimal(coordinate.latitude, digits: 5) + ", " + Self.decimal(coordinate.longitude, digits: 5)
    }

    /// To a tenth, without one where it is whole: 66.4 above a limit of 66 must not read as 66.
    static func number(_ number: Double) -> String {
        let text = Self.decimal(number, digits: 1)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// `once`, `2 times`.
    static func times(_ count: Int) -> String { count == 1 ? "once" : "\(count) times" }

    /// `1 truck`, `2 trucks`, of what takes an s in English.
    static func count(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    static func percent(_ share: Double) -> String {
        share.isFinite ? "\(Int((share * 100).rounded())) %" : "?"
    }

    /// To a tenth.
    static func cubicMetres(_ volume: Double) -> String { Self.decimal(volume, digits: 1) }

    /// A delivery note with what stands on it.
    static func ticket(_ ticket: Ticket) -> (zh: String, en: String) {
        let time = Self.time(ticket.issuedAt)
        return (
            "发货单 \(ticket.ticketID)（站点 \(ticket.plantID)，工地 \(ticket.siteID)，\(ticket.plate)，\(time)）",
            "delivery note \(ticket.ticketID) (plant \(ticket.plantID), site \(ticket.siteID), \(ticket.plate), \(time))"
        )
    }

    /// The note of a load, and the numbers of its other ones.
    static func ticket(_ match: TicketMatch) -> (zh: String, en: String) {
        let (others, note) = (match.otherNumbers, Self.ticket(match.ticket))
        guard !others.isEmpty else { return note }
        return (
            "\(note.zh)及同车的发货单 \(others.joined(separator: "、"))",
            "\(note.en) and, of the same load, \(others.joined(separator: ", "))"
        )
    }

    /// The numbers of all notes of a load.
    static func numbers(_ match: TicketMatch) -> (zh: String, en: String) {
        let all = [match.ticket.ticketID] + match.otherNumbers
        return (all.joined(separator: "、"), all.joined(separator: " + "))
    }

    /// What drum and load sensor said of a discharge.
    static func discharge(_ evidence: CarryingEvidence) -> (zh: String, en: String) {
        if let change = evidence.loadChange, change.magnitude < 1e6 {
            let kilograms = Int(change)
            return ("载重变化 \(kilograms) 千克", "the load changed by \(kilograms) kg")
        }
        guard evidence.doubtedSeconds == nil else {
            return (
                "搅拌筒转向不可信（传感器可能装反）",
                "which way the drum turned is in doubt (its sensor may be mounted the wrong way round)"
            )
        }
        guard evidence.drumKnownSeconds > 0 else { return ("没有搅拌筒信号", "the drum was not heard") }
        let seconds = Int(min(evidence.dischargeSeconds, 1e6))
        return ("搅拌筒反转 \(seconds) 秒", "the drum turned back for \(seconds) s")
    }

    /// The truck as people call it.
    static func truck(_ delivery: Delivery) -> String { delivery.plate ?? delivery.terminal.text }

    static func decimal(_ number: Double, digits: Int) -> String {
        let scale = (0..<digits).reduce(1.0) { product, _ in product * 10 }
        let scaled = (number.magnitude * scale).rounded()
        guard scaled < 1e15 else { return "?" }
        let (whole, part) = Int(scaled).quotientAndRemainder(dividingBy: Int(scale))
        let fraction = String(part)
        let zeros = String(repeating: "0", count: digits - fraction.count)
        return (number < 0 && scaled > 0 ? "-" : "") + "\(whole)." + zeros + fraction
    }
}

extension Plant.Status {
    var wording: (zh: String, en: String) {
        switch self {
        case .valid: ("有效", "valid")
        case .rectifying: ("整改中", "rectifying")
        case .suspended: ("暂停", "suspended")
        case .revoked: ("吊销", "revoked")
        case .cancelled: ("注销", "cancelled")
        }
    }
}

extension Site.Status {
    var wording: (zh: String, en: String) {
        switch self {
        case .active: ("在建", "active")
        case .suspended: ("停工", "suspended")
        case .completed: ("竣工", "completed")
        }
    }
}

extension ValidPeriod {
    /// Both days included, as the register has them.
    var wording: (zh: String, en: String) {
        let first = self.from == .distantPast ? nil : Wording.date(self.from)
        let last = self.to.map { Wording.date($0.advanced(bySeconds: -1)) }
        switch (first, last) {
        case (nil, nil): return ("长期", "without limit")
        case (let first?, nil): return ("\(first) 起", "from \(first)")
        case (nil, let last?): return ("至 \(last)", "until \(last)")
        case (let first?, let last?): return ("\(first) 至 \(last)", "\(first) to \(last)")
        }
    }
}
