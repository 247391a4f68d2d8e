package import Chronology
package import Deliveries
package import Tracks

/// What says that a truck under way is loaded.
package enum LoadBasis: String, Codable, Hashable, Sendable {
    /// Its sensors showed that it was taken.
    case sensor
    /// A note of the plant was written for it while it stood there, or soon after.
    case note
    /// It is a tanker that stood at a cement plant (`Cargo.isTankers`).
    case tanker
    /// It stood where trucks are loaded, and nobody could say more: no sensor was heard, and no notes of the plant come
    /// in.
    case stay
    /// The same, and what ought to say that it was loaded is silent: its sensors were heard and show no load, or the
    /// plant's notes come in and none is its own. It may have been washed, repaired or parked there.
    case silence

    /// Whether it says more than that the truck stood where trucks also stand empty.
    package var isShown: Bool { self == .sensor || self == .note || self == .tanker }

    /// What a rule answers that asks for a load, where it is `silence`.
    static var silenceAnswer: StreamAnswer {
        .insufficient(
            zh: "装料只由在站内停留推断，而传感器未显示装料，或该站发货单中没有该车的：可能是空车，不足以判断。",
            en:
                "That it was loaded is inferred from a stay at the plant, while its sensors show no load, or the notes of that "
                + "plant come in and none is for it: it may be empty. Too little to judge by.")
    }

    /// - Parameters:
    ///   - notes: of the plant that the load is read to be from.
    ///   - time: as of which it is asked: nothing is known of a note that is issued later.
    package init(of cargo: Cargo, _ notes: LoadNotes, at time: Instant, _ parameters: AnalysisParameters) {
        if cargo.isSensed == true {
            self = .sensor
        } else if notes.isNoted(cargo, at: time, parameters) {
            self = .note
        } else if cargo.isTankers, cargo.isSensed == nil {
            self = .tanker
        } else if cargo.isSensed == false || notes.comeIn(of: cargo, at: time, parameters) {
            self = .silence
        } else {
            self = .stay
        }
    }
}

/// When a plant wrote delivery notes, around a load that is under way.
package struct LoadNotes: Hashable, Sendable {
    /// For this truck.
    package var own: [Instant]
    /// For anybody; the earliest of a stretch suffices.
    package var ofPlant: [Instant]

    package init(own: [Instant] = [], ofPlant: [Instant] = []) {
        (self.own, self.ofPlant) = (own, ofPlant)
    }

    /// From when until when a note of a load is written.
    package static func span(of cargo: Cargo, _ parameters: AnalysisParameters) -> (from: Instant, to: Instant) {
        let left = cargo.loadedAt ?? cargo.key
        return (
            min(cargo.key, left).advanced(bySeconds: -parameters.driving.noteLead),
            left.advanced(bySeconds: parameters.tickets.window)
        )
    }

    /// From when on a note of the plant, for whomever, says that its notes come in.
    package static func sourceStart(of cargo: Cargo, _ parameters: AnalysisParameters) -> Instant {
        (cargo.loadedAt ?? cargo.key).advanced(bySeconds: -parameters.driving.noteSourceSeconds)
    }

    fileprivate func isNoted(_ cargo: Cargo, at time: Instant, _ parameters: AnalysisParameters) -> Bool {
        let (from, to) = Self.span(of: cargo, parameters)
        return self.own.contains { $0 >= from && $0 <= min(to, time) }
    }

    fileprivate func comeIn(of cargo: Cargo, at time: Instant, _ parameters: AnalysisParameters) -> Bool {
        let start = Self.sourceStart(of: cargo, parameters)
        return self.ofPlant.contains { $0 >= start && $0 <= time }
    }
}
