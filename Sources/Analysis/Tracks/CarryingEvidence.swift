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
    /// When the load cell first read next to nothing after it had read a load, with the ignition on; `nil`: it did not,
    /// the load showed again, or it was written down before this was.
    package private(set) var emptiedAt: Instant?
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
            // With power it read nothing before, so that nothing without power is no news.
            if self.emptiedAt == nil { self.isLoadOpen = true }
            return
        }
        self.take(load, of: fix, parameters)
    }

    /// Whether a load cell that reads so much has power.
    private static func isTold(_ load: Int32, _ fix: Fix, _ parameters: AnalysisParameters.Evidence) -> Bool {
        fix.ignition != false || Double(load) >= parameters.loadChange
    }

    /// Takes in the first fix after the stretch, so many seconds later: it tells what a load cell that read nothing
    /// with the ignition off leaves open, whether a load that seemed to be lost shows again (a suspension that was let
    /// down while the truck stood), and whether the ignition is told at all.
    package mutating func leave(_ fix: Fix, after seconds: Double, _ parameters: AnalysisParameters.Evidence) {
        if fix.ignition == false { self.engineOffSeconds = nil }
        guard seconds <= parameters.loadHold, let load = fix.load, Self.isTold(load, fix, parameters),
            self.isLoadOpen == true || self.showsAgain(load, parameters)
        else { return }
        self.take(load, of: fix, parameters)
    }

    /// Whether so much of a load that seemed to be lost is on the truck again.
    private func showsAgain(_ load: Int32, _ parameters: AnalysisParameters.Evidence) -> Bool {
        guard let change = self.loadChange, change <= -parameters.loadChange, let last = self.lastLoad else {
            return false
        }
        return Double(load) - Double(last) >= parameters.loadChange
    }

    private mutating func take(_ load: Int32, of fix: Fix, _ parameters: AnalysisParameters.Evidence) {
        let first = self.firstLoad ?? load
        self.firstLoad = first
        self.lastLoad = load
        self.isLoadOpen = nil
        if Double(load) >= parameters.loadChange {
            self.emptiedAt = nil
        } else if self.emptiedAt == nil, fix.ignition == true, Double(first) >= parameters.loadChange {
            self.emptiedAt = fix.time
        }
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
        self.mergeLoad(later)
    }

    private mutating func mergeLoad(_ later: CarryingEvidence) {
        let first = self.firstLoad ?? later.firstLoad
        if let last = later.lastLoad {
            self.isLoadOpen = later.isLoadOpen
            if later.emptiedAt != nil || Double(last) > Double(first ?? last) / 2 { self.emptiedAt = later.emptiedAt }
            self.lastLoad = last
        } else if later.isLoadOpen != nil, self.emptiedAt == nil {
            self.isLoadOpen = later.isLoadOpen
        }
        self.firstLoad = first
    }

    /// The same where nobody can tell which way the drum turned: as if it had not been heard.
    package var withoutDirection: CarryingEvidence {
        var evidence = CarryingEvidence()
        (evidence.firstLoad, evidence.lastLoad, evidence.isLoadOpen) = (self.firstLoad, self.lastLoad, self.isLoadOpen)
        (evidence.engineOffSeconds, evidence.emptiedAt) = (self.engineOffSeconds, self.emptiedAt)
        evidence.doubtedSeconds = (self.doubtedSeconds ?? 0) + self.dischargeSeconds
        return evidence
    }

    /// Kilograms gained (positive) or lost; `nil` without a load sensor, and where its last word is open.
    package var loadChange: Double? {
        guard self.isLoadOpen != true, let first = self.firstLoad, let last = self.lastLoad else { return nil }
        return Double(last) - Double(first)
    }
}
