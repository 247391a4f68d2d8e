/// What the feeds of events follow.
///
/// A question waits for the one before it on the same connection of the store. The feeds have sources of their own, so
/// that one slow page is slow for whoever asked for it alone, and not for everybody's map.
package struct EventSources: Sendable {
    let fleet: any FleetReading
    /// `nil`: a console without a desk has no alerts.
    let alerts: (any AlertKeeping)?

    package init(fleet: any FleetReading, alerts: (any AlertKeeping)?) {
        self.fleet = fleet
        self.alerts = alerts
    }
}
