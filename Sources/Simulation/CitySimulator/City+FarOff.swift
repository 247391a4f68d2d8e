/// Ways that nobody takes.
extension City {
    /// Seconds of driving that such a way costs.
    private static let detour = 300.0...1500.0
    /// Metres off the usual ways, and of the way there, that make it one: more than the rule asks for.
    private static let distance = 800.0
    private static let length = 2500.0

    /// A known place so far off the two usual ways between two facilities that the way through it is none of them;
    /// the first that there is.
    func placeFarOff(from: Int, to: Int) -> Int? {
        let usual = [0, 1].map { mood in self.centrePath(from: from, to: to, mood: mood) }
        let direct = self.freeSeconds(from: from, to: to)
        return self.facilities.indices.first { place in
            guard [.parking, .fuel, .wash, .depot].contains(self.facilities[place].kind) else { return false }
            let through = self.freeSeconds(from: from, to: place) + self.freeSeconds(from: place, to: to)
            guard Self.detour.contains(through - direct) else { return false }
            return [0, 1].allSatisfy { mood in
                self.metres(of: self.centrePath(from: from, to: place, mood: mood), off: usual) >= Self.length
            }
        }
    }

    private func centrePath(from: Int, to: Int, mood: Int) -> DrivePath {
        self.path(
            from: from, self.facilities[from].yard.spot(aside: 0, deep: 0.5), to: to,
            self.facilities[to].yard.spot(aside: 0, deep: 0.5), mood: mood)
    }

    /// Metres at the end of a path that lie off all the others.
    private func metres(of path: DrivePath, off others: [DrivePath]) -> Double {
        var metres = path.length
        while metres > 0, others.allSatisfy({ $0.distance(to: path.point(at: metres).point) > Self.distance }) {
            metres -= 100
        }
        return path.length - metres
    }
}

extension DrivePath {
    /// Metres from a point to the line.
    fileprivate func distance(to point: Point) -> Double {
        zip(self.points, self.points.dropFirst()).map { point.distance(toSegment: $0, $1) }.min() ?? .infinity
    }
}
