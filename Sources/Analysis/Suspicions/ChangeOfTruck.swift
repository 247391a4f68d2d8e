import Chronology
import Deliveries
import Registers
import Telemetry

extension Delivery {
    /// What speaks against every hit that rests on the terminal having stayed in one truck: by the register of vehicles
    /// it was taken out of it, or put into another, between the load and the drop. `nil`: it was not.
    ///
    /// A box in a drawer drives nowhere with the load of the truck that it came from.
    func changeOfTruck(in world: World) -> Statement? {
        guard let loadEnd = self.loadEnd else { return nil }
        let (before, after) = (
            world.vehicle(self.terminal, at: loadEnd)?.plate, world.vehicle(self.terminal, at: self.unloadStart)?.plate
        )
        guard before != after else { return nil }
        let (old, new) = (before ?? "–", after ?? "–")
        return Statement(
            zh:
                "终端 \(self.terminal.text) 在装料（\(Wording.time(loadEnd))）与卸料（\(Wording.time(self.unloadStart))）之间按车辆登记由 \(old) 变为 \(new)，不能认定为同一车次，不足以判断；请核对终端安装记录。",
            en:
                "By the register of vehicles the terminal \(self.terminal.text) went from \(old) to \(new) between the loading "
                + "(\(Wording.time(loadEnd))) and the unloading (\(Wording.time(self.unloadStart))), so that this may be no one trip: too "
                + "little to judge by. Check the record of its installation.")
    }
}
