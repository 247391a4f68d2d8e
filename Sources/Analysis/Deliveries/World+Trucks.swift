package import Registers
package import Telemetry

/// What carried a load: it is asked for at a time at which the truck's row may just have ended, or the terminal come to
/// another truck.
extension World {
    /// The trucks that the terminal was on.
    package func history(of terminal: TerminalID) -> TerminalHistory { self.index.history(terminal: terminal.text) }

    /// What the truck that was loaded is built to carry, which did not change until it was unloaded; `nil`: no row of
    /// the register, of whatever time, names its terminal.
    package func kind(of delivery: Delivery) -> Vehicle.Kind? {
        self.history(of: delivery.terminal).kind(at: delivery.loadEnd ?? delivery.unloadStart)
    }
}
