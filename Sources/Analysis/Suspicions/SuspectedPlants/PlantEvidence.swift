package import Chronology
package import Geodesy

/// The evidence card of a place outside every register where trucks seem to be loaded: counts and shares, so that
/// an officer can check each of them.
package struct PlantEvidence: Hashable, Sendable, Codable {
    /// Visits of mixers as long as a load takes, and of how many trucks on how many days of a truck.
    package var visits = 0
    package var trucks = 0
    package var truckDays = 0
    /// Owners of these trucks that the register names.
    package var companies = 0
    /// Visits by a truck that was not seen to load elsewhere and then went to unload; of these, where the unloading is
    /// beyond doubt.
    package var loads = 0
    package var certainLoads = 0
    /// Different places at which these loads were dropped, and how many of them are registered sites.
    package var sites = 0
    package var registeredSites = 0
    /// Visits by a truck that came from a plant, and so was loaded.
    package var arrivedLoaded = 0
    /// Visits by an empty truck that then went to a plant.
    package var wentToPlant = 0
    /// Visits with neither before nor after.
    package var aimless = 0
    /// Halts here and close by of a truck that came back to a spot which it had left for another one close by, between
    /// the two or at the end; and on how many days of a truck.
    package var shuttles = 0
    package var shuttleDays = 0
    /// Seconds that a load (without any, a visit) took: a tenth, half, nine tenths took no longer.
    package var dwellShort = 0.0
    package var dwellMedian = 0.0
    package var dwellLong = 0.0
    /// Visits of mixers longer than a load takes.
    package var longVisits = 0
    /// Loads by the hour of the clock in China in which they began.
    package var hours = [Int](repeating: 0, count: 24)
    /// Visits at which drum or load sensor would have shown it: in all, with a load taken, with a discharge.
    package var heard = 0
    package var heardLoads = 0
    package var heardDischarges = 0
    /// Of these, without either, where the truck's sensors are known to show loads; `nil`: none, or not counted yet.
    package var heardNothing: Int?
    /// Bulk cement tankers that stood as long as they take to unload: visits and trucks.
    package var tankerVisits = 0
    package var tankers = 0
    /// Other visits of tankers, and visits of mortar trucks.
    package var otherVisits = 0
    /// The nearest plant that may supply, by its fence; `nil` without a register.
    package var nearestPlant: Neighbour?
    /// Metres from the middle within which nine tenths of these halts lie.
    package var spread = 0.0
    package var firstSeen = Instant.distantFuture
    package var lastSeen = Instant.distantPast

    /// Where the trucks of these loads also halted, on half of the trips or more, and are taken to have waited; `nil`:
    /// nowhere.
    package var companions: [Companion]?

    package init() {}

    /// A place where trucks halt on the same trips.
    package struct Companion: Hashable, Sendable, Codable {
        package var coordinate: Coordinate
        /// How far it is from here.
        package var metres: Double
        /// Trips that touched both.
        package var trips: Int
        /// Whether trucks halt there first.
        package var isBefore: Bool
        /// Whether the load may as well have been taken there.
        package var isOpen: Bool
    }

    /// Whether this is the plant, or another place where the same trucks halt, cannot be told.
    package var isOneOfTwo: Bool { self.companions?.contains(where: \.isOpen) ?? false }

    /// A licensed plant and how far it is.
    package struct Neighbour: Hashable, Sendable, Codable {
        package var plantID: String
        package var name: String
        package var metres: Double
    }

    /// Share of the visits that say anything which were loads.
    package var loadShare: Double {
        let others = Double(self.arrivedLoaded + self.wentToPlant) + Double(self.aimless) / 2
        return self.loads > 0 ? Double(self.loads) / (Double(self.loads) + others) : 0
    }

    package var visitsPerTruckDay: Double {
        self.truckDays > 0 ? Double(self.visits) / Double(self.truckDays) : 0
    }

    /// Share of the loads between 22:00 and 06:00.
    package var nightShare: Double {
        let night = self.hours.enumerated().reduce(0) { $0 + (($1.offset >= 22 || $1.offset < 6) ? $1.element : 0) }
        return self.loads > 0 ? Double(night) / Double(self.loads) : 0
    }
}
