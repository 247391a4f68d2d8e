package import Geodesy
package import Tracks

/// Asks whether the fences of an import were declared in the right coordinate system, before they accuse a city: a
/// list exported from AMap and declared as WGS-84 puts every plant half a kilometre beside the trucks' halts.
///
/// In: the fences as they were converted from the declared system, and halts of the fleet. Out: how well the halts fit
/// when the same numbers are read in each of the three systems, and a question where another one fits far better.
/// Nothing is changed by it; a person answers.
package struct CoordinateCheck: Sendable {
    private let parameters: AnalysisParameters.CoordinateFit

    package init(_ parameters: AnalysisParameters.CoordinateFit = .init()) {
        self.parameters = parameters
    }

    /// - Parameters:
    ///   - fences: of one import, all declared in the same system, on WGS-84 as that declaration has them.
    ///   - declared: the system they were declared in.
    ///   - halts: where trucks stood, in any order.
    package func run(_ fences: [Fence], declared: CoordinateSystem, halts: [Coordinate]) -> CoordinateFits {
        let fits = CoordinateSystem.allCases.map { system in
            self.fit(fences.map { $0.reread(declared: declared, as: system) }, system, halts)
        }
        return CoordinateFits(
            declared: declared, fences: fences.count, halts: halts.count, fits: fits,
            likely: self.likely(fits, declared))
    }

    private func fit(_ fences: [Fence], _ system: CoordinateSystem, _ halts: [Coordinate]) -> CoordinateFits.Fit {
        let index = FenceIndex(fences)
        var halted = [Int](repeating: 0, count: fences.count)
        var inside = 0
        for halt in halts {
            let found = index.containing(halt)
            if !found.isEmpty { inside += 1 }
            for fence in found { halted[fence] += 1 }
        }
        return CoordinateFits.Fit(
            system: system, halts: inside, fences: halted.count { $0 >= self.parameters.haltsOfFence })
    }

    /// The system that fits far better than the declared one, by halts and by fences; `nil`: no question.
    private func likely(_ fits: [CoordinateFits.Fit], _ declared: CoordinateSystem) -> CoordinateSystem? {
        guard let own = fits.first(where: { $0.system == declared }) else { return nil }
        let better = fits.filter { fit in
            fit.system != declared && fit.halts >= self.parameters.fewestHalts
                && fit.fences >= self.parameters.fewestFences
                && Double(fit.halts) > self.parameters.factor * Double(own.halts)
                && Double(fit.fences) >= self.parameters.fenceFactor * Double(own.fences)
        }
        return better.max { ($0.halts, $0.fences) < ($1.halts, $1.fences) }?.system
    }
}

/// How well an import's fences fit the halts of the fleet, read in each coordinate system.
package struct CoordinateFits: Hashable, Sendable, Codable {
    package var declared: CoordinateSystem
    /// How many fences and halts were compared.
    package var fences: Int
    package var halts: Int
    package var fits: [Fit]
    /// The system that fits far better than the declared one; `nil`: nothing to ask.
    package var likely: CoordinateSystem?

    package init(
        declared: CoordinateSystem, fences: Int, halts: Int, fits: [Fit], likely: CoordinateSystem?
    ) {
        self.declared = declared
        self.fences = fences
        self.halts = halts
        self.fits = fits
        self.likely = likely
    }

    /// One reading.
    package struct Fit: Hashable, Sendable, Codable {
        package var system: CoordinateSystem
        /// Halts inside any fence, and fences with at least a few halts.
        package var halts: Int
        package var fences: Int

        package init(system: CoordinateSystem, halts: Int, fences: Int) {
            self.system = system
            self.halts = halts
            self.fences = fences
        }
    }

    /// The question to the person who imports, with the figures; `nil` where there is nothing to ask.
    package var question: Statement? {
        guard let likely = self.likely, let own = self.fits.first(where: { $0.system == self.declared }),
            let other = self.fits.first(where: { $0.system == likely })
        else { return nil }
        let (was, now) = (self.declared.wording, likely.wording)
        return Statement(
            zh: "导入的围栏声明为 \(was)，但按 \(now) 解读明显更符合车辆停留：\(self.halts) 次停留中，按 \(was) 有 \(own.halts) 次"
                + "落入围栏（\(own.fences)/\(self.fences) 个围栏有车停留），按 \(now) 有 \(other.halts) 次（\(other.fences)/\(self.fences) 个）。"
                + "请确认坐标系，必要时在 coordinates 列改填 \(likely.rawValue) 后重新导入。",
            en: "The imported fences are declared as \(was), but read as \(now) they fit the trucks' halts far better: "
                + "of \(self.halts) halts \(own.halts) lie in a fence as \(was) (\(own.fences) of \(self.fences) fences "
                + "are used), \(other.halts) as \(now) (\(other.fences) of \(self.fences)). Check the source; if so, put "
                + "\(likely.rawValue) into the column coordinates and import again.")
    }
}

extension CoordinateSystem {
    fileprivate var wording: String {
        switch self {
        case .wgs84: "WGS-84"
        case .gcj02: "GCJ-02"
        case .bd09: "BD-09"
        }
    }
}
