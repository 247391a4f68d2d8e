import Geodesy
import Registers

/// The roads of the city that are closed to trucks at some hours, and who has a permit: the firms that ask for one,
/// which are those that keep to the rules.
enum ClosedRoads {
    static func zones(in city: City) -> [Zone] {
        let permits = Set(city.trucks.filter { !$0.isCrooked }.map(\.plate))
        func zone(_ number: Int, _ name: String, _ node: Int, _ radius: Double, from: Int, to: Int) -> Zone {
            Zone(
                zoneID: "Z00\(number)", name: name, rule: "货车禁行 no trucks", fromMinute: from * 60, toMinute: to * 60,
                permitPlates: permits,
                fence: .circle(center: Plane.coordinate(city.roads.nodes[node]), radiusMetres: radius))
        }
        return [
            zone(1, "模拟老城禁行区 Sim Old Town", RoadNetwork.centre, 1500, from: 6, to: 10),
            zone(2, "模拟环线禁行段 Sim Ring Section", RoadNetwork.ringNorth, 1200, from: 12, to: 20),
        ]
    }
}
