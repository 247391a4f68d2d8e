import Chronology

/// What to be careful about with a rate.
extension RateSentences {
    /// A count below this moves by chance alone as much as most measures move it.
    package static let smallCount = 5
    private static let usualCoverage = 0.9

    package static func cautions(_ rate: AccidentRate) -> [SafetyStatement] {
        guard rate.isCounted else { return [] }
        var cautions = Self.ofTheCount(rate)
        cautions += Self.ofTheDeaths(rate)
        cautions += Self.ofTheExposure(rate)
        return cautions + [Self.ofTheDistrict(rate)].compactMap { $0 }
    }

    /// A district's accidents are those of its streets, its kilometres those of its companies' trucks.
    private static func ofTheDistrict(_ rate: AccidentRate) -> SafetyStatement? {
        guard case .district = rate.scope, rate.card.exposureSource == .telemetry else { return nil }
        return SafetyStatement(
            zh: "区县的事故按登记所写的区县（多为发生地），未写的按车辆所属企业；暴露量只是本区县企业的车辆：外区县车辆在此的事故、"
                + "本区县车辆在外的事故会使率偏高或偏低。",
            en:
                "A district's accidents are those registered with its name (mostly where they happened), else those of its "
                + "companies' trucks; its exposure is that of its companies' trucks alone. Accidents of others' trucks here, "
                + "and of its own elsewhere, make the rate too high or too low.")
    }

    private static func ofTheCount(_ rate: AccidentRate) -> [SafetyStatement] {
        var cautions: [SafetyStatement] = []
        let counts = [rate.count, rate.baseline?.count ?? rate.count]
        if counts.contains(where: { $0 < Self.smallCount }) {
            cautions.append(
                SafetyStatement(
                    zh: "数量很小：变化可能只是偶然，请看区间，不要只看百分比。",
                    en: "The counts are small: the change may be chance alone; read the interval, not the percentage."))
        }
        cautions += Self.begun(rate)
        if rate.card.numerator.isDeaths {
            cautions.append(
                SafetyStatement(
                    zh: "死亡人数成簇出现（一起事故可能死亡多人），区间偏窄；方法对事故数和死亡事故数才是精确的。",
                    en:
                        "Deaths come in clusters (one accident may kill several), so the interval is too narrow; the method is exact "
                        + "for accidents and fatal accidents."))
        }
        if rate.target?.restsOnPrior ?? false {
            cautions.append(
                SafetyStatement(
                    zh: "基准年数量为 0：达标概率只依据先验假设 Gamma(½, 0)，数据本身没有给出比值。",
                    en:
                        "The baseline count is 0: the probability rests on the prior Gamma(½, 0); the data give no ratio."
                ))
        }
        return cautions
    }

    /// A register that began within the period, or within the baseline year: what was before, nobody may have counted.
    private static func begun(_ rate: AccidentRate) -> [SafetyStatement] {
        var cautions: [SafetyStatement] = []
        if let day = rate.observation.countedSince {
            cautions.append(
                SafetyStatement(
                    zh: "事故登记中最早的一起在 \(day)：此前可能无人登记，数量可能偏低，率可能偏低，降幅可能偏大。",
                    en:
                        "The register's first accident is of \(day): before it nobody may have kept it, so the count and "
                        + "the rate may be too low, and the fall too large."))
        }
        if let day = rate.baseline?.countedSince {
            cautions.append(
                SafetyStatement(
                    zh: "基准年的事故登记中最早的一起在 \(day)：此前可能无人登记，基准率可能偏低，降幅可能偏小。",
                    en:
                        "The register's first accident is of \(day), within the baseline year: before it nobody may have "
                        + "kept it, so the baseline's rate may be too low, and the fall too small."))
        }
        return cautions
    }

    private static func ofTheExposure(_ rate: AccidentRate) -> [SafetyStatement] {
        var cautions = [Self.methods(rate), Self.scaled(rate)].compactMap { $0 }
        if let coverage = rate.coverage, coverage < Self.usualCoverage {
            let share = FigureText.part(coverage)
            cautions.append(
                SafetyStatement(
                    zh: "暴露量只观测到\(share.zh)：未观测部分没有补算，率可能偏高。",
                    en:
                        "Of the exposure, \(share.en) was seen; the rest is not made up for, so the rate may be too high."
                ))
        }
        if let coverage = rate.baseline?.coverage, coverage < Self.usualCoverage {
            let share = FigureText.part(coverage)
            cautions.append(
                SafetyStatement(
                    zh: "基准年的暴露量只观测到\(share.zh)：基准率可能偏高，降幅可能偏大。",
                    en:
                        "Of the baseline's exposure, \(share.en) was seen: its rate may be too high, and the fall too large."
                ))
        }
        return cautions
    }

    /// The windows of the deaths, and what is not known of them.
    private static func ofTheDeaths(_ rate: AccidentRate) -> [SafetyStatement] {
        guard rate.card.numerator != .accidents else { return [] }
        let year = rate.card.baselineYear.map { String($0) } ?? ""
        return [Self.windows(rate)].compactMap { $0 }
            + Self.open(rate.observation.openDeaths, rate.card, zh: "", en: "")
            + Self.open(
                rate.baseline?.openDeaths ?? OpenDeaths(), rate.card, zh: "基准年 \(year)：", en: "Baseline \(year): ")
    }

    /// Fatal accidents by another window than the card's. The shorter one finds fewer.
    private static func windows(_ rate: AccidentRate) -> SafetyStatement? {
        let wanted = rate.card.deathWindowDays
        let (now, before) = (rate.observation.otherWindow ?? wanted, rate.baseline?.otherWindow ?? wanted)
        guard now != wanted || before != wanted else { return nil }
        guard rate.baseline != nil, now != before else {
            return SafetyStatement(
                zh: "上报的死亡事故按 \(now) 日内死亡统计（未注明的按 7 日），本口径为 \(wanted) 日内：数量可能偏低。",
                en:
                    "The fatal accidents as reported are those with a death within \(now) days (7 where the report does not say); "
                    + "this definition asks for \(wanted): the count may be too low.")
        }
        let isFlattering = now < before
        return SafetyStatement(
            zh: "死亡期限不同：基准年按 \(before) 日内死亡统计，本期按 \(now) 日内（上报未注明的按 7 日）；比值中含期限之差，降幅可能\(isFlattering ? "偏大" : "偏小")。",
            en:
                "The windows of death differ: the baseline counts accidents with a death within \(before) days, this period "
                + "within \(now) (7 where a report does not say). The ratio holds that difference, and the fall may be too "
                + "\(isFlattering ? "large" : "small").")
    }

    private static func open(
        _ open: OpenDeaths, _ card: DefinitionCard, zh: String, en: String
    ) -> [SafetyStatement] {
        var cautions: [SafetyStatement] = []
        let days = card.deathWindowDays
        func say(_ count: Int, _ zhText: String, _ enOne: String, _ enMany: String) {
            guard count > 0 else { return }
            cautions.append(
                SafetyStatement(
                    zh: zh + "\(count) 起" + zhText + "，数量可能偏低。",
                    en: en + "\(count) " + (count == 1 ? enOne : enMany) + ": the count may be too low."))
        }
        say(
            open.leftOut, "死亡事故未登记 \(days) 日内的死亡人数，未计入",
            "fatal accident without a number of deaths within \(days) days is left out",
            "fatal accidents without a number of deaths within \(days) days are left out")
        let (zhTaken, enTaken) =
            card.numerator.isDeaths
            ? ("事故只登记了 7 日内的死亡人数，以其代替 30 日内", "deaths within 7 days alone; they stand for those within 30")
            : (
                "事故只登记到 7 日内无人死亡，未计为 30 日内的死亡事故",
                "nobody dead after 7 days and nothing later, and is not counted as fatal"
            )
        say(
            open.byShorterWindow, zhTaken, "accident is registered with " + enTaken,
            "accidents are registered with "
                + enTaken.replacing(", and is not counted", with: ", and are not counted"))
        say(
            open.unclear, "事故既无死亡人数，等级也不能说明是否有人死亡，按无人死亡计",
            "accident has neither a number of deaths nor a class that says whether anybody died, and counts as none",
            "accidents have neither a number of deaths nor a class that says whether anybody died, and count as none")
        return cautions
    }

    /// Exposure of a part of a year that was reported of all of it.
    private static func scaled(_ rate: AccidentRate) -> SafetyStatement? {
        guard let days = rate.observation.scaledTo else { return nil }
        let words = rate.card.denominator.words
        return SafetyStatement(
            zh: "上报的\(words.zh)是全年数，该年只算到 \(rate.periodTo)：按已过天数 \(days.over)/\(days.all) 折算，并非当期实际数。",
            en:
                "The \(words.en) were reported of all of the year, which is told up to \(rate.periodTo): \(days.over) of "
                + "\(days.all) days' share is taken, and not what there really was in them.")
    }

    /// A reported baseline beside measured years, or the other way round: the ratio holds the difference
    /// of the methods.
    private static func methods(_ rate: AccidentRate) -> SafetyStatement? {
        guard rate.isOfTwoMethods else { return nil }
        let words = rate.card.denominator.words
        let measured: (zh: String, en: String) =
            switch rate.card.denominator {
            case .vehicleKilometres: ("由终端实测", "measured by the terminals")
            case .vehicles: ("按登记在册的车日折算", "reckoned from days in the register")
            case .volume: ("按发货单与满罐推算", "reckoned from tickets and full drums")
            }
        let reported: (zh: String, en: String) = ("为上报数", "reported")
        let isReportedNow = rate.observation.source == .reported
        let (before, now) = (isReportedNow ? measured : reported, isReportedNow ? reported : measured)
        return SafetyStatement(
            zh: "基准年的\(words.zh)\(before.zh)，本期\(now.zh)：方法不同，比值中也含方法之差，无法分开。",
            en:
                "The baseline's \(words.en) were \(before.en), this period's \(now.en): the methods differ, and the ratio holds "
                + "that difference as well.")
    }

    /// What has to be known of years that stand beside each other in one chart.
    /// - Parameter current: the year whose own cautions stand there already.
    package static func series(_ years: [AccidentRate], beside current: AccidentRate) -> [SafetyStatement] {
        let shown = years.filter { $0.rate != nil }
        var statements: [SafetyStatement] = []
        if Set(shown.compactMap(\.observation.source)).count > 1 {
            statements.append(
                SafetyStatement(
                    zh: "上报年份与实测年份的暴露量来源不同，不是同一序列：二者之间的升降不作结论。",
                    en:
                        "Reported and measured years have exposure of different origin and are no one series: nothing is concluded "
                        + "from a rise or fall between them."))
        }
        let other = shown.filter { $0.observation.otherWindow != nil }.map { String($0.periodFrom.year) }
        if !other.isEmpty, let days = shown.compactMap(\.observation.otherWindow).min(), let card = shown.first?.card {
            statements.append(
                SafetyStatement(
                    zh: "\(other.joined(separator: "、")) 年的死亡事故按 \(days) 日内死亡统计，其余按 \(card.deathWindowDays) 日内。",
                    en:
                        "The fatal accidents of \(other.joined(separator: ", ")) are those with a death within \(days) days, the "
                        + "others' within \(card.deathWindowDays)."))
        }
        let begun = shown.first { $0.periodFrom.year != current.periodFrom.year && $0.observation.countedSince != nil }
        if let begun, let day = begun.observation.countedSince {
            statements.append(
                SafetyStatement(
                    zh: "事故登记中最早的一起在 \(day)：\(begun.periodFrom.year) 年此前可能无人登记，该年数量可能偏低。",
                    en:
                        "The register's first accident is of \(day): before it nobody may have kept it, and the count of "
                        + "\(begun.periodFrom.year) may be too low."))
        }
        let others = shown.filter { $0.periodFrom.year != current.periodFrom.year }
        let open = others.filter { $0.observation.openDeaths.total > 0 }.map { String($0.periodFrom.year) }
        if !open.isEmpty {
            statements.append(
                SafetyStatement(
                    zh: "\(open.joined(separator: "、")) 年有事故的死亡人数不明，数量可能偏低。",
                    en:
                        "Accidents of \(open.joined(separator: ", ")) have deaths that are not known: their counts may be too low."
                ))
        }
        return statements
    }
}
