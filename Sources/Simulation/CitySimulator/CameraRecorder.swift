/// What the cameras of one truck say on one day: on every change, and every five minutes while the engine runs.
enum CameraRecorder {
    private static let interval = 300

    static func record(_ truckDay: TruckDay, of truck: Truck, plan: CityPlan) -> [CameraSample] {
        guard plan.hasCameras, !truck.habits.cameras.isEmpty else { return [] }
        var random = SplitMix64(seed: plan.seed, for: .camera, truck: truck.number, day: truckDay.day)
        let faults = TerminalFaults(truck: truck, day: truckDay.day, plan: plan)
        let episodes = truck.habits.cameras.map { _ in Self.episodes(plan: plan, using: &random) }
        func states(at second: Int) -> [CameraSample.State] {
            episodes.map { $0.first { $0.seconds.contains(second) }?.state ?? .ok }
        }
        var seconds = episodes.joined().flatMap { [$0.seconds.lowerBound, $0.seconds.upperBound] }
        var next = random.integer(0...Self.interval - 1)
        while next < TruckDay.length {
            seconds.append(next)
            next += Self.interval + random.integer(-10...10)
        }
        seconds.sort()
        var samples: [CameraSample] = []
        var segment = 0
        for second in seconds where second < TruckDay.length && Int(samples.last?.second ?? -1) < second {
            let state = truckDay.state(at: second, from: &segment)
            guard state.activity.isIgnitionOn, !faults.isSilent(at: second), !truckDay.isDark(at: second) else {
                continue
            }
            samples.append(CameraSample(second: Int32(second), states: states(at: second)))
        }
        return samples
    }

    /// The seconds in which the first camera is not in order; `nil` for a truck that reports none.
    static func truth(_ truckDay: TruckDay, of truck: Truck, plan: CityPlan) -> [Range<Int>]? {
        guard plan.hasCameras, !truck.habits.cameras.isEmpty else { return nil }
        return Self.episodes(truckDay, of: truck, plan: plan).map(\.seconds)
    }

    /// What is wrong with the first camera, and when.
    static func episodes(_ truckDay: TruckDay, of truck: Truck, plan: CityPlan) -> [Episode] {
        guard plan.hasCameras, !truck.habits.cameras.isEmpty else { return [] }
        var random = SplitMix64(seed: plan.seed, for: .camera, truck: truck.number, day: truckDay.day)
        return truck.habits.cameras.map { _ in Self.episodes(plan: plan, using: &random) }.first ?? []
    }

    /// A stretch of time with one state of the camera.
    struct Episode {
        var seconds: Range<Int>
        var state: CameraSample.State
    }

    /// Most cameras are fine all day; some are lost for minutes, dirty for hours, or broken.
    private static func episodes(plan: CityPlan, using random: inout SplitMix64) -> [Episode] {
        let roll = random.unit()
        guard plan.hasFaults, roll < 0.12 else { return [] }
        let start = random.integer(3600...14 * 3600)
        if roll < 0.06 { return [Episode(seconds: start..<start + random.integer(60...900), state: .lost)] }
        if roll < 0.1 { return [Episode(seconds: start..<start + random.integer(900...14_400), state: .occluded)] }
        return [Episode(seconds: 0..<TruckDay.length, state: .fault)]
    }
}
