import Chronology
import Registers
package import Deliveries
import Geodesy
import Tracks

/// Suspects that the registers account for.
extension SuspectedPlant {
    /// Whether the registers have come to name a place here since the suspect was found: then it lies in no secret one.
    ///
    /// What is found with the registers as they are now lies outside all of them, wherever its middle is.
    package func isRegistered(in world: World) -> Bool {
        self.registerRevision != world.registers.revision
            && world.nearestPlace(
                to: self.coordinate, within: world.parameters.visits.margin, at: self.evidence.lastSeen,
                where: { $0.id != self.suspectedPlantID }) != nil
    }

    /// Whether a plant, a site or another place of the registers may stand here whose coordinates are in question.
    package func isQuestioned(in world: World) -> Bool {
        world.questionedPlaces.contains {
            $0.fence.distanceMetres(to: self.coordinate) <= world.parameters.rules.margin
        }
    }
}
