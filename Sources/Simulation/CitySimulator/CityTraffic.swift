import Chronology

/// The messages of all terminals in the order in which they are sent, made day by day as they are read. It holds the
/// reports of one day and the late messages of the day before, however long it runs; a copy reads on for itself.
package struct CityTraffic: Sequence, IteratorProtocol, Sendable {
    private let city: City
    /// The day to be made next.
    private var nextDay: Int
    /// Kilometres on each truck's clock when `nextDay` begins.
    private var odometers: [Double]
    private var today: DayReports?
    private var index = 0
    /// Messages of earlier days that are sent after their day's end; by time of sending.
    private var late: [TrafficMessage] = []
    private var lateIndex = 0
    /// Messages sent before this are left out.
    private let start: Instant

    init(city: City, from start: Instant) {
        self.city = city
        self.start = start
        self.nextDay = 0
        self.odometers = city.trucks.map(\.habits.odometerStart)
        // Late messages come at most a day late, so one day more than asked for is made.
        while city.plan.start(ofDay: self.nextDay + 2) <= start, self.hasNextDay { self.skipDay() }
    }

    private var hasNextDay: Bool { self.city.plan.days.map { self.nextDay < $0 } ?? true }

    package mutating func next() -> TrafficMessage? {
        while let message = self.nextOfAll() {
            if message.sent >= self.start { return message }
        }
        return nil
    }

    private mutating func nextOfAll() -> TrafficMessage? {
        while true {
            let lateMessage = self.lateIndex < self.late.count ? self.late[self.lateIndex] : nil
            let todaySent = self.today.flatMap { self.index < $0.envelopes.count ? $0.sent(self.index) : nil }
            // What a day not yet made sends comes after its start.
            let horizon = self.hasNextDay ? self.city.plan.start(ofDay: self.nextDay) : .distantFuture
            if let lateMessage, lateMessage.sent < horizon, todaySent.map({ lateMessage.sent <= $0 }) ?? true {
                self.lateIndex += 1
                return lateMessage
            }
            if let today, let todaySent, todaySent < horizon {
                defer { self.index += 1 }
                return today.message(self.index, city: self.city)
            }
            guard self.hasNextDay else { return nil }
            self.makeDay()
        }
    }

    /// Puts what is left of today aside and makes the next day. Every message of a day is sent after its start, so
    /// nothing that comes later belongs before what has been returned.
    private mutating func makeDay() {
        var rest = Array(self.late[self.lateIndex...])
        if let today {
            rest += (self.index..<today.envelopes.count).map { today.message($0, city: self.city) }
            // Both parts are sorted; equal times keep their order.
            rest = rest.enumerated().sorted { ($0.element.sent, $0.offset) < ($1.element.sent, $1.offset) }
                .map(\.element)
        }
        (self.late, self.lateIndex) = (rest, 0)
        self.today = DayReports(city: self.city, day: self.nextDay, odometers: &self.odometers)
        self.index = 0
        self.nextDay += 1
    }

    private mutating func skipDay() {
        for truck in self.city.trucks {
            self.odometers[truck.number] += DayBuilder.plan(truck, day: self.nextDay, in: self.city).metres / 1000
        }
        self.nextDay += 1
    }
}

/// All reports of one day, and the messages that carry them.
private struct DayReports: Sendable {
    private let start: Instant
    private var positions: [[Sample]] = []
    private var cameras: [[CameraSample]] = []
    private(set) var envelopes: [Envelope] = []

    init(city: City, day: Int, odometers: inout [Double]) {
        self.start = city.plan.start(ofDay: day)
        for truck in city.trucks {
            let truckDay = DayBuilder.plan(truck, day: day, in: city)
            let cheat = TerminalCheat(truckDay, of: truck, in: city)
            var positions = Recorder.record(
                truckDay, of: truck, plan: city.plan, odometer: odometers[truck.number], cheat: cheat)
            if let cheat { positions = cheat.tampered(positions, of: truck, day: day, in: city) }
            if let home = DriveHome(truckDay, of: truck, plan: city.plan) { positions = home.spoilt(positions) }
            odometers[truck.number] += truckDay.metres / 1000
            self.send(
                positions, CameraRecorder.record(truckDay, of: truck, plan: city.plan), of: truck, day, city.plan)
        }
        for stranger in city.strangers {
            let positions = Recorder.record(
                Stranger.day(day, of: stranger, in: city), of: stranger, plan: city.plan,
                odometer: stranger.habits.odometerStart)
            self.send(positions, [], of: stranger, day, city.plan)
        }
        self.envelopes.sort(by: Envelope.precedes)
    }

    private mutating func send(
        _ positions: [Sample], _ cameras: [CameraSample], of truck: Truck, _ day: Int, _ plan: CityPlan
    ) {
        var network = Network(truck: truck, day: day, plan: plan)
        network.send(.positions, seconds: positions.map(\.second))
        network.send(.cameras, seconds: cameras.map(\.second))
        self.envelopes += network.envelopes
        self.positions.append(positions)
        self.cameras.append(cameras)
    }

    func sent(_ index: Int) -> Instant {
        Instant(microseconds: self.start.microseconds + self.envelopes[index].sent)
    }

    func message(_ index: Int, city: City) -> TrafficMessage {
        let envelope = self.envelopes[index]
        let truck = Int(envelope.truck)
        let sender = truck < city.trucks.count ? city.trucks[truck] : city.strangers[truck - city.trucks.count]
        let habits = sender.habits
        let reports = Int(envelope.first)..<Int(envelope.first + envelope.count)
        let topic = "fleet/v1/" + sender.terminal
        return switch envelope.content {
        case .positions:
            TrafficMessage(
                sent: self.sent(index), topic: topic + "/position",
                payload: PayloadWriter.positions(
                    self.positions[truck][reports], habits: habits, dayStart: self.start))
        case .cameras:
            TrafficMessage(
                sent: self.sent(index), topic: topic + "/camera",
                payload: PayloadWriter.cameras(self.cameras[truck][reports], habits: habits, dayStart: self.start))
        }
    }
}
