/// Companies beside each other without a ranking: each has its place in the funnel and a rate drawn towards that of
/// all.
package struct CompanyFunnel: Hashable, Sendable {
    /// One company's point of the funnel.
    package struct Point: Hashable, Sendable {
        package var name: String
        package var observed: Observation
        /// What it would have with the rate of all.
        package var expected: Double?
        package var place: FunnelPlot.Place
        package var warning: Interval?
        package var action: Interval?
        /// Per unit of exposure, shrunk.
        package var shrunkRate: Double?

        /// `nil` where nobody counted, which is not 0.
        package var count: Int? { self.observed.isCounted ? self.observed.count : nil }

        /// Why it has no place.
        package var reason: SafetyStatement? {
            guard self.place == .undefined else { return nil }
            guard self.observed.isCounted else {
                return self.observed.otherWindow.map {
                    SafetyStatement(zh: "上报的死亡人数按 \($0) 日内统计", en: "its deaths were reported within \($0) days")
                } ?? SafetyStatement(zh: "无人统计，不是 0", en: "nobody counted, which is not 0")
            }
            guard self.observed.measuredExposure != nil else {
                return SafetyStatement(zh: "没有暴露量", en: "no exposure is known")
            }
            guard self.observed.isWellSeen else {
                return SafetyStatement(zh: "暴露量观测不足一半", en: "less than half of its exposure was seen")
            }
            return SafetyStatement(zh: "各企业合计为 0，没有期望", en: "all companies together had none")
        }
    }

    /// Of the companies whose exposure was seen to half or more. All accidents over a part of the kilometres would
    /// raise it for everybody, and with it what all others are expected to have.
    package let overallRate: Double?
    /// How many companies it is made of.
    package let included: Int
    /// How many were left out as too little of their exposure was seen.
    package let leftOut: Int
    /// In the order of the names: never in the order of the rates.
    package let points: [Point]

    package init(_ observations: [String: Observation]) {
        let names = observations.keys.sorted()
        let all = names.compactMap { observations[$0] }
        // Without exposure a unit has no part in the figures of the others.
        let bayes = EmpiricalBayes(
            all.map { EmpiricalBayes.Unit(count: $0.count, exposure: Self.comparableExposure($0) ?? 0) })
        self.overallRate = bayes?.overall
        self.included = all.count { Self.comparableExposure($0) != nil }
        self.leftOut = all.count { $0.isCounted && $0.measuredExposure != nil && !$0.isWellSeen }
        self.points = zip(names, all).enumerated().map { index, pair in
            let expected = Self.comparableExposure(pair.1).flatMap { exposure in
                bayes.map { exposure * $0.overall }
            }
            return Point(
                name: pair.0, observed: pair.1, expected: expected,
                place: expected.map { FunnelPlot.place(count: pair.1.count, expected: $0) } ?? .undefined,
                warning: expected.flatMap { FunnelPlot.limits(expected: $0) },
                action: expected.flatMap { FunnelPlot.limits(expected: $0, probability: 0.998) },
                shrunkRate: bayes?.rates[index])
        }
    }

    /// Of a company that somebody counted, whose exposure is known and was seen to half or more.
    private static func comparableExposure(_ observed: Observation) -> Double? {
        observed.isCounted && observed.isWellSeen ? observed.measuredExposure : nil
    }
}

extension CompanyFunnel {
    /// Who lies outside what chance does, with how much of its exposure was seen: all accidents over a part of the
    /// kilometres look like too many.
    package var sentence: SafetyStatement {
        let finding = self.finding
        guard self.leftOut > 0, self.included > 0 else { return finding }
        let are = self.leftOut == 1 ? "is" : "are"
        return SafetyStatement(
            zh: finding.zh + "合计率由暴露量观测过半的 \(self.included) 家算出；另有 \(self.leftOut) 家不足一半，不计入、不判断。",
            en: finding.en
                + " The rate of all is that of the \(self.included) whose exposure was seen to half or more; "
                + "\(self.leftOut) of which less was seen \(are) left out and not judged."
        )
    }

    private var finding: SafetyStatement {
        guard self.points.contains(where: { $0.place != .undefined }) else {
            return SafetyStatement(
                zh: "没有企业可以比较：没有数据不等于都正常。",
                en: "There is no company to compare: without figures nothing is known to be as usual.")
        }
        guard self.included > 1 else {
            return SafetyStatement(
                zh: "只有一家企业可以比较，合计就是它自己：漏斗图说明不了什么。",
                en: "Only one company can be compared, and the rate of all is its own: the funnel says nothing of it.")
        }
        let high = self.names { $0 == .farMore || $0 == .noticeablyMany }
        let low = self.names { $0 == .farFewer || $0 == .noticeablyFew }
        guard high != nil || low != nil else {
            return SafetyStatement(
                zh: "可比的企业都在随机波动范围之内：彼此的差别不能说明好坏，不排名。",
                en: "Every company that can be compared lies within what chance alone does: their differences say "
                    + "nothing, and there is no ranking.")
        }
        let zh = [high.map { "高于随机波动范围：\($0.zh)" }, low.map { "低于随机波动范围：\($0.zh)" }].compactMap { $0 }
        let en = [high.map { "above what chance does: \($0.en)" }, low.map { "below it: \($0.en)" }].compactMap { $0 }
        return SafetyStatement(
            zh: zh.joined(separator: "；") + "（括号内为暴露量观测份额）。二十家中约有一家会偶然落在 95% 线之外，应先核实暴露量。",
            en: "Outside the funnel, " + en.joined(separator: "; ")
                + " (with the share of the exposure that was seen). One company in twenty lies outside the 95 % limits by "
                + "chance: check its exposure first.")
    }

    private func names(where isMeant: (FunnelPlot.Place) -> Bool) -> (zh: String, en: String)? {
        let names = self.points.filter { isMeant($0.place) }.map { point in
            "\(point.name) (\(point.observed.coverage.map(FigureText.percent) ?? "—"))"
        }
        return names.isEmpty ? nil : (names.joined(separator: "、"), names.joined(separator: ", "))
    }
}
