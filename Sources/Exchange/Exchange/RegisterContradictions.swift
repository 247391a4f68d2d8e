import Registers

/// What a row says against itself. It is taken all the same, with a warning: which of the two is wrong only whoever
/// reported it knows.
extension Accident {
    /// The severity against the deaths and injuries. Where only one of the two windows fits, the class was told by it.
    var contradiction: Remark? {
        guard let severity else { return nil }
        let counts = [self.deathsWithin7Days, self.deathsWithin30Days].compactMap { $0 }
        let name = severity.rawValue
        if !counts.isEmpty, !counts.contains(where: severity.deaths.contains), !self.mayStillDie(severity) {
            let told = counts.map { String($0) }.joined(separator: "/")
            return Remark(
                zh: "等级 \(name) 与死亡人数 \(told) 矛盾：率按死亡人数计，请核对",
                en: "the class \(name) contradicts the number of deaths (\(told)): rates go by the deaths; please check"
            )
        }
        if severity == .property, let injuries, injuries > 0 {
            return Remark(
                zh: "等级 property（财产损失）与受伤人数 \(injuries) 矛盾，请核对",
                en: "the class property contradicts the injured (\(injuries)); please check")
        }
        return nil
    }

    /// Nobody dead after 7 days, and nobody counted later: the class may be about a later death.
    private func mayStillDie(_ severity: Severity) -> Bool {
        severity.isFatal && self.deathsWithin30Days == nil
            && (self.deathsWithin7Days ?? 0) < severity.deaths.lowerBound
    }
}

extension Baseline {
    /// Deaths against the accidents in which they were, and deaths of a window that is not named.
    var contradiction: Remark? {
        guard let deaths else { return nil }
        if let fatalAccidents, fatalAccidents > deaths || (fatalAccidents == 0 && deaths > 0) {
            return Remark(
                zh: "死亡人数 \(deaths) 与死亡事故 \(fatalAccidents) 起矛盾，请核对",
                en: "\(deaths) deaths contradict \(fatalAccidents) fatal accidents; please check")
        }
        guard self.deathWindowDays == nil else { return nil }
        return Remark(
            zh: "未注明死亡统计天数（death_window_days），按公安口径 7 日内计",
            en: "death_window_days is not named: taken for the police's 7 days")
    }
}
