import Chronology
import Geodesy
import Tracks

/// Gives what a search found the names that it had before.
///
/// A suspect's name is made once, from the middle of its ground when it is first found, and then kept: each known
/// suspect takes the nearest found place within `identityDistance`, the closest pair first, one to one. So a name
/// survives new members, a middle that moves a little, a change of parameters, and the deletion of the halts it began
/// with. A search over the same halts without any known suspect makes the same names again, because a ground's middle
/// follows from the set of its halts.
///
/// A lead that nobody has decided about goes no farther than its ground: one that was named in the middle of a plant
/// whose register came after the traffic would name the place beside it otherwise, and only in that order of arrival.
struct SuspectIdentities {
    private let known: [SuspectedPlant]
    private let registered: Set<String>
    private let since: Instant
    private let suspects: AnalysisParameters.Suspects

    /// - Parameters:
    ///   - registered: those of them where the registers have come to name a place.
    ///   - since: halts before it were not looked at.
    init(
        _ known: [SuspectedPlant], registered: Set<String> = [], since: Instant,
        _ suspects: AnalysisParameters.Suspects
    ) {
        self.registered = registered
        self.since = since
        self.known = known.sorted { $0.suspectedPlantID < $1.suspectedPlantID }
        self.suspects = suspects
    }

    /// `X-307500-1207500`: latitude and longitude in 1e-4 degree.
    static func name(_ middle: Coordinate) -> String {
        "X-\(Self.tenThousandths(middle.latitudeE7))-\(Self.tenThousandths(middle.longitudeE7))"
    }

    private static func tenThousandths(_ value: Int32) -> String {
        let rounded = (Double(value) / 1000).rounded()
        return rounded < 0 ? "m\(Int(-rounded))" : "\(Int(rounded))"
    }

    /// Known suspects with what was found of them now, the rest of them as they were, and the new ones; the
    /// likeliest first. People's decisions stay. A lead that nobody has looked at and that is not found again in the
    /// halts it was made from, or that lies in a registered place by now, is withdrawn: a register or a parameter has
    /// changed.
    func name(_ found: [SuspectedPlant]) -> [SuspectedPlant] {
        var pairs: [(metres: Double, known: Int, found: Int)] = []
        for (index, suspect) in self.known.enumerated() {
            for (other, new) in found.enumerated() {
                let metres = suspect.coordinate.nearbyMetres(to: new.coordinate)
                let farthest = suspect.decisions.isEmpty ? new.radiusMetres : self.suspects.identityDistance
                if metres <= min(farthest, self.suspects.identityDistance) { pairs.append((metres, index, other)) }
            }
        }
        pairs.sort { ($0.metres, $0.known, $0.found) < ($1.metres, $1.known, $1.found) }
        var oldOf: [Int: Int] = [:]
        var taken = Set<Int>()
        for pair in pairs where oldOf[pair.found] == nil && !taken.contains(pair.known) {
            oldOf[pair.found] = pair.known
            taken.insert(pair.known)
        }
        var names = Set(self.known.map(\.suspectedPlantID))
        var all = self.known.enumerated().filter { !taken.contains($0.offset) }.map(\.element)
            .filter {
                $0.status != .lead
                    || $0.evidence.lastSeen < self.since && !self.registered.contains($0.suspectedPlantID)
            }
        for (index, new) in found.enumerated() {
            var suspect = new
            if let old = oldOf[index].map({ self.known[$0] }) {
                suspect.suspectedPlantID = old.suspectedPlantID
                suspect.isLikely = suspect.isLikely || old.isLikely && !suspect.evidence.isOneOfTwo
                self.keepPlace(of: old, in: &suspect)
                suspect.status = old.status
                suspect.decisions = old.decisions
                // Of halts that are no longer looked at only the card knows. One that was looked at again and counts no
                // longer is none of this place's: a register came after the traffic.
                if old.evidence.firstSeen < self.since { suspect.evidence.firstSeen = old.evidence.firstSeen }
            } else {
                suspect.suspectedPlantID = Self.free(suspect.suspectedPlantID, names)
                names.insert(suspect.suspectedPlantID)
            }
            all.append(suspect)
        }
        return all.sorted {
            ($1.score, $1.evidence.loads, $0.suspectedPlantID) < ($0.score, $0.evidence.loads, $1.suspectedPlantID)
        }
    }

    /// A middle that moves by a few metres with every load would be another place of loading every time, and all
    /// deliveries would have to be derived again.
    private func keepPlace(of old: SuspectedPlant, in suspect: inout SuspectedPlant) {
        guard old.coordinate.nearbyMetres(to: suspect.coordinate) <= self.suspects.steadyMetres,
            (old.radiusMetres - suspect.radiusMetres).magnitude <= self.suspects.steadyMetres
        else { return }
        suspect.coordinate = old.coordinate
        suspect.radiusMetres = old.radiusMetres
    }

    private static func free(_ name: String, _ taken: Set<String>) -> String {
        guard taken.contains(name) else { return name }
        var number = 2
        while taken.contains("\(name)-\(number)") { number += 1 }
        return "\(name)-\(number)"
    }
}
