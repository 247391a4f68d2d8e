import Chronology

/// What a truck does with its load now, as far as its reports tell.
package enum LoadState: String, Hashable, Sendable, CaseIterable {
    /// Nothing on it, or nothing known of.
    case empty
    /// It stands where it was loaded, still.
    case loading
    case loaded
    /// It stands, loaded, at a site.
    case pouring
}

/// What can be said of a truck at its last report, and may still change.
package struct Outlook: Hashable, Sendable {
    /// Drops that can be seen: what the data say if they end now.
    package var deliveries: [Delivery] = []
    /// `nil`: nothing was heard of the truck that tells.
    package var load: LoadState?
}

extension VehicleFold {
    /// Reads the cycle as it stands at the last report.
    package func outlook(in world: World) -> Outlook {
        guard let (reading, stops) = self.readingSoFar(in: world) else { return Outlook() }
        return Outlook(deliveries: reading.finished + reading.open, load: Self.load(reading, stops))
    }

    private static func load(_ reading: CycleReader.Reading, _ stops: [Stop]) -> LoadState {
        guard let load = reading.load else { return .empty }
        guard let here = stops.last(where: \.isOpen) else { return .loaded }
        if here.isVisit, here.place?.kind == .site { return .pouring }
        if let period = load.period, period.end >= here.end { return .loading }
        return .loaded
    }
}
