package import Geodesy
import Deliveries
import Registers

/// A circle in which something that deliveries are read by came, went or moved.
package struct PlaceChange: Hashable, Sendable {
    package var suspectedPlantID: String
    package var coordinate: Coordinate
    package var radiusMetres: Double

    package init(suspectedPlantID: String, coordinate: Coordinate, radiusMetres: Double) {
        self.suspectedPlantID = suspectedPlantID
        self.coordinate = coordinate
        self.radiusMetres = radiusMetres
    }

    /// Where vehicles halted that have to be derived again when suspects change from `old` to `new`: where a place of
    /// loading, or a known or a dismissed place that one became, is not what it was.
    package static func between(_ old: [SuspectedPlant], _ new: [SuspectedPlant]) -> [PlaceChange] {
        let before = Dictionary(old.map { ($0.suspectedPlantID, $0) }) { $1 }
        let after = Dictionary(new.map { ($0.suspectedPlantID, $0) }) { $1 }
        var found = Set<PlaceChange>()
        for id in Set(before.keys).union(after.keys) {
            let (was, now) = (before[id], after[id])
            guard
                was?.loadingPlace != now?.loadingPlace || was?.knownPlace != now?.knownPlace
                    || was?.dismissedPlace != now?.dismissedPlace
            else { continue }
            for suspect in [was, now].compactMap({ $0 }) {
                guard suspect.loadingPlace != nil || suspect.knownPlace != nil || suspect.dismissedPlace != nil else {
                    continue
                }
                found.insert(
                    PlaceChange(
                        suspectedPlantID: id, coordinate: suspect.coordinate, radiusMetres: suspect.radiusMetres))
            }
        }
        return found.sorted { ($0.suspectedPlantID, $0.radiusMetres) < ($1.suspectedPlantID, $1.radiusMetres) }
    }
}
