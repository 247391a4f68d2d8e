package import Chronology

/// What a truck really drove on one day of the city (04:00 to 04:00), and how its right camera really was meanwhile.
package struct TruthExposure: Hashable, Sendable {
    package var plate: String
    package var terminal: String
    package var dayStart: Instant
    package var metres: Double
    /// Seconds of driving faster than walking.
    package var movingSeconds: Int
    /// Of them, those with the first camera in order; `nil` for a truck that reports none.
    package var cameraOkSeconds: Int?

    static let walkingSpeed = 5.0 / 3.6
}

extension SimulatedCity {
    /// The truth about day `day`, counted from 0, truck by truck; none after the plan's last day.
    package func exposure(ofDay day: Int) -> [TruthExposure] {
        self.days(day).map { truckDay in
            let truck = self.city.trucks[truckDay.truck]
            let episodes = CameraRecorder.truth(truckDay, of: truck, plan: self.plan)
            var truth = TruthExposure(
                plate: truck.plate, terminal: truck.terminal, dayStart: self.plan.start(ofDay: day),
                metres: truckDay.metres, movingSeconds: 0, cameraOkSeconds: episodes.map { _ in 0 })
            var segment = 0
            for second in 0..<TruckDay.length {
                guard truckDay.state(at: second, from: &segment).speed > TruthExposure.walkingSpeed else { continue }
                truth.movingSeconds += 1
                if let episodes, !episodes.contains(where: { $0.contains(second) }) {
                    truth.cameraOkSeconds = (truth.cameraOkSeconds ?? 0) + 1
                }
            }
            return truth
        }
    }
}

/// `truth-exposure.csv`.
extension TruthExposure {
    package static func csv(_ days: [TruthExposure]) -> String {
        var writer = CommaSeparatedWriter(header: [
            "plate", "terminal", "day_start", "km", "moving_seconds", "camera_ok_seconds",
        ])
        for day in days {
            writer.append([
                day.plate, day.terminal, day.dayStart.description, (day.metres / 1000).description,
                day.movingSeconds.description, day.cameraOkSeconds?.description ?? "",
            ])
        }
        return writer.text
    }
}
