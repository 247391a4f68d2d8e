package import Chronology

/// What the drum and the load sensor said over a stretch of time: whether something was taken or discharged there.
package struct CarryingEvidence: Codable, Hashable, Sendable {
    /// Seconds in which the drum's state is known.
    package private(set) var drumKnownSeconds = 0.0
    package private(set) var dischargeSeconds = 0.0
    /// When the drum was first heard turning back.
    package private(set) var firstDischarge: Instant?
    /// Reports of a drum turning back; `nil`: none, or written down before they were counted.
    package private(set) var dischargeReports: Int?
    /// Seconds of fast forward turning.
    package private(set) var loadingSeconds = 0.0
    /// Seconds of turning forward at any speed, and of turning back as fast as drums turn to be loaded; `nil`: none.
    package private(set) var forwardSeconds: Double?
    package private(set) var fastReverseSeconds: Double?
    /// Seconds of discharge that prove nothing, as the sensor is likely mounted the wrong way round; `nil`: nothing
    /// shows that it is.
    package private(set) var doubtedSeconds: Double?
    /// Load in kg at the first and at the last fix that names it.
    package private(set) var firstLoad: Int32?
    package private(set) var lastLoad: Int32?
    /// The load cell has read next to nothing with the ignition off since, which many cells do whatever is on the
    /// truck; `nil`: it has not, or what it read later tells.
    private var isLoadOpen: Bool?
    /// Seconds for which the ignition was off, each report's word held until the next; `nil`: none, or the truck drove
    /// off with it reported off, so that its word says nothing.
    package private(set) var engineOffSeconds: Double?

    package init() {}

    /// Takes in the time from `fix` to the next one, `seconds` later: a drum's word holds until it is heard again.
    package mutating func add(_ fix: Fix, until seconds: Double, _ parameters: AnalysisParameters.Evidence) {
        self.note(fix, parameters)
        if fix.ignition == false, seconds > 0 { self.engineOffSeconds = (self.engineOffSeconds ?? 0) + seconds }
        guard let drum = fix.drum, seconds > 0 else { return }
        let held = min(seconds, parameters.drumHold)
        self.drumKnownSeconds += held
        if Double(drum) <= parameters.dischargeSpeed * 10 {
            self.dischargeSeconds += held
            self.dischargeReports = (self.dischargeReports ?? 0) + 1
            if self.firstDischarge == nil { self.firstDischarge = fix.time }
        }
        if Double(drum) >= parameters.loadingSpeed * 10 { self.loadingSeconds += held }
        if Double(drum) >= -parameters.dischargeSpeed * 10 { self.forwardSeconds = (self.forwardSeconds ?? 0) + held }
        if Double(drum) <= -parameters.loadingSpeed * 10 {
            self.fastReverseSeconds = (self.fastReverseSeconds ?? 0) + held
        }
    }

    /// Takes in a fix that ends the stretch.
    package mutating func note(_ fix: Fix, _ parameters: AnalysisParameters.Evidence) {
        guard let load = fix.load else { return }
        guard Self.isTold(load, fix, parameters) else {
            self.isLoadOpen = true
            return
        }
        self.take(load)
    }

    /// Whether a load cell that reads so much has power.
    private static func isTold(_ load: Int32, _ fix: Fix, _ parameters: AnalysisParameters.Evidence) -> Bool {
        fix.ignition != false || Double(load) >= parameters.loadChange
    }

    /// Takes in the first fix after the stretch, so many seconds later: it tells what a load cell that read nothing
    /// with the ignition off leaves open, and whether the ignition is told at all.
    package mutating func leave(_ fix: Fix, after seconds: Double, _ parameters: AnalysisParameters.Evidence) {
        if fix.ignition == false { self.engineOffSeconds = nil }
        guard self.isLoadOpen == true, seconds <= parameters.loadHold, let load = fix.load,
            Self.isTold(load, fix, parameters)
        else { return }
        self.take(load)
    }

    private mutating func take(_ load: Int32) {
        if self.firstLoad == nil { self.firstLoad = load }
        self.lastLoad = load
        self.isLoadOpen = nil
    }

    package mutating func merge(_ later: CarryingEvidence) {
        self.drumKnownSeconds += later.drumKnownSeconds
        self.dischargeSeconds += later.dischargeSeconds
        self.firstDischarge = self.firstDischarge ?? later.firstDischarge
        if let reports = later.dischargeReports { self.dischargeReports = (self.dischargeReports ?? 0) + reports }
        self.loadingSeconds += later.loadingSeconds
        if let seconds = later.forwardSeconds { self.forwardSeconds = (self.forwardSeconds ?? 0) + seconds }
        if let seconds = later.fastReverseSeconds { self.fastReverseSeconds = (self.fastReverseSeconds ?? 0) + seconds }
        if let seconds = later.doubtedSeconds { self.doubtedSeconds = (self.doubtedSeconds ?? 0) + seconds }
        if let seconds = later.engineOffSeconds { self.engineOffSeconds = (self.engineOffSeconds ?? 0) + seconds }
        self.firstLoad = self.firstLoad ?? later.firstLoad
        self.lastLoad = later.lastLoad ?? self.lastLoad
        if later.lastLoad != nil || later.isLoadOpen != nil { self.isLoadOpen = later.isLoadOpen }
    }

    /// The same where nobody can tell which way the drum turned: as if it had not been heard.
    package var withoutDirection: CarryingEvidence {
        var evidence = CarryingEvidence()
        (evidence.firstLoad, evidence.lastLoad, evidence.isLoadOpen) = (self.firstLoad, self.lastLoad, self.isLoadOpen)
        evidence.engineOffSeconds = self.engineOffSeconds
        evidence.doubtedSeconds = (self.doubtedSeconds ?? 0) + self.dischargeSeconds
        return evidence
    }

    /// Kilograms gained (positive) or lost; `nil` without a load sensor, and where its last word is open.
    package var loadChange: Double? {
        guard self.isLoadOpen != true, let first = self.firstLoad, let last = self.lastLoad else { return nil }
        return Double(last) - Double(first)
    }
}
